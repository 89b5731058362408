"""What reviewers do on the desk: claim, decide and take back, note, look again."""

from templates_app.desk.actions.claims import claim, claim_first, release
from templates_app.desk.actions.decisions import apply_due, give, give_together, take_back
from templates_app.desk.actions.notes import write_note
from templates_app.desk.actions.quality import say_quality

__all__ = [
    "apply_due",
    "claim",
    "claim_first",
    "give",
    "give_together",
    "release",
    "say_quality",
    "take_back",
    "write_note",
]
