"""Pages for those who write programs that send: how to begin, messages, requests, codes."""
