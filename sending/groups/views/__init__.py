"""Pages of customer groups, imports and the suppression list."""
