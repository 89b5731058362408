"""SMPP programs of other people, and the tests that talk to them."""
