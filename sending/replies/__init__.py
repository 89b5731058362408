"""What people answer: put together, given to its organization, and heard: STOP and START."""
