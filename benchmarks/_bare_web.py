"""The floor of `bench api` as gunicorn serves it: with nothing before the view."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
django.setup(set_prefix=False)
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "benchmarks._bare_urls"
application = WSGIHandler()
