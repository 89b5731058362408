"""How marketing texts say that one can have no more of them, by language.

A keyword says so when people are told to send it, when it stands before the number it goes to, or
in capitals at the end of the text; a verb such as "unsubscribe" says so anywhere. "The bus will
stop here" says nothing.
"""

import re
from collections.abc import Mapping
from functools import cache

# Sent as an answer. Letters with and without accents, as handsets write them.
KEYWORDS: Mapping[str, str] = {
    "en": "stop|stopall|stopsms|unsub|unsubscribe|optout|opt[ -]?out|quit|cancel|remove|revoke|dnd",
    "ar": "الغاء|إلغاء|ايقاف|إيقاف|أوقف|اوقف|توقف|قف",
    "bg": "стоп|спри|отказ",
    "bn": "বন্ধ|স্টপ",
    "cs": "odhl[aá]sit|zru[sš]it|konec",
    "da": "afmeld|frameld",
    "de": "stopp|abmelden|abbestellen|storno",
    "el": "στοπ|διαγραφ[ηή]|τ[εέ]λος",
    "es": r"(?<!\bla )baja|alto|parar|salir|cancelar",
    "et": "loobu|l[oõ]peta",
    "fi": "lopeta|peruuta",
    "fr": "arr[eê]t|arr[eê]ter|d[eé]sabonner|d[eé]sabo",
    "he": "הסר|הסרה|די|עצור",
    "hi": "बंद|रोकें|स्टॉप",
    "hr": "odjava|odjavi",
    "hu": "leiratkoz[aá]s|leir",
    "id": "berhenti|unreg|batal",
    "it": "annulla|basta|cancella|disiscrivi",
    "ja": "停止|解除|配信停止",
    "ko": "수신거부|거부|해지",
    "lt": "atsisakau|atsisakyti",
    "lv": "atteikties|atsakos",
    "nl": "afmelden|uit|stopzetten",
    "no": "avslutt|avmeld|stopp",
    "pl": "rezygnuj[eę]|rezygnacja|wypisz",
    "pt": "sair|descadastrar|remover",
    "ro": "dezabonare|renunt",
    "ru": "стоп|отписка|отписаться|отмена",
    "sk": "odhl[aá]si[tť]|zru[sš]i[tť]",
    "sv": "stopp|sluta|avsluta|avreg",
    "th": "หยุด|ยกเลิก",
    "tr": "ret|iptal",
    "uk": "стоп|відписка|відмова",
    "vi": "tuchoi|tu choi|từ chối|huy|hủy|tc",
    "zh": "td|rt|[tnr]",
}
# Words of other meanings too: keywords only where they follow the verb at once.
_SHORT = "end|no|out|off|exit|leave|nein|non|nej|nei|nie|ne|ei|le|0{1,4}"
# Telling someone to send.
_TELL: Mapping[str, str] = {
    "en": "reply|text|txt|send|sms|answer|respond|type|message",
    "ar": "[اأ]رسل(?:وا)?|رد|[أا]جب|بإرسال|بارسال|لل?[إا]لغاء|لل?[إا]يقاف",
    "bg": "изпратете|отговорете|прати",
    "bn": "লিখুন|পাঠান",
    "cs": "po[sš]lete|odpov[eě]zte|za[sš]lete|ode[sš]lete",
    "da": "svar",
    "de": r"antwort\w*|send\w*|schreib\w*|schick\w*|mit|per",
    "el": "στε[ιί]λ(?:τε|ε)|απαντ[ηή]στε|απ[αά]ντησε",
    "es": r"respond\w*|env[ií]\w*|mand\w*|escrib\w*|contest\w*",
    "et": "saada|saatke|vasta|vastake",
    "fi": "l[aä]het[aä]|vastaa|l[aä]hett[aä]m[aä]ll[aä]",
    "fr": r"envoy\w*|r[eé]pond\w*|tape[rz]|par",
    "he": "השב|השיבו|שלח|שלחו|להסרה|להשיב",
    "hi": "भेजें|लिखें|रिप्लाई",
    "hr": "po[sš]alji(?:te)?|odgovori(?:te)?",
    "hu": r"v[aá]lasz\w*|k[uü]ld\w*",
    "id": "balas|ketik|kirim|hantar|taip",
    "it": r"rispond\w*|invi\w*|scriv\w*|mand\w*",
    "lt": "si[uų]skite|atsakykite|ra[sš]ykite",
    "lv": "s[uū]tiet|atbildiet|nos[uū]tiet",
    "nl": "antwoord|stuur|beantwoord|reageer",
    "no": "svar|skriv",
    "pl": "wy[sś]lij|odpisz|odpowiedz|napisz",
    "pt": r"respond\w*|envi\w*|mand\w*|digit\w*",
    "ro": r"trimite\w*|r[aă]spunde\w*",
    "ru": r"отправ\w*|ответ\w*|пришлите|напишите",
    "sk": "po[sš]lite|odpovedzte|za[sš]lite",
    "sl": "po[sš]ljite|odgovorite",
    "sr": "po[sš]aljite|пошаљите|одговорите",
    "sv": r"svara|skicka|sms:?a|skriv",
    "th": "พิมพ์|ส่ง|ตอบ",
    "uk": r"надішліть|відправте|відповідайте",
    "vi": "so[aạ]n|g[uử]i|nh[aắ]n|tr[aả] l[oờ]i",
}
# … where the verb stands behind the keyword.
_TOLD_LAST = (
    r"yaz(?:ip|ıp|in|ın|arak|iniz|ınız)?|g[oö]nder\w*|भेजें|भेजे|लिखें|लिखकर|लिख|লিখে|লিখুন|পাঠান"
    r"|senden|schicken|antworten|bhej\w*|likh\w*|p?athan\w*|yazib|gond[eə]r\w*"
    r"|அனுப்ப\w*|పంప\w*|पठा\w*|لکھ|بھیج\w*|לשלוח|ဟု|ብለው"
    "|と?(?:ご?返信|送信)|を(?:返信|送信)|(?:을|를|라고)?\\s?(?:회신|답장|보내)"
)
# Between the verb and the keyword.
_LINK = (
    "back|with|by|the|word|sms|a|an|au|to|us|par|avec|le|mot|con|com|la|el|palabra|palavra|un|una|uns"
    "|sie|mit|det|dit|dette|denne|med|på|met|bericht|nam|nám|na|textom|textem|s|cu|textul|mesaj|egy"
    "|на|слово|смс|с|словом|με|το|μήνυμα|tin|كلمة|برسالة|את|המילה|במילה|הודעה|žinutę|koodi|viesti|č"
)
# Between a keyword and the number that it is sent to.
_TO = (
    "au|aux|to|à|al|an|a|ao|aan|til|till|na|at|la|pe|ke|par|via|by|al n[uú]mero|an die|на|к|по"
    "|στο|ile|kwa|no|numurs?|uz|numeriu|numaras[iı]na|numrile|إلى|الى|על|ל|sa|para|p/|p|í|ne|numeroon|nr|ke|ถึง|ที่|gửi|gui|発|至|到|给"
)
# Verbs and nouns that mean nothing else, wherever they stand.
_PLAIN: Mapping[str, str] = {
    "en": (
        r"unsubscrib\w*|unsub|opt(?:ing|ed|s)?[ \-]?outs?"
        "|stop (?:these |all |our |receiving |getting )?"
        "(?:messages?|texts?|sms|promos?|promotions?|ads|adverts|offers?|marketing)"
        "|no more (?:messages|texts|sms|offers|ads)"
    ),
    "ar": "(?:لل?)?(?:إلغاء|الغاء|إيقاف|ايقاف)|لوقف|لحجب",
    "fa": r"لغو(?:\s?:)?\s?[0-9۰-۹]{1,6}",
    "bg": r"отпи[сш]\w*|отказ\w* от",
    "cs": r"odhl[aá][sš]\w*|nechcete dost[aá]vat",
    "da": r"afmeld\w*|frameld\w*",
    "de": r"abbestell\w*|abmeld\w*|widerruf\w*|austragen",
    "el": r"diagrafi|διαγραφ\w*|απεγγραφ\w*|κατ[αά]ργηση",
    "es": "(?:dar(?:se|te|me)?|date) de baja|no recibir m[aá]s|cancelar (?:la )?suscripci[oó]n"
    r"|desu?s(?:cri|uscri)b\w*|no quieres m[aá]s|dejar de recibir"
    r"|bajas?(?= aqu[ií]|(?: en|:) ?[\w\-]+\.\w|: ?[0-9])",
    "et": r"loobu\w*",
    "fi": r"peruut\w*|est[aä] (?:viestit|markkinointi)|peru (?:viestit|tilaus)|peru(?=:)",
    "fr": r"d[eé]sabonn\w*|d[eé]sinscri\w*|ne plus recevoir",
    "he": "ביטול|הסרה|להסרה|להסיר",
    "hi": "सदस्यता (?:रद्द|समाप्त)|अनसब्सक्राइब",
    "hr": r"odjav\w*|одјав\w*",
    "hu": r"leiratkoz\w*|lemond[aá]s\w*",
    "id": r"berhenti (?:berlangganan|melanggan)|henti langgan\w*|batal langgan\w*",
    "is": r"afskr[aá]\w*",
    "it": r"cancellati(?=:)|disiscri\w*|disdi\w*|annulla\w* l.iscrizione|revoca\w*"
    "|non ricevere pi[uù]",
    "lt": r"atsisak\w*",
    "lv": r"atteik\w*|atsak[aā]ties|atsakieties",
    "nl": r"afmeld\w*|uitschrijv\w*",
    "no": r"avregistrer\w*|avmeld\w*",
    "pl": r"wypis\w*|rezygn\w*",
    "pt": (
        r"descadastr\w*|(?:anular|cancele)(?=:)|cancelar (?:a )?(?:inscrição|subscrição)"
        "|n[aã]o receber mais|deixar de receber"
    ),
    "ro": r"dezabon\w*",
    "ru": r"otpis[ka]\w*|отпис\w*|отказ\w*",
    "sk": r"odhl[aá]s\w*",
    "sv": r"avprenumerer\w*|avregistrer\w*|avbest[aä]ll\w*",
    "sw": r"jiondoe|kujiondoa|kujitoa",
    "tr": r"smsret|ret link\w*|listeden [cç][iı]k\w*|abonelikten"
    "|iptal (?:icin|için|etmek)|almak istemiyorsan[iı]z",
    "uk": r"відпис\w*|відмов\w*",
}
# Scripts that put no space between words.
_UNSPACED = (
    "退订|退訂|拒收|取消订阅|取消訂閱|配信停止|停止[:：]|配信解除|購読解除|受信拒否|수신\\s?거부|수신\\s?해지|수신\\s?동의\\s?철회|不想收到|取消接收|停止接收|メール停止|解除→|ยกเลิก|ไม่รับข่าว|ปฏิเสธรับ|เลิกรับ"
    "|từ chối|hủy đăng ký|অনসাবস্ক্রাইব"
)
_ANSWER = r"(?:回复|回覆|回復|回|发送|發送|发|傳|编辑)\s?[\"“「]?[a-z0-9]{1,4}[\"”」]?"
_REFUSE = "(?:退订|退訂|拒收|取消|退)"
_OPEN = r"[\s:\"'“”‘’„«»‹›「『(*]{1,4}"


