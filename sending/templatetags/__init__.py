"""Template tags about sending."""
