"""What networks said of messages: stored first, then matched and applied."""
