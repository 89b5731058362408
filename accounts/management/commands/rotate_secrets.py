"""Encrypts every stored secret under the newest SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.secret_rotation import rotate


class Command(BaseCommand):
    """`manage.py rotate_secrets`: ends with 1 where a secret cannot be read with any key."""

    help = "Encrypt stored secrets anew under SECRET_KEY. It can be stopped and started again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say place by place what was done; raise CommandError (exit code 1) for what was not."""
        unreadable: list[str] = []
        renewed = 0
        for place in rotate():
            self.stdout.write(
                f"{place.place}: {place.renewed} renewed, {place.newest} already under the newest "
                f"key, {len(place.unreadable)} unreadable"
            )
            renewed += place.renewed
            unreadable += [f"{place.place}, row {pk}" for pk in place.unreadable]
        if unreadable:
            raise CommandError(
                f"{renewed} secrets renewed. No key reads these; is an earlier SECRET_KEY missing "
                f"in SECRET_KEY_FALLBACKS?\n" + "\n".join(unreadable)
            )
        self.stdout.write(f"{renewed} secrets renewed. None needs an earlier SECRET_KEY any more.")
