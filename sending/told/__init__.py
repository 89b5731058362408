"""What was told to whom: the page of an organization's notices, and a test of a contact."""
