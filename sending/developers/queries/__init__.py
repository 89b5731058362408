"""What developers' pages read."""
