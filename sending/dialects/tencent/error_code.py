"""What is said of a code of the API."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One code. `is_retryable`: the same request may succeed later, unchanged."""

    code: str
    cause: str | Promise
    fix: str | Promise
    is_retryable: bool = False

    @property
    def slug(self) -> str:
        """Return the code as an address holds it."""
        return self.code.lower().replace(".", "-")
