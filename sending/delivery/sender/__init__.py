"""A sender and what it needs: one connection, its lease, its journal, and what came of it."""
