"""STOP, START and HELP: what a reply asks for, in the languages of its country and in English.

A word counts where it is the whole text, or begins a sentence that can mean nothing else: "Stop
sending me these" does, "We must STOP this bill" and "Stop by tomorrow" do not. Who stops wrongly
can start again with one word; who is not heard gets what they asked not to get.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sending.sms.opt_words import LANGUAGES, Words

# Nobody asks for so little in so many words; the rest is not looked at.
LONGEST = 500
_LONGEST_PHRASE = 4
# Of scripts without spaces: how much may follow a word that means nothing else.
_FOLLOWS_AT_MOST = 8

_Phrase = tuple[str, ...]
_Phrases = frozenset[_Phrase]


class Keyword(StrEnum):
    """What a reply asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
# What no decomposition takes apart, and letters that Arabic writes in two ways.
_PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "ى": "ي", "ی": "ي", "ة": "ه"}
)
_STRETCHED = re.compile(r"s+t+o+p+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।\n\r]+")
_CLAUSE_END = re.compile(r"[,;:、，،؛]+|\s[-\u2013\u2014]\s")

_COURTESIES = (
    "please|pls|plz|kindly|thanks|thank you|thx|ty|hi|hello|hey|dear sir|sir|sorry|ok|okay"
    "|bitte|danke|hallo|svp|s il vous plait|stp|merci|bonjour|por favor|gracias|hola|obrigado"
    "|obrigada|grazie|per favore|per piacere|ciao|prosze|dziekuje|prosim|dekuji|diky|multumesc"
    "|va rog|пожалуйста|спасибо|будь ласка|дякую|алло|здравствуйте|lutfen|tesekkurler|tack|snalla"
    "|takk|tak|kiitos|alstublieft|aub|dank u|bedankt|hvala|molim|koszonom|kerem|efharisto"
    "|παρακαλω|ευχαριστω|من فضلك|شكرا|תודה|בבקשה|कृपया|धन्यवाद|terima kasih|tolong|mohon|cam on"
    "|vui long|xin"
)
# What a wish begins with, in English only.
_WISHES = (
    "can you|could you|would you|will you|can u|you must|i want to|i would like to|i d like to"
    "|id like to|i wish to|we want to|i want you to|i need to|just|and|so"
)
_FILLERS = (
    "it|this|that|these|those|all|me|us|now|please|pls|already|thanks|thank|you|texts|everything"
    "|immediately|asap|forever|for|good|and|right|just|ok|today|u|completely|sms"
)
# "Stop by", "stop sign": another meaning already in the next word.
_OTHER_MEANING = "by|over|in|at|sign|signs|watch|light|lights|loss|here|there"
_OBJECTS = (
    "sms|text|texts|message|messages|all|subscription|service|alerts|me|everything|spam|mensajes"
    "|suscripcion|abonnement|nachrichten|mesaj|смс"
)
_BEFORE = re.compile("^(?:请|請|麻烦|麻煩|我要|我想|想)+")


