"""Pages of texts that no text template matched."""
