"""A worker that Celery gave up ends, so that whoever started it starts another."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

CODE = """
import pathlib, sys
import django; django.setup()
from sending.delivery.sender.manager import SenderManager
SenderManager(pathlib.Path(sys.argv[1])).start()
"""


def test_senders_do_not_outlive_the_main_thread(tmp_path: Path) -> None:
    environment = os.environ | {"VAR_DIR": str(tmp_path), "SMSCONSOLE_MODE": "test"}
    environment.pop("DATABASE_URL", None)
    ended = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path / "journal")],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "the worker is gone" in ended.stderr
