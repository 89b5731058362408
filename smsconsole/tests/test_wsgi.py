"""The WSGI application is ready for its first reader."""

import subprocess
import sys

from smsconsole.supervising.programs import BASE_DIR

ASK = "import smsconsole.wsgi, sys; print('sending.send_tasks.views' in sys.modules)"


def test_the_first_reader_does_not_wait_until_the_pages_are_loaded() -> None:
    asked = [sys.executable, "-c", ASK]
    found = subprocess.run(asked, cwd=BASE_DIR, check=True, capture_output=True, text=True)
    assert found.stdout == "True\n"
