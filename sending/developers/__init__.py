"""Pages for those who write programs: keys, callbacks, requests, examples."""