def _any(words: Mapping[str, str]) -> str:
    return "|".join(dict.fromkeys("|".join(words.values()).split("|")))


_KEYWORD = rf"(?<!\w)(?:{_any(KEYWORDS)})(?!\w)"
_NUMBER = r"[+*]?[0-9](?:[ .]?[0-9*#]){2,20}"
_BY_REPLY = (
    rf"(?<!\w)(?:{_any(_TELL)})(?:{_OPEN}(?:{_LINK})(?!\w)){{0,3}}{_OPEN}{_KEYWORD}",
    rf"(?<!\w)(?:{_any(_TELL)}){_OPEN}(?:with{_OPEN})?(?:{_SHORT})(?!\w)",
    rf"(?:พิมพ์|ส่ง|ตอบ)(?:{_OPEN})?(?:stop|off|หยุด|ยกเลิก)",
    rf"(?<!\w)ب(?:{KEYWORDS['ar']}|stop)",
    rf"{_KEYWORD}[\"'”’»」』]?\s{{0,3}}(?:{_TOLD_LAST})",
    rf"{_KEYWORD}[\"'”’»」』]?\s{{0,3}}[:\-=>→＞]{{0,2}}\s{{0,3}}(?:(?:sms|pubs?)\s)?(?:(?:{_TO})\s{{1,3}})?(?:sms\s)?{_NUMBER}",
    rf"(?<!\w)(?-i:STOP|ARRET|BAJA)(?:SMS)?{_NUMBER}",
    r"(?<!\w)(?:(?-i:STOP)(?:\s2\s|=)|stop2)(?:end|stop|quit|cancel|unsub|opt[ \-]?out|out)(?!\w)",
    # A number at the end that STOP is sent to, in whatever language.
    r"(?<!\w)(?-i:STOP)(?:\s[^\s0-9]{1,12}){1,2}\s[0-9]{3,6}[^0-9]{0,20}\Z",
    rf"(?<!\w)(?:red|dur)\s(?:{_TOLD_LAST})",
    r"(?<!\w)to stop,?\s(?:please\s)?(?:send|text|sms|call|dial|reply)(?!\w)",
    r"(?-i:STOP)\s(?:au|à|al|ao|to|an)(?!\w)",
    r"(?<!\w)(?:dial|call|marca|marque|composez|aramak)\s?:?\s?\*[0-9*]{2,20}\#",
    rf"{_ANSWER}\s?(?:[至到给給]\s?[0-9]{{3,20}}\s?)?(?:可|即可|以)?{_REFUSE}",
    rf"{_REFUSE}[^\s。]{{0,4}}?{_ANSWER}",
    r"(?:무료\s?)?(?:수신\s?)?(?:거부|해지)\s?[:：]?\s?[0-9][0-9\-]{6,20}",
)
_BY_ANY_WAY = (
    rf"(?<!\w)(?:{_any(_PLAIN)})(?!\w)",
    _UNSPACED,
    # In capitals at the end, for those who know what it is for.
    r"(?<!\w)(?-i:STOP|ARRET|ARRÊT|BAJA|SAIR|RET|RED|RT|TD|T|СТОП|UNSUB|DND)[\s.!\"'”’»)\]]{0,4}\Z",
    r"(?<!\w)(?:dnd|ret|rt|td|stop)\s?:\s?(?:https?://|www\.|[a-z0-9\-]{2,30}\.[a-z]{2})",
)


@cache
def reply_pattern() -> re.Pattern[str]:
    """Return what matches the offer to answer with a keyword."""
    return re.compile("|".join(_BY_REPLY), re.IGNORECASE)


@cache
def opt_out_pattern() -> re.Pattern[str]:
    """Return what matches any offer to get no more messages."""
    return re.compile("|".join((*_BY_REPLY, *_BY_ANY_WAY)), re.IGNORECASE)
