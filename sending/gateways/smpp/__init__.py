"""Gateways that speak SMPP 3.4."""
