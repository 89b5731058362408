"""Gateways that are called over HTTP, set up by patterns and rules instead of code."""
