"""What programs talk to: the API for senders, and receipts that gateways bring."""
