"""Notices by SMS: the console's own organization sends them, and pays."""
