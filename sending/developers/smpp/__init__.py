"""SMPP accounts of applications: settings, binds, receipts that wait, what was refused."""
