"""How an action refuses: `str(error)` is a sentence for people."""


class Refusal(Exception):
    """Something that was not done, and why; `field` is the field of a form that it is about."""

    field: str | None = None


class NotAllowed(Refusal):
    """This person may not do it."""


class MayNotSend(NotAllowed):
    """Nothing of the organization, or of the application, may be sent; `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Conflict(Refusal):
    """The data has changed since the page was shown, or a rule does not allow it."""
