"""What operators read: rows of every organization, found by small tables and ranges of ids."""
