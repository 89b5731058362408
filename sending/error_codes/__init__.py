"""Every code a message can carry: what it means, whether it is temporary, and what to do."""
