"""Callbacks: the outbox, brought to the addresses that applications name."""
