"""What the pages about send tasks read."""
