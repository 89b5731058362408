"""What operators enter: a form for each kind of gateway, and the search for a number."""
