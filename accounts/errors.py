"""How an action refuses: `str(error)` is a sentence for people."""


class Refusal(Exception):
    """Something that was not done, and why."""


class NotAllowed(Refusal):
    """This person may not do it."""


class Conflict(Refusal):
    """The data has changed since the page was shown, or a rule does not allow it."""
