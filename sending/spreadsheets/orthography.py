"""Whether a text is spelt as people who use an encoding spell: what a wrong encoding never is."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sending.spreadsheets import heading_words
from sending.spreadsheets.code_pages import RARE, windows_page
from sending.spreadsheets.heading_words import key_of

# Letters beyond ASCII of the languages written in an encoding (CLDR exemplar characters).
_WESTERN = (
    "äöüß",
    "àâæçèéêëîïôœùûüÿ",
    "áéíñóúüç",
    "àáâãçéêíóôõúü",
    "àèéìíîòóùú",
    "áäéèëêïíóöúü",
    "àéóòôæøåäö",
    "äöåéàüšž",
    "áéíóúýþæöð",
    "àçèéíïòóúü",
    "áðíóúýæø",
    "çë",
)
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_PERSIAN = "پچژگک"
_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْـ"
_ALPHABETS: Mapping[str, tuple[str, ...]] = {
    "cp1252": _WESTERN,
    "cp1250": (
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýžöü",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîşţ",
        "čćđšž",
        "äöüß",
        "çë",
    ),
    "cp1251": (
        _RUSSIAN,
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    ),
    "koi8-r": (_RUSSIAN,),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "cp1254": ("çğıöşüâîû",),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    "cp1256": (_ARABIC, _ARABIC + _PERSIAN, _ARABIC + _PERSIAN + "ٹڈڑںےھہ"),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöšüž"),
    "cp1258": ("ăâđêôơư\u0300\u0301\u0303\u0309\u0323àáãèéêìíòóõùúý",),
}
# What stands between words in any of them, and signs that stand alone.
_WORD = re.compile(r"[^\s\x00-@\[-`{-\x7f\u2010-\u2026\u00ab\u00bb\u2039\u203a\u00bf\u00a1\u00b7]+")
_CELL = re.compile(r'[^,;|\t\r\n"]+')
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])\u2019")
_QUOTES = re.compile(r"[\u2018-\u201f\u2039\u203a\u00ab\u00bb]")
# Other marks stand behind a word, or apart.
_MISPLACED = re.compile(r"(?<![^\W\d_])[\u2013\u2014\u2020-\u2026][^\W\d_]|[^\W\d_][\u2020-\u2022]")
_INSIDE = re.compile(
    r"[^\W\d_][\u2010-\u2026\u2039\u203a\u00ab\u00bb\u00bf\u00a1\u00b7]"
    r"|[\u2010-\u2026\u2039\u203a\u00ab\u00bb\u00bf\u00a1\u00b7\u00a0][^\W\d_]"
)
_SIGNS = frozenset("€£¥§©®™°±×º°№،؛؟、。・「」（），：；！？￥～―〜　")
# Signs that are never part of a word.
_SYMBOLS = frozenset("€£¥§©®™°±×º№")
_GRAVE_OR_CIRCUMFLEX = frozenset("àèìòùâêîôûøœ")
_VOWELS = frozenset("aeiouyæøœı")
_CONSONANT_SIGNS = frozenset("čćšžřľńñňśźżťďþðģķļņşţłđğß")
# They are the vowel of a syllable: consonants stand on both sides.
_SYLLABIC = frozenset("ŕĺ")
# What stands before letters that other code pages have for "à", "è", "ì" and "ò" at an end.
_ANY_VOWEL = "aáąâăäeéěęëiíoóôöőuúůüűyýāēīū"
_AFTER: Mapping[str, str] = {
    "č": _ANY_VOWEL + "rlnjŕ ",
    "ě": "bdfmnptv",
    "ň": _ANY_VOWEL,
    "ņ": _ANY_VOWEL,
    "ģ": _ANY_VOWEL + " ",
}
# In Portuguese "õ" is always followed by "e" (Estonian has a page of its own), and Italian has "ì"
# at the end of words.
_OUT_OF_PLACE = re.compile(r"õ(?!e)|ì\B")
_GREEK_ACCENTED = frozenset("άέήίόύώΐΰ")
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюяіїєў")
_HEBREW_FINAL = frozenset("ךםןףץ")
_MOSTLY = 0.8
_MANY_SYLLABLES = 12
# Of the surnames of nearly all Koreans those that no common Chinese surname is read as.
_KOREAN_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차우구민지엄채원천방공현함변염여추도소석선설길"
)
_ENOUGH_NAMES = 2
_NAME_SYLLABLES = range(2, 5)
_HEADINGS = (
    heading_words.OWN
    | heading_words.MOBILE
    | heading_words.FIRST_PHONE
    | heading_words.PHONE
    | heading_words.NUMBER
    | heading_words.NAME
)
_HEADING_LINES = 3
_ASCII = frozenset(map(chr, range(0x80)))


@dataclass(frozen=True, slots=True)
class Text:
    """What a file holds in one encoding: some lines, and letters of which only these are known."""

    words: str
    letters: str = ""


def fits(text: Text, encoding: str) -> bool:
    """Tell whether all words with letters beyond ASCII can be of one language of that encoding."""
    words = [word for word in dict.fromkeys(_WORD.findall(text.words)) if not word.isascii()]
    words = [word for word in words if not set(word) <= _SIGNS]
    if not words:
        return False
    is_rare, page = encoding in RARE, windows_page(encoding)
    if page in _IDEOGRAPHS:
        return _fits_ideographs(words, _IDEOGRAPHS[page])
    if (is_rare and _looks_misread(text.words)) or _is_mispunctuated(text.words):
        return False
    if page == "cp874":
        return all(map(_is_thai, words)) and all(map(_is_thai_letter, text.letters))
    rest = "".join(_WORD.findall(text.letters))
    return _fits_alphabet([*words, rest], page) and all(
        _SYMBOLS.isdisjoint(word) and _has_one_case(word) and _is_spelt(_lower(word), page)
        for word in words
    )


def _fits_alphabet(words: Sequence[str], page: str) -> bool:
    letters = {letter for word in words for letter in _lower(word)} - _SIGNS - _ASCII
    return any(letters <= set(alphabet) for alphabet in _ALPHABETS[page])


def _is_mispunctuated(text: str) -> bool:
    """Tell whether marks stand where letters must have been: alone, or right before a word."""
    if text.isascii():
        return False
    cells = (cell for cell in _CELL.findall(_APOSTROPHE.sub("", text)) if not cell.isascii())
    return any(len(_QUOTES.findall(cell)) % 2 or _MISPLACED.search(cell) for cell in cells)


def _looks_misread(text: str) -> bool:
    """Tell whether a cell begins with a small letter beyond ASCII, or has a mark within a word.

    The pages of Windows have letters where the rare encodings have such.
    """
    cells = map(str.strip, _CELL.findall(_APOSTROPHE.sub("", text)))
    return any(
        not cell.isascii() and ((cell[0].islower() and cell[0] > "\x7f") or _INSIDE.search(cell))
        for cell in cells
    )


def has_known_heading(text: Text) -> bool:
    """Tell whether a heading is one of a number or a name, in another script than Latin.

    No such word is another one in another encoding.
    """
    lines = text.words.split("\n")[:_HEADING_LINES]
    keys = (key_of(cell) for line in lines for cell in _CELL.findall(line))
    return any(
        len(key) > 1 and key in _HEADINGS and "LATIN" not in map(_script, key) for key in keys
    )


def is_surely_korean(text: Text) -> bool:
    """Tell whether text in cp949 is too Korean to be Chinese by chance.

    Any Korean text can be read as common Chinese characters. Six of ten of those are syllables in
    Korean, so that twelve different ones in a row are chance in one file of five hundred. Of the
    140 commonest Chinese surnames none is one of these Korean ones.
    """
    letters = {letter for letter in text.words if not letter.isascii()} - _SIGNS
    if any(_korean(letter) != 2 for letter in letters):
        return False
    cells = {cell.strip() for cell in _CELL.findall(text.words) if not cell.isascii()}
    names = [cell for cell in cells if len(cell) in _NAME_SYLLABLES and cell[0] in _KOREAN_SURNAMES]
    return len(letters) >= _MANY_SYLLABLES or (
        len(names) >= _ENOUGH_NAMES and 2 * len(names) >= len(cells)
    )


def _lower(word: str) -> str:
    return word.replace("İ", "i").lower()


def _has_one_case(word: str) -> bool:
    """Tell whether no capital beyond ASCII stands where a word goes on in small letters.

    Neither behind a small letter, nor as the second of two capitals before one.
    """
    pairs = pairwise(word)
    if any(a.islower() and b.isupper() and not (a + b).isascii() for a, b in pairs):
        return False
    return not any(
        a.isupper() and b.isupper() and c.islower() and not b.isascii()
        for a, b, c in zip(word, word[1:], word[2:], strict=False)
    )


def _is_spelt(word: str, page: str) -> bool:
    """Tell whether a word is built as words of its script are; scripts never mix in one."""
    beyond = [letter for letter in word if not letter.isascii()]
    script = _script(beyond[0]) if beyond else "LATIN"
    if script == "LATIN":
        return _is_latin(word) and (page != "cp1252" or not _OUT_OF_PLACE.search(word))
    if any(map(str.isascii, word)):
        return False
    return _RULES.get(script, _any_word)(word)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "LATIN" if name == "COMBINING" else name


def _is_latin(word: str) -> bool:
    if word in _CONSONANT_SIGNS:
        return False
    padded = f" {word} "
    triples = zip(padded, padded[1:], padded[2:], strict=False)
    return all(b.isascii() or _stands_well(a, b, c) for a, b, c in triples)


def _stands_well(before: str, letter: str, after: str) -> bool:
    """Tell whether a letter beyond ASCII can stand between two others; a space ends a word."""
    sides = _is_vowel(before), _is_vowel(after)
    if letter in _SYLLABIC:
        return not any(sides) and " " not in (before, after)
    if letter in _AFTER and before not in _AFTER[letter] and not sides[1]:
        return False
    if letter in _CONSONANT_SIGNS:
        return any(sides) or before in " r" or after == " "
    if letter in _GRAVE_OR_CIRCUMFLEX:
        return not all(sides)
    return sides[0] or not "\u0300" <= letter <= "\u0323"


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0] in _VOWELS


def _is_greek(word: str) -> bool:
    if "ς" in word[:-1] or (len(word) > 1 and word.endswith("σ")):
        return False
    return sum(letter in _GREEK_ACCENTED for letter in word) <= 1


def _is_cyrillic(word: str) -> bool:
    if len(word) > 1 and word[0] in "ъьы":
        return False
    return len(word) <= 3 or bool(_CYRILLIC_VOWELS & set(word))


def _is_hebrew(word: str) -> bool:
    return not _HEBREW_FINAL & set(word[:-1])


def _is_arabic(word: str) -> bool:
    return "ة" not in word[:-1] and "ى" not in word[:-1] and word[0] not in "ًٌٍَُِّْ"


def _any_word(word: str) -> bool:
    return bool(word)


_RULES: Mapping[str, Callable[[str], bool]] = {
    "GREEK": _is_greek,
    "CYRILLIC": _is_cyrillic,
    "HEBREW": _is_hebrew,
    "ARABIC": _is_arabic,
}


def _is_thai_letter(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0e5b"


def _is_thai(word: str) -> bool:
    """Tell whether vowels stand where they can: some before a consonant, marks after one."""
    before = ""
    for letter in word:
        if not _is_thai_letter(letter):
            return False
        is_consonant = letter <= "\u0e2e"
        is_mark = letter in "\u0e31\u0e47" or "\u0e34" <= letter <= "\u0e3a"
        is_tone = "\u0e48" <= letter <= "\u0e4e"
        if "\u0e40" <= before <= "\u0e44" and not is_consonant:
            return False
        if is_mark and not "\u0e01" <= before <= "\u0e2e":
            return False
        if is_tone and not ("\u0e01" <= before <= "\u0e2e" or "\u0e31" <= before <= "\u0e3a"):
            return False
        if letter in "\u0e30\u0e32\u0e33" and not before:
            return False
        before = letter
    return not "\u0e40" <= before <= "\u0e44"


def _fits_ideographs(words: Sequence[str], common: Callable[[str], int]) -> bool:
    """Tell whether most characters are common ones, and none is foreign to the encoding's use."""
    letters = {letter for word in words for letter in word if not letter.isascii()} - _SIGNS
    ranks = [common(letter) for letter in letters]
    return 0 not in ranks and ranks.count(2) >= _MOSTLY * len(ranks)


