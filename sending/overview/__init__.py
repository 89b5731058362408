"""The first page: what is left to set up, and how today goes."""
