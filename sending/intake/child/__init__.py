"""What runs confined: one file in, checked rows out. It knows no framework and no database."""
