"""What accounts tells the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction of the decision, with `activation` (a decided ServiceActivation).
activation_decided = Signal()
