"""The console's application, which dies with its whole server when an answer is there to be sent.

Everything is committed then, and the program hears nothing.
"""

import os
import signal
from collections.abc import Iterable
from typing import Any, NoReturn

from smsconsole.wsgi import application as console


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer those who only look whether it is up; die of requests of programs."""
    answer = console(environ, start_response)
    if "HTTP_X_TC_ACTION" in environ:
        _die()
    return answer


def _die() -> NoReturn:
    os.killpg(os.getpgrp(), signal.SIGKILL)
    raise AssertionError("it is dead")
