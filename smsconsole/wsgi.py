"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from smsconsole.frame_space import with_space

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsconsole.settings")

application: Callable[..., Iterable[bytes]] = with_space(get_wsgi_application())
# It loads all pages, so that the first reader does not wait for that.
reverse(settings.LOGIN_URL)
