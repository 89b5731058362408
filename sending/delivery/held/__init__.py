"""While the console is held: what journals prove is settled, compared, and then released."""
