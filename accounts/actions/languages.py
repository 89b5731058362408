"""The language that a person chose."""

from accounts.models import User


def choose_language(*, user: User, language: str) -> None:
    """Show the console in `language` wherever this person signs in."""
    user.language = language
    user.save(update_fields=["language"])
