"""HTTP of the developers' pages."""
