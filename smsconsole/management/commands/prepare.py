"""Makes a console ready to start: database, static files and, in the demo, its data."""

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import shared_time
from accounts.staff import sync_groups
from sending.notices.console import console_application


def static_fingerprint() -> str:
    """Return a digest of every static file's path, size and time."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class Command(BaseCommand):
    """`manage.py prepare`: does what is needed and skips what is up to date."""

    help = "Migrate, collect static files and, in demo mode, load the demo data."
    # The full checks run in `./console check`; here every second counts.
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prepare, in one process, so that Django is loaded once."""
        if problem := shared_time.wrong_clock():
            raise CommandError(problem)
        for folder in (settings.VAR_DIR, settings.UPLOADS_DIR, settings.JOURNAL_DIR):
            folder.mkdir(parents=True, exist_ok=True)
        for name in ("broker", "broker-control", "mail"):
            (settings.VAR_DIR / name).mkdir(exist_ok=True)
        self.migrate()
        self.collect()
        # Operators find it before anybody is told anything: they may give it an originator.
        console_application()
        if settings.MODE == "demo" and apps.is_installed("sending"):
            call_command("load_demo", verbosity=0)

    def migrate(self) -> None:
        """Run what migrations are missing."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        # What a release gives the groups of staff or takes from them needs no migration.
        sync_groups()

    def collect(self) -> None:
        """Collect static files unless none changed since the last time."""
        stamp = settings.VAR_DIR / "static-stamp"
        fingerprint = static_fingerprint()
        if stamp.exists() and stamp.read_text() == fingerprint:
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(fingerprint)
