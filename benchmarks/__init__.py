"""Measurements: `./console bench NAME`. Each writes its bars with the counts they come from."""
