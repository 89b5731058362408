"""The log file that several processes write: whole lines, a bounded size."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from smsconsole.log_files import SharedRotatingFileHandler

WRITER = """
import logging, sys
from smsconsole.log_files import SharedRotatingFileHandler
handler = SharedRotatingFileHandler(sys.argv[1], max_bytes=2_000, files=100)
for number in range(200):
    handler.emit(logging.makeLogRecord({"msg": f"{sys.argv[2]} {number:03} " + "x" * 50}))
"""


def written(path: Path) -> list[str]:
    files = [file for file in path.parent.glob(f"{path.name}*") if file.suffix != ".lock"]
    return [line for file in files for line in file.read_text().splitlines()]


def test_several_writers_keep_all_lines(tmp_path: Path) -> None:
    path = tmp_path / "log" / "security.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, name], cwd=settings.BASE_DIR)
        for name in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    expected = [f"{name} {number:03} {'x' * 50}" for name in "ab" for number in range(200)]
    assert sorted(written(path)) == expected


def test_the_oldest_lines_go(tmp_path: Path) -> None:
    path = tmp_path / "security.log"
    handler = SharedRotatingFileHandler(str(path), max_bytes=1_000, files=3)
    for number in range(100):
        handler.emit(logging.makeLogRecord({"msg": f"{number:03} " + "x" * 96}))
    handler.close()
    assert sorted(line[:3] for line in written(path)) == [f"{n:03}" for n in range(70, 100)]


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log" / "security.log"
    handler = SharedRotatingFileHandler(str(path), max_bytes=1_000, files=3)
    (tmp_path / "log").rmdir()
    handler.emit(logging.makeLogRecord({"msg": "x"}))
    assert "FileNotFoundError" in capsys.readouterr().err
