"""The project: settings, URLs, Celery, WSGI and the templates every page shares."""
