"""The doctor: looks at everything a console needs, and says what to do about what is missing."""
