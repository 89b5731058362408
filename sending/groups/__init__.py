"""Customers and customer groups: saved numbers and the lists of them."""
