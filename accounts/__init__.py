"""The accounts app: who people are and what their organization may use."""
