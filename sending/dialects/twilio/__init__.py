"""Twilio's REST API as data: codes, dates, words for states, and the signature of callbacks.

What programs on its SDKs ask for, and what those SDKs can read (docs/twilio.md).
"""
