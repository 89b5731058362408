"""The one acceptance of messages, for every door: console, API, and whatever speaks to programs."""
