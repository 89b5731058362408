"""Creates the first operator, who signs in with a link that is printed once."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import AuditEntry, User


class Command(BaseCommand):
    """`manage.py bootstrap --email you@example.com`: refuses once an operator exists."""

    help = "Create the first operator and print the link for choosing a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask who it is."""
        parser.add_argument("--email", required=True, help="the address they sign in with")
        parser.add_argument("--name", default="Operator", help="the name that others see")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Create the operator (or find the one whose link was lost) and print the link."""
        del args, options
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        with transaction.atomic():
            operator = self._operator(email, name)
        link = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(operator),
                "key": default_token_generator.make_token(operator),
            },
        )
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        self.stdout.write(f"{operator.email} is an operator. Choose a password here:")
        self.stdout.write(f"{settings.PUBLIC_URL}{link}")
        self.stdout.write(f"The link works once, for {days} days. Lost it? Run this command again.")

    def _operator(self, email: str, name: str) -> User:
        """Return the operator to let in; one who has a password needs no bootstrap."""
        operators = list(User.objects.filter(is_superuser=True, is_active=True))
        if any(one.has_usable_password() for one in operators):
            raise CommandError(
                "An operator already exists, and can add others under People in the administration."
            )
        for operator in operators:
            if operator.email == email:
                return operator
        if operators:
            raise CommandError(
                f"{operators[0].email} is the operator but has not chosen a password yet. "
                "Run this command again with that address."
            )
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} already has an account. Use another address.")
        operator = User.objects.create_superuser(email, None, name=name)
        AuditEntry.record(
            action="operator.created", subject=email, organization=None, person=operator
        )
        return operator
