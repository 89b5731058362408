"""The status page: what operators say about trouble, and how the gateways are, in words."""
