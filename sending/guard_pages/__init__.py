"""Pages of the guard: what it stops now, its decisions, exceptions, settings and their replay."""
