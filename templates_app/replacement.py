"""Replacing one typographic character in a draft, when its author asks for it."""

from sending.sms.replacements import REPLACEMENTS


def replaced(text: str, codepoint: str) -> str:
    """Return `text` with the character `codepoint` (hexadecimal) replaced, if there is one."""
    try:
        character = chr(int(codepoint, 16))
    except (ValueError, OverflowError):
        return text
    return text.replace(character, REPLACEMENTS.get(character, character))
