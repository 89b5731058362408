"""What replies ask for: words of each language, sentences that begin with them, and traps."""

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.keywords import LONGEST, Keyword, keyword_of
from sending.sms.opt_words import LANGUAGES
from templates_app.lint.opt_out import KEYWORDS

STOP = [
    # English, in every country.
    ("STOP", "GB"), ("stop", "HK"), ("Stop.", "US"), (" STOP \n", "JP"), ("STOP!!!", ""),
    ('"STOP"', "US"), ("S.T.O.P.", "US"), ("stoppp", "US"), ("S T O P", "GB"),
    ("ＳＴＯＰ", "JP"), ("\u202aSTOP\u202c", "GB"), ("S\u200bTOP", "GB"), ("🛑 STOP", "US"),
    ("STOP 12345", "US"), ("stop please", "GB"), ("Pls stop", "SG"), ("STOP ALL", "US"),
    ("stopall", "US"), ("Stop it now", "US"), ("STOP NOW PLEASE", "US"), ("Opt out", "US"),
    ("OPT-OUT", "US"), ("optout", "US"), ("UNSUBSCRIBE", "US"), ("unsubscribe me please", "GB"),
    ("Remove me from your list", "US"), ("REMOVE", "US"), ("cancel", "US"), ("Cancel texts", "US"),
    ("END", "US"), ("quit", "US"), ("Revoke", "US"), ("STOP2END", "US"), ("Stop?", "US"),
    # As the first word of a sentence.
    ("Stop sending me these", "GB"), ("Stop texting this number!", "US"),
    ("Stop these messages", "GB"), ("STOP messaging me or I will call the police", "GB"),
    ("Please stop texting me", "US"), ("Can you stop sending these?", "US"),
    ("Who is this? Stop texting me.", "US"), ("Wrong number. STOP", "US"),
    ("hi, stop sending me messages", "US"), ("I want to unsubscribe", "US"),
    ("I'd like to opt out of this", "US"), ("Could you please stop calling", "GB"),
    # Other languages, in their countries.
    ("ARRÊT", "FR"), ("Arret svp", "FR"), ("arrêtez d'envoyer", "CI"), ("Désabonner", "BE"),
    ("se désabonner", "CA"), ("BAJA", "ES"), ("Alto", "MX"), ("cancelar", "CO"),
    ("Dar de baja por favor", "ES"), ("SAIR", "BR"), ("Parar", "PT"), ("Pare de enviar", "BR"),
    ("Abmelden", "DE"), ("abmelden bitte", "AT"), ("Stopp", "CH"), ("Stopp bitte keine SMS", "DE"),
    ("退订", "CN"), ("退訂", "HK"), ("拒收", "TW"), ("请退订", "CN"), ("退订谢谢", "CN"),
    ("TD", "CN"), ("T", "CN"), ("n", "TW"), ("R", "HK"), ("回复太多，退订", "CN"),
    ("SLUTA", "SE"), ("sluta skicka sms", "SE"), ("STOPP", "NO"), ("AFMELD", "DK"),
    ("Afmelden", "NL"), ("Basta", "IT"), ("Annulla", "IT"), ("Rezygnuję", "PL"),
    ("Odhlásit", "CZ"), ("RET", "TR"), ("İptal", "TR"), ("ıptal", "TR"), ("СТОП", "RU"),
    ("Стоп, хватит", "RU"), ("отписаться", "KZ"), ("СТОП", "UA"), ("إيقاف", "AE"),
    ("الغاء", "EG"), ("إِلْغَاء", "SA"), ("הסר", "IL"), ("הסר אותי בבקשה", "IL"), ("หยุด", "TH"),
    ("หยุดส่งข้อความ", "TH"), ("ยกเลิก", "TH"), ("TC", "VN"), ("Từ chối", "VN"), ("TUCHOI", "VN"),
    ("Berhenti", "ID"), ("BATAL", "MY"), ("बंद", "IN"), ("बंद करो", "IN"), ("수신거부", "KR"),
    ("수신거부합니다", "KR"), ("停止", "JP"), ("停止してください", "JP"), ("配信停止希望", "JP"),
    ("ΣΤΟΠ", "GR"), ("Dezabonare", "RO"), ("Leiratkozás", "HU"), ("lopeta", "FI"),
    ("বন্ধ", "BD"), ("Odjava", "HR"), ("بند", "PK"),
]  # fmt: skip
START = [
    ("START", "US"), ("Start please", "GB"), ("unstop", "US"), ("Opt in", "US"), ("YES", "US"),
    ("START 12345", "US"), ("取消退订", "CN"), ("DEMARRER", "FR"), ("Старт", "RU"), ("ALTA", "ES"),
]  # fmt: skip
HELP = [("HELP", "US"), ("Info", "GB"), ("Aide", "FR"), ("Hilfe", "DE"), ("AYUDA", "MX")]
NOTHING = [
    ("We must STOP this bill", "US"), ("Don't stop", "US"), ("dont stop sending these", "US"),
    ("Stop by tomorrow", "US"), ("Stop by", "US"), ("The bus stop is closed", "GB"),
    ("I want to stop smoking", "US"), ("Reply STOP to opt out", "US"), ("Non-stop!", "US"),
    ("If you see a red light, stop", "US"), ("Stop the boat on Monday at nine", "GB"),
    ("Stop what you are doing and look", "US"), ("cancel my appointment", "US"),
    ("Cancel order", "US"), ("Please cancel the table for tonight", "GB"), ("the end", "US"),
    ("End of the month works", "US"), ("Remove the parcel from the porch", "US"),
    ("T", "GB"), ("N", "US"), ("R", "FR"), ("TD", "GB"), ("ret", "GB"), ("baja", "GB"),
    ("Alto precio, no gracias", "ES"), ("La baja temperatura", "ES"), ("TC kimlik", "TR"),
    ("不退订", "CN"), ("怎么退订", "CN"), ("ยกเลิกนัด", "TH"), ("停止中の電車", "JP"),
    ("Start date?", "US"), ("Yes I can come at nine", "US"), ("Can you help me", "US"),
    ("No", "US"), ("ok thanks", "GB"), ("", "US"), ("   ", "US"), ("👍", "US"), ("12345", "US"),
    ("Uit eten vanavond?", "NL"), ("cancelar la cita del lunes", "ES"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "country"), STOP)
