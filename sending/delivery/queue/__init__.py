"""What is due, who may claim it, and where it goes when a gateway fails."""
