"""Notices: told durably, by SMS too, and shown."""
