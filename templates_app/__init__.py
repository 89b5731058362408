"""The templates_app app: what may be said."""
