"""Verify services of applications: their settings, and how many codes were right."""
