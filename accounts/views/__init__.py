"""Pages under /settings/, one noun a file."""
