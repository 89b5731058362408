"""What is wrong with a setting of an HTTP gateway, in sentences for its operator."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.gateways.http import pattern, rules, settings
from sending.gateways.http.pattern import FIELDS
from sending.gateways.http.settings import STATES, SettingsError

_SENTENCES: Mapping[str, Promise] = {
    settings.REQUIRED: gettext_lazy("This is needed with what you chose. Fill it in."),
    settings.CHOICE: gettext_lazy("“%(what)s” is not one of the choices."),
    settings.URL: gettext_lazy(
        "This is no address of an HTTP server. Write it like https://sms.example.com/send, without "
        "user name, spaces or #."
    ),
    settings.URL_FIELD: gettext_lazy(
        "Server and port are fixed: fields such as {text} may stand only behind them."
    ),
    settings.HEADER: gettext_lazy("“%(what)s” is no header. Write one a line, as Name: value."),
    settings.HEADER_OURS: gettext_lazy(
        "The header %(what)s is written by the console itself. Remove the line."
    ),
    settings.STATUS_LINE: gettext_lazy(
        "“%(what)s” is no line of the table. Write the gateway's word, =, and a state."
    ),
    settings.STATUS_STATE: gettext_lazy("There is no state “%(what)s”. States: %(states)s."),
    pattern.PATTERN_UNKNOWN_FIELD: gettext_lazy(
        "There is no field “%(what)s”. Fields: %(fields)s."
    ),
    pattern.PATTERN_LONE_BRACE: gettext_lazy(
        "A “%(what)s” stands alone. Write {{ or }} for a brace that is meant as such."
    ),
    pattern.PATTERN_NUMBER: gettext_lazy(
        "{%(what)s:number} must be a whole string of a JSON body, with nothing beside it."
    ),
    pattern.PATTERN_JSON: gettext_lazy("This is no JSON: %(what)s."),
    rules.RULE_PATH: gettext_lazy("“%(what)s” is no path. Write it like messages[0].id."),
    rules.RULE_REGEX: gettext_lazy("This is no regular expression: %(what)s."),
}


def setting_error_text(error: SettingsError) -> str:
    """Return what is wrong and what to do."""
    params = {
        "what": error.what,
        "fields": ", ".join(sorted(FIELDS)),
        "states": ", ".join(STATES),
    }
    sentence = _SENTENCES.get(error.code)
    return str(sentence) % params if sentence else _("This cannot be used (%s).") % error.code
