"""The guard of one-time passwords: what is stopped, why, until when, and who lets it pass."""
