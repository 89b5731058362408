"""What templates_app tells the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction of the decision, with `version` (decided) and `review`.
review_decided = Signal()
