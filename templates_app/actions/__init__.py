"""Everything that changes signatures, text templates and their versions."""

from templates_app.actions.decisions import decide
from templates_app.actions.signatures import create_signature, save_signature
from templates_app.actions.text_templates import create_text_template, save_text_template
from templates_app.actions.versions import delete, new_version, submit, withdraw

__all__ = [
    "create_signature",
    "create_text_template",
    "decide",
    "delete",
    "new_version",
    "save_signature",
    "save_text_template",
    "submit",
    "withdraw",
]