def test_these_ask_for_the_end(text, country):
    assert keyword_of(text, country) is Keyword.STOP


@pytest.mark.parametrize(("text", "country"), START)
def test_these_ask_to_begin_again(text, country):
    assert keyword_of(text, country) is Keyword.START


@pytest.mark.parametrize(("text", "country"), HELP)
def test_these_ask_for_help(text, country):
    assert keyword_of(text, country) is Keyword.HELP


@pytest.mark.parametrize(("text", "country"), NOTHING)
def test_these_ask_for_nothing(text, country):
    assert keyword_of(text, country) is None


def test_the_tables_are_of_many_languages():
    countries = {country for _text, country in STOP}
    assert len(STOP) >= 60
    spoken = [words for words in LANGUAGES.values() if countries & set(words.countries.split())]
    assert len(spoken) >= 20


def _spellings(pattern: str) -> Iterator[str]:
    """Yield what an alternation of templates_app.lint.opt_out can be spelled as."""
    for word in re.split(r"\|(?![^\[]*\])", re.sub(r"\(\?<!.*?\)", "", pattern)):
        parts = re.findall(r"(\[[^\]]*\]|.)(\??)", word)
        choices = [
            [*(part.strip("[]") if part[0] == "[" else [part]), *([""] if may_miss else [])]
            for part, may_miss in parts
        ]
        yield from map("".join, itertools.product(*choices))


@pytest.mark.parametrize("language", KEYWORDS)
def test_what_a_text_may_tell_people_to_send_is_understood(language):
    country = (LANGUAGES[language].countries.split() or ["GB"])[0]
    spellings = [*_spellings(KEYWORDS[language])]
    assert spellings
    both = [written for word in spellings for written in (word, word.upper())]
    assert [w for w in both if keyword_of(w, country) is not Keyword.STOP] == []


@given(st.text(max_size=2 * LONGEST), st.sampled_from(["", "GB", "CN", "TH", "JP", "EG"]))
def test_any_text_can_be_read(text, country):
    assert keyword_of(text, country) in {None, *Keyword}


@pytest.mark.parametrize("text", ["please " * 50_000, "s" * 300_000 + "top", "退订" * 100_000])
def test_a_long_text_is_read_no_further_than_its_beginning(text):
    keyword_of(text, "CN")
    assert keyword_of("x " * LONGEST + ". STOP", "GB") is None
