"""Pages about send tasks: compose, check, send, watch, read what became of every message."""
