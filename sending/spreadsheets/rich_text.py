"""The text of a string of an xlsx: plain, in runs, or with its pronunciation beside it."""

import re

from sending.spreadsheets.xlsx_values import plain

_ATTRIBUTES = r'(?:\s++[A-Za-z0-9.:_-]++="[^"<>&]*+")*+\s*+'
_TEXT = rf"<t{_ATTRIBUTES}(?:/>|>[^<]*+</t>)\s*+"
_PROPERTIES = rf"<rPr(?:\s*+/>|>\s*+(?:<[A-Za-z]++{_ATTRIBUTES}/>\s*+)*</rPr>)\s*+"
_RUN = rf"<r>\s*+(?:{_PROPERTIES})?(?:{_TEXT})?</r>\s*+"
_PHONETIC = rf"<rPh{_ATTRIBUTES}>\s*+(?:{_TEXT})*</rPh>\s*+"
_STRING = re.compile(rf"(?:{_TEXT}|{_RUN}|{_PHONETIC}|<phoneticPr{_ATTRIBUTES}/>\s*+)*")
_SPOKEN = re.compile(_PHONETIC)
_SHOWN = re.compile(r"<t(?:\s[^<>]*+)?>([^<]*+)</t>")


def text_of_string(xml: str) -> str | None:
    """Return the text in a string item or an inline string (ECMA-376 part 1, 18.4.8 and 18.3.1.53).

    None for what is spelled in another way, which expat reads.
    """
    xml = xml.strip()
    if xml.startswith("<t>") and xml.find("<", 3) == len(xml) - 4 and xml.endswith("</t>"):
        text = xml[3:-4]
    elif _STRING.fullmatch(xml):
        text = "".join(_SHOWN.findall(_SPOKEN.sub("", xml) if "<rPh" in xml else xml))
    else:
        return None
    return plain(text) if "&" in text or "_x" in text else text
