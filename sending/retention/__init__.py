"""How long what is known about people is kept, and all that is known about one number."""
