"""What each page of the guard answers."""
