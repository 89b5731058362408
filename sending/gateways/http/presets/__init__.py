"""Settings of HTTP gateways that many people need: a file for each, data only."""
