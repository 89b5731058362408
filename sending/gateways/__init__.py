"""The gateways messages can leave through, behind one contract."""
