"""HTTP of the reports."""
