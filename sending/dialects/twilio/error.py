"""A refusal in the words of the dialect, and what is said of its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class TwilioCode:
    """What is said of a code. `status` is that of HTTP; 0: it never answers a request.

    Such codes stand in messages, and in callbacks about them.
    """

    code: int
    status: int
    cause: str | Promise
    fix: str | Promise


class TwilioError(Exception):
    """The request is refused: code, sentence, and the status of HTTP."""

    def __init__(
        self,
        code: int,
        message: str,
        status: int = 400,
        *,
        details: Mapping[str, Any] | None = None,
        retry_after: int = 0,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.details = details
        self.retry_after = retry_after