def _lead(letter: str, encoding: str) -> int:
    try:
        octets = letter.encode(encoding)
    except UnicodeError:
        return 0
    return octets[0] if len(octets) > 1 else 0


def _simplified(letter: str) -> int:
    """Return 2 for the common characters, 1 for the rarer ones, 0 for all others (GB 2312)."""
    lead = _lead(letter, "gb2312")
    return 2 if 0xB0 <= lead <= 0xD7 else int(0xD8 <= lead <= 0xF7)


def _traditional(letter: str) -> int:
    """Return the same of Big5 and the characters that Hong Kong adds."""
    lead = _lead(letter, "big5hkscs")
    return 2 if 0xA4 <= lead <= 0xC6 else int(lead >= 0x87 and lead not in (0xA1, 0xA2, 0xA3))


def _japanese(letter: str) -> int:
    """Return the same of JIS X 0208; kana are common."""
    lead = _lead(letter, "cp932")
    if letter in "々ー" or "\u3041" <= letter <= "\u30fe" or 0x88 <= lead <= 0x97:
        return 2
    return int(0x98 <= lead <= 0xEA or lead >= 0xFA)


def _korean(letter: str) -> int:
    """Return 2 for the syllables of KS X 1001, 1 for its ideographs, 0 for all others."""
    lead = _lead(letter, "euc-kr")
    return 2 if 0xB0 <= lead <= 0xC8 else int(0xCA <= lead <= 0xFD)


_IDEOGRAPHS: Mapping[str, Callable[[str], int]] = {
    "gb18030": _simplified,
    "big5": _traditional,
    "cp950": _traditional,
    "big5hkscs": _traditional,
    "cp932": _japanese,
    "cp949": _korean,
}
