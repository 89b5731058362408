"""Pages of customers, by what they show."""
