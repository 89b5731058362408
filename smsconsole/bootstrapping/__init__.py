"""What `bootstrap` makes of nothing, one noun a file. Each does only what is missing.

Each function returns what it did, or found done, as lines for the person at the terminal; it raises
CommandError with a sentence for what cannot be.
"""
