"""Words and symbols the rules look for, by language."""

import re
from collections.abc import Collection, Mapping

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
