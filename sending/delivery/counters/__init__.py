"""Counters are insert-only; this keeps their rows few."""
