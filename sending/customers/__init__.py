"""Pages of the pool of customers, of one of them, and the search for a number."""
