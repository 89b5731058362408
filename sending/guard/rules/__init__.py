"""The rules themselves: counts in, findings out. They know no framework, clock or database."""