def keyword_of(text: str, country: str) -> Keyword | None:
    """Return what a reply from a number of this country asks for, None if it asks for nothing.

    `country` is ISO 3166 alpha-2; an empty one leaves English.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    vocabulary = _vocabulary(country)
    whole = _tokens(text)
    if len(whole) > 2 and all(len(token) == 1 for token in whole):
        # "S.T.O.P"
        whole = ["".join(whole)]
    found = _alone(tuple(_without_courtesies(whole)), vocabulary)
    if found is None and (_asks_to_stop(text, vocabulary) or _unspaced_stop(whole, vocabulary)):
        found = Keyword.STOP
    return found


def _alone(said: _Phrase, vocabulary: _Vocabulary) -> Keyword | None:
    """Return what the whole text is."""
    if said in vocabulary.start or "".join(said) in vocabulary.unspaced_start:
        return Keyword.START
    if said in vocabulary.help:
        return Keyword.HELP
    if said in vocabulary.clear | vocabulary.stop | vocabulary.bare:
        return Keyword.STOP
    if said[:-1] in vocabulary.start and said[-1].isdecimal():
        return Keyword.START
    return None


def _asks_to_stop(text: str, vocabulary: _Vocabulary) -> bool:
    for number, sentence in enumerate(_SENTENCE_END.split(text)):
        first_clause, *others = _CLAUSE_END.split(sentence)
        whole = _tokens(sentence)
        if _begins_with_stop(whole, vocabulary, is_first=number == 0):
            return True
        clauses = [first_clause, *others] if others else []
        if any(_begins_with_wish(_tokens(clause), vocabulary) for clause in clauses):
            return True
    return False


def _begins_with_stop(tokens: list[str], vocabulary: _Vocabulary, *, is_first: bool) -> bool:
    said = _without_courtesies(tokens)
    if _begins_with_wish(said, vocabulary):
        return True
    rest = _after(said, vocabulary.stop)
    if rest is not None and rest[:1] != ["not"]:
        if set(rest) <= _FILLERS_READ:
            return True
        return is_first and len(rest) == 1 and rest[0] not in _OTHER_MEANING_READ
    rest = _after(said, vocabulary.bare)
    if rest and is_first and len(said) - len(rest) + len(said[0]) > 2:
        return len(rest) == 1 and rest[0] in _OBJECTS_READ
    return False


def _begins_with_wish(tokens: list[str], vocabulary: _Vocabulary) -> bool:
    """Tell whether a clause asks for the end of texts, with what leads up to it left out."""
    said = _without_courtesies(tokens)
    while (rest := _after(said, _WISHES_READ)) is not None:
        said = _without_courtesies(rest)
    if _after(said, vocabulary.clear) is not None:
        return True
    rest = _after(said, vocabulary.stop)
    return bool(rest) and rest is not None and rest[0] in vocabulary.go_on


def _unspaced_stop(tokens: Sequence[str], vocabulary: _Vocabulary) -> bool:
    """Look for words of scripts without spaces: at the beginning, with a courtesy behind."""
    said = _BEFORE.sub("", "".join(tokens))
    for word in vocabulary.unspaced_clear:
        if said.startswith(word) and len(said) - len(word) <= _FOLLOWS_AT_MOST:
            return True
    return any(
        said.startswith(word) and said[len(word) :] in vocabulary.endings
        for word in vocabulary.unspaced_bare
    )


def _after(tokens: list[str], phrases: _Phrases) -> list[str] | None:
    """Return what follows the longest phrase that the tokens begin with, None if there is none."""
    for length in range(min(_LONGEST_PHRASE, len(tokens)), 0, -1):
        if tuple(tokens[:length]) in phrases:
            return tokens[length:]
    return None


def _without_courtesies(tokens: list[str]) -> list[str]:
    while tokens and (rest := _after(tokens, _COURTESIES_READ)) is not None and rest:
        tokens = rest
    reduced = True
    while reduced:
        reduced = False
        for length in range(1, min(_LONGEST_PHRASE, len(tokens))):
            if tuple(tokens[-length:]) in _COURTESIES_READ:
                tokens, reduced = tokens[:-length], True
                break
    return tokens


def _tokens(text: str) -> list[str]:
    """Return the words of a text as the tables spell them."""
    return [_STRETCHED.sub("stop", word) for word in _normalised(text).split()]


def _normalised(text: str) -> str:
    """Return lower case without accents, with a space for whatever is no letter or digit."""
    text = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    kept = unicodedata.normalize("NFKC", _ACCENTS.sub("", text))
    return "".join(_plain(character) for character in kept)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    return "" if category == "Cf" else " "


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of all languages of a country, as tokens."""

    clear: _Phrases
    stop: _Phrases
    bare: _Phrases
    start: _Phrases
    help: _Phrases
    go_on: frozenset[str]
    unspaced_clear: tuple[str, ...]
    unspaced_bare: tuple[str, ...]
    unspaced_start: frozenset[str]
    endings: frozenset[str]


@cache
def _vocabulary(country: str) -> _Vocabulary:
    languages = [
        words
        for language, words in LANGUAGES.items()
        if language == "en" or (country and country in words.countries.split())
    ]
    unspaced = [words for words in languages if words.endings]
    return _Vocabulary(
        clear=_phrases(words.clear for words in languages),
        stop=_phrases(words.stop for words in languages),
        bare=_phrases(words.bare for words in languages),
        start=_phrases(words.start for words in languages),
        help=_phrases(words.help for words in languages),
        go_on=frozenset(word for words in languages for word in _words(words.go_on)),
        unspaced_clear=tuple(word for words in unspaced for word in _words(words.clear)),
        unspaced_bare=tuple(
            word for words in unspaced for word in _words(words.bare) if not word.isascii()
        ),
        unspaced_start=frozenset(word for words in unspaced for word in _words(words.start)),
        endings=frozenset(word for words in unspaced for word in _endings(words)),
    )


def _phrases(lists: Iterable[str]) -> _Phrases:
    return frozenset(tuple(phrase) for words in lists for phrase in _split(words))


def _split(words: str) -> Iterator[list[str]]:
    for phrase in words.split("|"):
        if tokens := _tokens(phrase):
            yield tokens


def _words(words: str) -> list[str]:
    return ["".join(tokens) for tokens in _split(words)]


def _endings(words: Words) -> list[str]:
    return ["", *_words(words.endings)]


_COURTESIES_READ = _phrases([_COURTESIES])
_WISHES_READ = _phrases([_WISHES])
_FILLERS_READ = frozenset(_words(_FILLERS))
_OTHER_MEANING_READ = frozenset(_words(_OTHER_MEANING))
_OBJECTS_READ = frozenset(_words(_OBJECTS))
