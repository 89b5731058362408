"""Sending text messages: from an uploaded list to delivery receipts."""
