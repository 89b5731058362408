"""Words the rules look for, by language, and characters no text may hold."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

# An OTP says that it is a code. Beginnings of words, so that inflected ones count.
CODE_WORDS: Mapping[str, tuple[str, ...]] = {
    "ar": ("رمز", "كود", "الرمز"),
    "cs": ("kód",),
    "da": ("kode",),
    "de": ("code", "kode"),
    "el": ("κωδικ",),
    "en": ("code", "passcode", "otp", "pin"),
    "es": ("código", "codigo", "clave"),
    "fi": ("koodi",),
    "fr": ("code",),
    "he": ("קוד", "הקוד"),
    "hi": ("कोड", "ओटीपी"),
    "hu": ("kód",),
    "id": ("kode",),
    "it": ("codice",),
    "ja": ("コード", "認証番号", "確認番号"),
    "ko": ("코드", "인증번호"),
    "ms": ("kod",),
    "nl": ("code",),
    "pl": ("kod",),
    "pt": ("código", "codigo"),
    "ro": ("cod",),
    "ru": ("код",),
    "sv": ("kod",),
    "th": ("รหัส",),
    "tr": ("kod", "şifre"),
    "uk": ("код",),
    "vi": ("mã",),
    "zh": ("验证码", "驗證碼", "校验码", "动态码", "確認碼"),
}
# Written without spaces between words: a word may begin anywhere.
_UNSPACED = frozenset({"ja", "ko", "th", "zh"})

# How a marketing text says that one can have no more of it: by an answer …
_BY_REPLY = (
    (
        r"\b(?:reply|text|txt|send|answer)\s+(?:with\s+)?[\"'“‘]?"
        r"(?:stop\w*|unsub\w*|opt[\s\-]?out|quit|end|cancel|no|out|td|[tnr]|0000)\b"
    ),
    r"\bstop\s+(?:au|to|à|an|al|a)\s+[0-9]{3,}",
    r"\b(?:envoyez|répondez|répondre)\s+[\"«]?\s?stop\b",
    r"\b(?:responda|responde|envíe|envía|envie)\s+(?:con\s+)?[\"“]?(?:baja|stop|salir|sair|parar)\b",
    r"\b(?:antworte\w*|sende\w*)\s+(?:sie\s+)?(?:mit\s+)?[\"„]?(?:stop\w*|abmelden)\b",
    r"\b(?:rispondi|invia)\s+[\"“]?(?:stop|no)\b",
    r"\b(?:balas|ketik|hantar)\s+[\"“]?(?:stop|berhenti|unreg|batal)\b",
    r"\b(?:ret|iptal|red)\s+yaz",
    r"(?:回复|回覆|回復|回)\s*[A-Za-z0-9]{1,4}\s*(?:退订|退訂|拒收)",
    r"(?:退订|退訂|拒收)\S{0,3}?(?:回复|回覆|回復|回)\s*[A-Za-z0-9]{1,4}",
)
# … or in any other way.
_BY_ANY_WAY = (
    r"\bunsubscrib\w*|\bopt(?:ing)?[\s\-]?out\b|\bstop\s+(?:messages|texts|sms)\b",
    r"\b(?:désabonn|désinscri|se\s+désinscrire)\w*",
    r"\b(?:darse\s+de\s+baja|cancelar\s+(?:la\s+)?suscripción|descadastr\w*|cancelar\s+inscrição)",
    r"\b(?:abbestell|abmeld)\w*",
    r"\b(?:disiscri|annulla\w*\s+l.iscrizione)\w*",
    r"\b(?:afmeld|uitschrijv|avregistrer|avmeld|peruut)\w*",
    r"\bberhenti\s+(?:berlangganan|melanggan)|\bhenti\s+langgan\w*",
    r"\bотпис\w*|\bотказ\w*|\bвідпис\w*|\bwypis\w*",
    r"退订|退訂|拒收|取消订阅|取消訂閱|配信停止|配信解除|購読解除|수신\s?거부|ยกเลิก|từ\s+chối|hủy\s+đăng\s+ký",
    r"إلغاء\s+الاشتراك|ביטול|הסרה",
)
OPT_OUT_BY_REPLY = re.compile("|".join(_BY_REPLY), re.IGNORECASE)
OPT_OUT = re.compile("|".join((*_BY_REPLY, *_BY_ANY_WAY)), re.IGNORECASE)

# Names that identify nobody.
# fmt: off
GENERIC_NAMES: frozenset[str] = frozenset((
    "test", "testing", "tests", "demo", "sample", "example", "aabb", "abc", "abcd", "asdf",
    "qwerty", "xxx", "code", "codes", "otp", "pin", "verification", "verification code", "verify",
    "auth", "notification", "notifications", "notice", "info", "information", "message",
    "messages", "msg", "sms", "text", "alert", "alerts", "service", "services", "support",
    "customer service", "hello", "welcome", "company", "our company", "my company", "shop",
    "store", "brand", "signature", "sender", "admin", "system", "none", "null", "unknown",
    "marketing", "promo", "promotion", "offer", "bank", "delivery", "order",
    "测试", "測試", "验证码", "驗證碼", "通知", "短信", "信息", "公司", "客服", "签名", "簽名",
    "系统", "提醒", "テスト", "お知らせ", "認証", "테스트", "알림", "인증",
))
# fmt: on

# Brackets could be taken for a signature's; the rest is refused by networks or shown as garbage.
FORBIDDEN = re.compile(r"[\[\]【】〖〗〔〕［］★☆※☞☜√♥♡♪]|\^_\^")
# Joiners belong to scripts and emoji; a line feed may be written.
_VISIBLE_FORMATS = frozenset("\n\r\u200c\u200d")


def has_code_word(text: str, languages: Collection[str] | None) -> bool:
    """Return whether a text says "code" in one of the languages (None: in any we know)."""
    lowered = text.casefold()
    for language, words in CODE_WORDS.items():
        if languages is not None and language not in languages:
            continue
        start = "" if language in _UNSPACED else r"(?<!\w)"
        if re.search(start + f"(?:{'|'.join(map(str.casefold, words))})", lowered):
            return True
    return False


def invisible(characters: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the place of each control or hidden character, and the character."""
    for position, character in enumerate(characters):
        if character.isprintable() or character in _VISIBLE_FORMATS:
            continue
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}:
            yield position, character


def codepoint(character: str) -> str:
    """Return `U+2019` for a character."""
    return f"U+{ord(character):04X}"


def name(character: str) -> str:
    """Return the Unicode name of a character, or its code point where it has none."""
    return unicodedata.name(character, codepoint(character))
