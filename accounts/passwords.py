"""What a password must not be. How it is made up is nobody's business (NIST SP 800-63B)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LONGEST = 128
ESTIMATED_CHARACTERS = 24
"""What these make hard to guess stays so; all 128 could keep zxcvbn busy for seconds."""
SAFE_SCORE = 3
"""Of 4: more than 10⁸ guesses. At the rate that the throttle allows that is thousands of years."""


# What the people of a console have in mind when they are asked for a password.
OURS = ("sms", "console", "smsconsole", "global")


class MaximumLengthValidator:
    """Refuses what no password manager makes and only costs time."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is too long."""
        del user
        if len(password) > LONGEST:
            raise ValidationError(
                _("This password is too long. It can have up to %(most)d characters."),
                code="password_too_long",
                params={"most": LONGEST},
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return _("Your password can have up to %(most)d characters.") % {"most": LONGEST}


class GuessablePasswordValidator:
    """Refuses what a guesser tries first: leaked passwords, words, names, dates, keyboard rows."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that falls within 10⁸ guesses."""
        own = [re.findall(r"\w+", text) for text in (user.email, user.name)] if user else []
        words = [*OURS, *(word for parts in own for word in ("".join(parts), *parts))]
        guess = zxcvbn(password[:ESTIMATED_CHARACTERS], user_inputs=words)
        if guess["score"] < SAFE_SCORE:
            raise ValidationError(
                _(
                    "This password is too easy to guess. Use a few unrelated words, or let your "
                    "password manager make one."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return _("Your password cannot be one that is easy to guess.")
