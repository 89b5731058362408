"""Pages of operators: gateways at work, messages in doubt, the trace of a number, and probes."""
