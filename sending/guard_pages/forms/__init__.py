"""Fields of the pages of the guard."""
