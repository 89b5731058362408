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
    "m p t c w h hand primary main personal private work home office business whatsapp "
    "whatsap watsap whats whatsup wtsp wa wapp wsp wpp zap my "
    "viber signal telegram tg wechat weixin line imo zalo kakao imessage smsto callto "
    # Other Latin scripts
    "handy handynr handynummer mobilnummer mobilnr mobiltelefon mobilfunk "
    "mobilfunknummer mobilfunknr mobiltel telefon telefonnummer telefonnr rufnummer rufnr "
    "natel privat dienstlich nummer mobiele telefoonnummer tlfnr selfoon sel selnommer "
    "geschäftlich portable port perso cellulaire tél téléphone telephone numéro numero "
    "móvil móv movil teléf telef tf "
    "celular cel cél teléfono telefono tfno telf tlf tlfno número telefone telemóvel "
    "telemovel fone contato contacto cellulare telefoon mobiel nummer puhelin puh "
    "matkapuhelin matkapuh kännykkä sími farsími komórka kom komórkowy numer mobilní číslo "
    "telefonní mobilné telefónne č telefonszám mobilszám szám număr numărul numara "
    "numarası cep telefonu telp telepon nomor ponsel bimbit sđt số điện thoại di động "
    "đt dđ đtdđ mobitel mobitela mobilni broj br telefona kontakt telefono tālrunis tālr "
    "mobilais telefonas mobilus telefoni telefonit numri celulari telepono simu namba nambari "
    "mkononi raqami "
    # Cyrillic and Greek
    "тел телефон телефону телефона моб мобильный мобільний мобилен мобилни сотовый сот "
    "контактный контакт номер број ұялы рақами утас утасны дугаар "
    "ватсап вотсап вайбер телеграм κιν κινητό κινητο τηλ τηλέφωνο τηλεφώνου τηλεφωνο αρ "
    "αριθμός ტელ ტელეფონი მობილური հեռ հեռախոս "
    # Arabic, Persian, Hebrew
    "جوال الجوال موبايل الموبايل هاتف الهاتف رقم نقال النقال محمول المحمول تلفون "
    "تليفون ت واتساب الواتساب واتس اب موبایل تلفن همراه شماره تماس موبائل فون نمبر رابطہ "
    "נייד טלפון טל פלאפון סלולרי מספר מס ווטסאפ וואטסאפ "
    # Asia
    "मोबाइल मो फोन फ़ोन नंबर नम्बर नं दूरभाष संपर्क व्हाट्सएप মোবাইল ফোন নম্বর নং "
    "மொபைல் தொலைபேசி கைபேசி మొబైల్ ఫోన్ ಮೊಬೈಲ್ ಫೋನ್ മൊബൈൽ ഫോൺ મોબાઇલ ફોન ਮੋਬਾਈਲ ਫੋਨ දුරකථන "
    "โทร โทรศัพท์ โทรศัพท์มือถือ มือถือ เบอร์ เบอร์โทร เบอร์โทรศัพท์ เบอร์มือถือ "
    "หมายเลขโทรศัพท์ ទូរស័ព្ទ លេខទូរស័ព្ទ ဖုန်း ဖုန်းနံပါတ် ໂທ ເບີໂທ "
    "移动电话 流動電話 手提電話 手提 ケータイ モバイル 手机 手機 手机号 手機號 手机号码 "
    "手機號碼 电话 電話 电话号码 電話號碼 号码 號碼 联系电话 聯絡電話 微信 携帯 携帯電話 携帯番号 "
    "電話番号 番号 휴대폰 휴대폰번호 휴대전화 핸드폰 핸드폰번호 모바일 전화 전화번호 번호 연락처 "
)
# Between labels: "número de teléfono", "numri i telefonit".
_LINKS = frozenset(["de", "do", "da", "di", "del", "du", "i", "ya", "za", "за"])
_LABELS = frozenset(unicodedata.normalize("NFKC", _WORDS.casefold()).split())
# "No." is a number beside some words, and a no beside others: "no SMS", "WhatsApp: no".
_NUMBER_SIGN = regex.compile(
    r"№|\bn[º°]|\bn\.º"
    r"|\b(?:mobile|mob|cell|cellphone|phone|telephone|tel|telefon|ph|hp|h/p|handphone|contact|gsm|cep"
    r"|wa|whatsapp)\.?\s?nos?\b"
    r"|\bno\.?\s?(?:hp|telp?|telepon|handphone|ponsel|wa)\b"
)
_TELEPHONES = frozenset("☎☏✆📞📱📲💬")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_NUMBER = regex.compile(r"[+(\[]*[0-9].*[0-9][)\]]*", regex.DOTALL)
# RFC 3966 (tel), RFC 5724 (sms), and their like.
_URI = regex.compile(
    r"(?:tel|sms|smsto|callto|whatsapp):(?://)?([^;?]*)((?:;[a-z\-]+(?:=[^;?]*)?)*)(?:\?.*)?",
    regex.I,
)
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
    around = _NUMBER_SIGN.sub(" number ", around.casefold())
    words = set(_WORD.findall(unicodedata.normalize("NFKC", around)))
    labelled = not (_LABELS.isdisjoint(words) and _TELEPHONES.isdisjoint(around))
    return str(found[0]) if labelled and words <= _LABELS | _LINKS else None


def _of_uri(number: str, parameters: str) -> str | None:
    """Return the number of a URI; None with an extension, which takes no texts."""
    if _EXTENSION.search(parameters):
        return None
    context = _CONTEXT.search(parameters)
    if context is not None and not number.startswith("+"):
        return f"{context[1]}{number}"
    return number.strip()
