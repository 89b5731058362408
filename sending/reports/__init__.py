"""What became of an organization's messages, over days and countries."""
