"""The log of callbacks: what applications were told, what they answered, and what waits."""
