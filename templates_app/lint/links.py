"""Links in a text: what a handset would underline, and not the end of a sentence."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

# Domains people write without a scheme: the usual generic ones, and any country's (two letters, but
# not the clock's am and pm) behind a name of two. "ready.Please", "v1.2" and "a.is" are no links.
_GENERIC = (
    "com|net|org|info|biz|edu|gov|mil|int|app|dev|xyz|top|site|online|shop|store|link|click|live|"
    "life|page|club|vip|pro|tech|cloud|mobi|name|asia|web|blog|news|bank|travel|example|test|"
    "icu|cyou|win|bid|loan|loans|monster|website|space|fun|buzz|group|ltd|email|support|services|"
    "solutions|agency|world|deals|finance|money|cash|credit|insurance|gift|gifts|promo|host|zip|mov|"
    "digital|network|software|systems|company|business|center|studio|guru|ninja|wiki|download|stream|"
    "review|trade|gdn|lol|pics|quest|beauty|sbs|cfd|bond|bet|casino|games|chat|social|photo|photos|"
    "museum|jobs|coop|tel|cat|post|delivery|express|limited|capital|tax|tickets"
)
# ISO 3166 and IANA, without am: a clock's, more often than Armenia's.
_COUNTRY_CODES = (
    "ac ad ae af ag ai al ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz "
    "ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu "
    "gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr "
    "kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt "
    "mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pn pr ps pt "
    "pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz "
    "tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf "
    "ws ye yt za zm zw"
)
_COUNTRY = f"(?:{'|'.join(_COUNTRY_CODES.split())})"
_ASCII_TOP = rf"{_GENERIC}|{_GENERIC.upper()}|(?i:com|xn--[a-z0-9\-]{{2,59}})"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_IP = rf"(?<![0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9]|\.[0-9])(?::[0-9]{{1,5}})?(?:[/?#][!-~]*)?"
# Of the web, and of programs: "whatsapp://send", "upi://pay".
_SCHEME = r"(?i:[a-z][a-z0-9+\-]{1,15})://"
# Top-level domains in other scripts (IANA), of countries first. Only these: "готово.Приходите" is
# two sentences.
_OTHER_TOP = (
    "рф|рус|бел|бг|укр|срб|мкд|мон|қаз|ею|ευ|ελ|հայ|გე|ישראל|中国|中國|香港|澳門|澳门|台湾|台灣|新加坡|한국"
    "|ไทย|ລາວ|भारत|भारतम्|भारोत|ভারত|বাংলা|ভাৰত|ਭਾਰਤ|ભારત|ଭାରତ|இந்தியா|இலங்கை|சிங்கப்பூர்|భారత్|ಭಾರತ"
    "|ഭാരതം|ලංකා|الاردن|السعودية|السعودیة|امارات|مصر|المغرب|تونس|الجزائر|سورية|سوريا|عمان|فلسطين|قطر"
    "|ایران|پاکستان|عراق|مليسيا|سودان|البحرين|موريتانيا|اليمن|بھارت|بارت|ڀارت"
    "|онлайн|сайт|орг|дети|ком|москва|公司|网络|網路|網絡|网址|网站|網站|在线|中文网|商城|商店|集团|手机|购物"
    "|网店|移动|信息|游戏|娱乐|企业|我爱你|みんな|コム|ストア|セール|クラウド|닷컴|닷넷|कॉम|नेट|संगठन|คอม|קום"
    "|شبكة|موقع|بازار|كوم|همراه"
)
_LABELS = r"(?:[A-Za-z0-9\-]+\.)*[0-9\-]*[A-Za-z][A-Za-z0-9\-]*"
_LINK = (
    r"(?<![A-Za-z0-9@.\-])(?:"
    rf"{_SCHEME}[!-~]+|{_IP}"
    r"|(?i:www)\.[!-~]+"
    r"|(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}/[!-~]*"
    rf"|(?:{_LABELS}\.(?:{_ASCII_TOP})|(?=[A-Za-z0-9\-]{{2}}){_LABELS}\.{_COUNTRY})"
    r"(?::[0-9]+)?(?:[?#][!-~]*)?(?![A-Za-z0-9\-])"
    r")"
)
# The same for text that is not all ASCII. A label is of scripts with spaces between words or of
# those without, never both: "详情请看lumen.cn". It is taken whole or not at all (possessive), so
# that a search stays linear.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_SPACED = rf"[[\p{{L}}\p{{M}}\p{{N}}\-]--[{_UNSPACED}]]"
_LABEL = rf"(?:{_SPACED}++|[{_UNSPACED}]++)"
_DOT = r"[.．]"
_HOST = (
    rf"(?:{_LABEL}{_DOT})*(?=[0-9\-]*+\p{{L}}){_LABEL}{_DOT}"
    rf"(?:(?:{_ASCII_TOP})(?![A-Za-z0-9\-])|(?:{_OTHER_TOP})(?![\p{{L}}\p{{M}}\p{{N}}\-]))"
)
_NATIONAL_HOST = (
    rf"(?={_SPACED}{{2}}|[{_UNSPACED}])(?:{_LABEL}{_DOT})*(?=[0-9\-]*+\p{{L}}){_LABEL}{_DOT}"
    rf"{_COUNTRY}(?![A-Za-z0-9\-])"
)
_WIDE_LINK = (
    rf"(?<![@.．])(?:(?<!{_SPACED})(?={_SPACED})|(?<![{_UNSPACED}])(?=[{_UNSPACED}]))(?:"
    rf"{_SCHEME}(?=[!-~\p{{L}}])(?:{_HOST}|{_NATIONAL_HOST})?[!-~]*|{_IP}"
    rf"|(?i:www){_DOT}(?=[!-~\p{{L}}])(?:{_HOST}|{_NATIONAL_HOST})?[!-~]*"
    r"|(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}/[!-~]*"
    rf"|(?:{_HOST}|{_NATIONAL_HOST})(?::[0-9]+)?(?:[/?#][!-~]*)?"
    r")"
)
# An e-mail address is no link, though both its halves may look like one.
_EMAIL = re.compile(r"(?<![\w.%+\-@/?#=&])[\w.%+\-]{1,64}@(?:[\w\-]{1,63}\.)+[\w\-]{2,63}")
_AFTER_A_LINK = ".,;:!?)'\""


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where links start and end, without the punctuation that follows them."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: "\0" * len(found[0]), text)
    for found in _pattern(wide=not text.isascii()).finditer(text):
        yield found.start(), found.start() + len(found[0].rstrip(_AFTER_A_LINK))


@cache
def _pattern(*, wide: bool) -> Any:
    """Compile what finds links when a text needs it: programs that never ask start sooner."""
    return regex.compile(_WIDE_LINK, regex.V1) if wide else re.compile(_LINK)


def may_hold_link(text: str) -> bool:
    """Tell whether the text may contain a link: every link has a dot or a scheme."""
    return "." in text or "://" in text or "．" in text


def first_link(text: str) -> str | None:
    """Return the first link of a text, if any."""
    if not may_hold_link(text):
        return None
    return next((text[start:end] for start, end in links(text)), None)
