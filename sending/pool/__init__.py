"""The pool of customers: which of them a filter means, and what is done to many of them."""
