"""Verify v2: services, verifications, checks and attempts, in the words of the dialect."""
