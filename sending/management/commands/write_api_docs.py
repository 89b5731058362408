"""Writes docs/openapi.json and the tables of docs/api.md anew from the declarations."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from sending.dialects.tencent import openapi, tables

DOCS = Path(settings.BASE_DIR) / "docs"


def openapi_text() -> str:
    """Return docs/openapi.json as it should be."""
    return json.dumps(openapi.document(), indent=2, ensure_ascii=False) + "\n"


def page_text(written: str) -> str:
    """Return docs/api.md as it should be; what stands before the tables stays."""
    return written.partition(tables.BEGIN)[0] + tables.markdown()


class Command(BaseCommand):
    """Run it after a change of sending/dialects/tencent; a test tells when it was forgotten."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write both files."""
        page = DOCS / "api.md"
        (DOCS / "openapi.json").write_text(openapi_text(), encoding="utf-8")
        page.write_text(page_text(page.read_text(encoding="utf-8")), encoding="utf-8")
