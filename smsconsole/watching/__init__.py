"""What is written down while the console runs: log lines, request ids, traces, errors."""
