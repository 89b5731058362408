"""Brings in what other software holds: readers that run nothing, then a plan, then rows."""
