"""Which of several languages of one text somebody gets. Pure: the checks of recipients run it."""

from collections.abc import Collection, Mapping

# Chinese is written in two ways; people name the place.
_CHINESE = {
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-my": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}
_CHARS = 40


def tag_of(written: str, aliases: Mapping[str, str]) -> str:
    """Return a language tag as it is compared; `aliases` are names, in small letters, and tags."""
    plain = written.strip()[:_CHARS].lower().replace("_", "-")
    return aliases.get(plain, plain)


def negotiated(tag: str, available: Collection[str]) -> str:
    """Return the language that somebody gets who wants `tag`; empty if there is none for them.

    First the same one, then the language without its region, then any of its regions.
    """
    if not tag:
        return ""
    for candidate in (tag, _CHINESE.get(tag, "")):
        if candidate and candidate in available:
            return candidate
    base = tag.partition("-")[0]
    if base in available:
        return base
    # Who reads one way of writing Chinese is not given the other.
    if base == "zh" and tag != base:
        return ""
    regions = sorted(one for one in available if one.partition("-")[0] == base)
    return regions[0] if regions else ""
