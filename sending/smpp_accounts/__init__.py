"""SMPP accounts made in one way, for people and for imports, and what owners read about them."""
