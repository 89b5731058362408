"""Files that people take away, written in the background however large they are."""
