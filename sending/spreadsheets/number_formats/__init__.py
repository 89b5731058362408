"""Number formats of spreadsheets (ECMA-376 part 1, 18.8.30 and 18.8.31): what a cell shows."""
