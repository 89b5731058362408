"""Rows in and out of spreadsheets: any file people send, read within limits."""
