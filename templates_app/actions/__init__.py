"""Everything that changes signatures, text templates and their versions."""

from templates_app.actions.appeals import appeal, may_be_appealed
from templates_app.actions.bulk import Submitted, duplicate, submit_many
from templates_app.actions.decisions import decide
from templates_app.actions.free_text import free_text_version
from templates_app.actions.languages import add_language
from templates_app.actions.questions import ask_reviewer, ask_submitter
from templates_app.actions.revoking import revoke
from templates_app.actions.signatures import create_signature, save_signature
from templates_app.actions.text_templates import create_text_template, save_text_template
from templates_app.actions.versions import delete, new_version, submit, withdraw

__all__ = [
    "Submitted",
    "add_language",
    "appeal",
    "ask_reviewer",
    "ask_submitter",
    "create_signature",
    "create_text_template",
    "decide",
    "delete",
    "duplicate",
    "free_text_version",
    "may_be_appealed",
    "new_version",
    "revoke",
    "save_signature",
    "save_text_template",
    "submit",
    "submit_many",
    "withdraw",
]
