"""The engine: batches that are due leave through gateways, and receipts come back."""
