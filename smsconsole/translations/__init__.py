"""What the console says in other languages: found in the code, kept in .po files, compiled."""
