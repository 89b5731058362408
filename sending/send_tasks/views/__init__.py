"""HTTP of the pages about send tasks, one page a file."""
