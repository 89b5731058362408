"""What people write around a number: "Mobile: …", "WhatsApp …", "tel:…", "… (private)".

Only words that say nothing but "this is the number". "Old number", "fax" or a name could mean that
it is not, so a cell with such a word is refused, and its number offered.
"""

import unicodedata
from urllib.parse import unquote

import regex

_WORDS = (
    # English, and services
    "mobile mob mobil mobiles cell cellular cellphone phone telephone tel tele telno "
    "number num nr nbr contact call sms text to gsm msisdn handphone hp hph ph mbl "
    "m p t c primary main personal private work business whatsapp whatsap wa wapp "
    "viber signal telegram tg wechat weixin line imo zalo kakao imessage smsto callto "
    # Other Latin scripts
    "handy handynr handynummer mobilnummer mobilnr mobiltelefon mobilfunk "
    "mobilfunknummer telefon telefonnummer telefonnr rufnummer privat dienstlich "
    "geschäftlich portable tél téléphone telephone numéro numero móvil movil "
    "celular cel cél teléfono telefono tfno telf tlf tlfno número telefone telemóvel "
    "telemovel fone contato contacto cellulare telefoon mobiel nummer puhelin puh "
    "matkapuhelin kännykkä komórka kom komórkowy numer telefonszám mobilszám numara "
    "numarası cep telefonu telp telepon nomor ponsel bimbit sđt số điện thoại di động "
    "đt dđ mobitel broj telefono tālrunis telefonas mobilus "
    # Cyrillic and Greek
    "тел телефон телефону моб мобильный мобільний мобилен мобилни сотовый номер "
    "ватсап вотсап вайбер телеграм κιν κινητό κινητο τηλ τηλέφωνο τηλεφωνο αριθμός "
    # Arabic, Persian, Hebrew
    "جوال الجوال موبايل الموبايل هاتف الهاتف رقم نقال النقال محمول المحمول تلفون "
    "تليفون واتساب واتس موبایل تلفن همراه شماره נייד טלפון טל פלאפון סלולרי מספר "
    "ווטסאפ וואטסאפ "
    # Asia
    "मोबाइल फोन फ़ोन नंबर नम्बर মোবাইল ফোন নম্বর โทร โทรศัพท์ "
    "มือถือ เบอร์ เบอร์โทร เบอร์มือถือ 手机 手機 手机号 手機號 手机号码 "
    "手機號碼 电话 電話 电话号码 電話號碼 号码 號碼 联系电话 聯絡電話 微信 携帯 携帯電話 携帯番号 "
    "電話番号 番号 휴대폰 휴대전화 핸드폰 전화 전화번호 번호 연락처 "
)
_LABELS = frozenset(unicodedata.normalize("NFC", _WORDS).split())
_TELEPHONES = frozenset("☎☏✆📞📱📲💬")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_NUMBER = regex.compile(r"[+(\[]*[0-9].*[0-9][)\]]*", regex.DOTALL)
# RFC 3966 (tel), RFC 5724 (sms), and their like.
_URI = regex.compile(r"(?:tel|sms|smsto|callto|whatsapp):(?://)?([^;?]*)(.*)", regex.I)
_CONTEXT = regex.compile(r";phone-context=(\+[0-9.()\-]{1,15})(?:;|\Z)", regex.I)
_EXTENSION = regex.compile(r";ext=", regex.I)


def number_in(cell: str) -> str | None:
    """Return a number without the labels around it; None when there is anything else."""
    uri = _URI.fullmatch(cell)
    if uri is not None:
        return _of_uri(unquote(uri[1]), uri[2])
    found = _NUMBER.search(cell)
    if found is None:
        return None
    around = f"{cell[: found.start()]} {cell[found.end() :]}"
    words = _WORD.findall(unicodedata.normalize("NFC", around.casefold()))
    labelled = words or not _TELEPHONES.isdisjoint(around)
    return found[0] if labelled and _LABELS.issuperset(words) else None


def _of_uri(number: str, parameters: str) -> str | None:
    """Return the number of a URI; None with an extension, which takes no texts."""
    if _EXTENSION.search(parameters):
        return None
    context = _CONTEXT.search(parameters)
    if context is not None and not number.startswith("+"):
        return context[1] + number
    return number.strip()
