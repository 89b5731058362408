"""Tables of messages by month, on PostgreSQL: made ahead, and dropped as a whole."""
