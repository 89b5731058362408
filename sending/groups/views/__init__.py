"""Pages of customer groups, imports, the suppression list, and of one number."""
