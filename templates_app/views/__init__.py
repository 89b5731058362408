"""Pages about signatures and text templates, one noun a file."""
