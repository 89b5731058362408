"""SMPP accounts of applications: their settings, binds, receipts that wait, and what was refused."""
