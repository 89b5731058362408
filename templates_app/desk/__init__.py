"""The review desk in the administration: everybody's open items, and the decision about each."""
