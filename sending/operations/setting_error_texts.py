"""What is wrong with a setting of an HTTP gateway, in sentences for its operator."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.gateways.http import pattern, rules, settings
from sending.gateways.http.pattern import FIELDS
from sending.gateways.http.settings import STATES, SettingsError

_SENTENCES: Mapping[str, Promise] = {
    settings.REQUIRED: gettext_lazy("Your other choices make this field necessary. Fill it in."),
    settings.CHOICE: gettext_lazy("“%(what)s” is not one of the choices."),
    settings.URL: gettext_lazy(
        "This is not an HTTP address. Write it like https://sms.example.com/send, without "
        "user name, spaces or #."
    ),
    settings.URL_FIELD: gettext_lazy(
        "Fields such as {text} can only come after the server and port."
    ),
    settings.HEADER: gettext_lazy(
        "“%(what)s” is not a header. Write one per line, as Name: value."
    ),
    settings.HEADER_OURS: gettext_lazy(
        "The console sets the header %(what)s itself. Remove this line."
    ),
    settings.STATUS_LINE: gettext_lazy(
        "“%(what)s” cannot be read. Write the gateway's word, then =, then a state."
    ),
    settings.STATUS_STATE: gettext_lazy("There is no state “%(what)s”. States: %(states)s."),
    pattern.PATTERN_UNKNOWN_FIELD: gettext_lazy(
        "There is no field “%(what)s”. Fields: %(fields)s."
    ),
    pattern.PATTERN_LONE_BRACE: gettext_lazy(
        "There is a single “%(what)s”. Write {{ or }} for a literal brace."
    ),
    pattern.PATTERN_NUMBER: gettext_lazy(
        "{%(what)s:number} must be a whole string of a JSON body, with nothing beside it."
    ),
    pattern.PATTERN_JSON: gettext_lazy("This is not valid JSON: %(what)s."),
    rules.RULE_PATH: gettext_lazy("“%(what)s” is not a path. Write it like messages[0].id."),
    rules.RULE_REGEX: gettext_lazy("This is not a valid regular expression: %(what)s."),
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
