"""`manage.py load_demo`: the demo data, once; at later starts only the simulator's port."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organization, User
from sending.management.demo import (
    content,
    customers,
    notices,
    past_task,
    people,
    programs,
    replies,
    scheduled_task,
    waiting_task,
)


class Command(BaseCommand):
    """Loads the demo data; refuses in production."""

    help = "Load the demo organization: people, texts, prices, customers, a finished task, replies."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load what is missing."""
        if settings.PRODUCTION:
            raise CommandError(
                "Demo data has well-known people and is never loaded in production."
                " Use `./console manage bootstrap` to make the first operator."
            )
        gateway = customers.load_gateway()
        if Organization.objects.filter(is_system=False).exists():
            return
        with transaction.atomic():
            prices = customers.load_prices()
            organization = people.load_people()
            reviewer = User.objects.get(email=people.REVIEWER[1])
            content.load_content(organization, reviewer)
            programs.load_key(organization, people.logins_file())
            group = customers.load_group(organization)
            past_task.load_past_task(organization, group, gateway, prices)
            scheduled_task.load_scheduled_task(organization, group, gateway, prices)
            waiting_task.load_waiting_task(organization, gateway, prices)
            past_task.load_draft(organization)
            replies.load_replies(organization, gateway)
            programs.load_callbacks(organization)
            notices.load_notices(organization)
        # The door commits what it accepts by itself.
        programs.send_requests(organization)
        programs.load_unmatched(organization)
        customers.write_sheet()
