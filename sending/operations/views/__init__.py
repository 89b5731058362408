"""Pages of operators, the page of codes for everybody, and the probes of machines."""
