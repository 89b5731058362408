"""Backups: the database, uploads and journals in one folder, and how they come back."""
