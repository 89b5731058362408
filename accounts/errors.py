"""How an action says no: `str(error)` is a sentence for people."""


class Refusal(Exception):
    """An act that was not done, and why."""


class NotAllowed(Refusal):
    """This person may not do it."""


class Conflict(Refusal):
    """Things are no longer as the page showed them, or a rule of the house forbids it."""
