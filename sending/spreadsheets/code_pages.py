"""The encodings that text files come in, and where programs write them."""

from collections.abc import Mapping

UTF_16_32 = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
# Those that cannot be proven. Windows pages come first, the commonest of them before the others: of
# several that give the same text the first one is taken.
COMMON = (
    "cp1252",
    "cp1250",
    "cp1251",
    "gb18030",
    "big5",
    "cp950",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8-r",
    "mac-roman",
)
# What "CSV (MS-DOS)", "CSV (Macintosh)" and programs of Unix write.
RARE = (
    "iso8859-2",
    "iso8859-5",
    "iso8859-7",
    "iso8859-9",
    "iso8859-15",
    "cp850",
    "cp437",
    "cp852",
    "cp866",
    "cp857",
    "cp737",
    "euc_jp",
    "koi8-u",
    "mac-latin2",
    "mac-cyrillic",
    "mac-greek",
    "mac-turkish",
)
LEGACY = (*COMMON, *RARE)
MULTIBYTE = frozenset({"gb18030", "big5", "cp950", "big5hkscs", "cp932", "cp949", "euc_jp"})
# The page of Windows for the same languages.
_WINDOWS_PAGES = {
    "cp1252": "mac-roman iso8859-15 cp850 cp437",
    "cp1250": "iso8859-2 cp852 mac-latin2",
    "cp1251": "iso8859-5 cp866 koi8-u mac-cyrillic",
    "cp1253": "iso8859-7 cp737 mac-greek",
    "cp1254": "iso8859-9 cp857 mac-turkish",
    "big5": "cp950 big5hkscs",
    "cp932": "euc_jp",
}
_WINDOWS_PAGE = {name: page for page, names in _WINDOWS_PAGES.items() for name in names.split()}

# Calling code -> the encodings of a spreadsheet program in that country.
_CALLING_CODES = {
    "cp1252": "1 27 31 32 33 34 351 352 353 354 358 39 41 43 44 45 46 47 49 51 52 54 55 56 57 58"
    " 61 64 298 500 501 502 503 504 505 506 507 509 590 591 592 593 594 595 596 597 598 60 62 63"
    " 65 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241"
    " 242 243 244 245 250 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 297 299"
    " 376 377 852 853 350",
    "cp1250": "36 40 48 355 381 382 385 386 387 420 421 383",
    "cp1251": "7 359 373 374 375 380 381 387 389 976 992 993 996 998",
    "koi8-r": "7 380 375",
    "cp1253": "30 357",
    "cp1254": "90 994",
    "cp1255": "972",
    "cp1256": "20 212 213 216 218 249 92 93 98 961 962 963 964 965 966 967 968 970 971 973 974 222",
    "cp1257": "370 371 372",
    "cp1258": "84",
    "cp874": "66",
    "cp932": "81",
    "cp949": "82",
    "gb18030": "86 852 853 65",
    "big5": "886 852 853",
}


def windows_page(encoding: str) -> str:
    """Return the page of Windows for the languages of an encoding: itself, or another."""
    return _WINDOWS_PAGE.get(encoding, encoding)


def of_country(digits: str) -> frozenset[str]:
    """Return the Windows pages written where a number with its calling code belongs."""
    prefix = next((digits[:n] for n in (3, 2, 1) if digits[:n] in _BY_CALLING_CODE), "")
    return _BY_CALLING_CODE.get(prefix, frozenset())


def _by_calling_code() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for encoding, codes in _CALLING_CODES.items():
        for code in codes.split():
            found.setdefault(code, set()).add(encoding)
    return {code: frozenset(encodings) for code, encodings in found.items()}


_BY_CALLING_CODE = _by_calling_code()
