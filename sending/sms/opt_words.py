"""The words by which people stop and start getting texts, by language.

Spelled as `keywords` reads them: lower case, without accents and punctuation. What text templates
may tell people to send (templates_app/lint/opt_out.py) is understood; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language and the countries in which they count; phrases have spaces.

    `clear` words mean nothing else: a sentence that begins with one says so, however it goes on.
    `stop` words are verbs of other meanings too ("stop by tomorrow"). `bare` ones are so common
    that they count only alone or with a courtesy. `go_on` is what follows a stop word in a
    sentence that means texts ("stop sending me these").
    """

    countries: str
    clear: str = ""
    stop: str = ""
    bare: str = ""
    start: str = ""
    help: str = ""
    go_on: str = ""
    # Scripts without spaces: what may stand around the word.
    endings: str = ""


# Languages are separated by lines, words by |.
LANGUAGES: Mapping[str, Words] = {
    "en": Words(
        "",
        clear="unsubscribe|unsub|unsubscribed|optout|opt out|stopall|stop all|stopsms|stop2end"
        "|stop2stop|remove me|take me off|dnd|opt me out",
        stop="stop",
        bare="end|quit|cancel|revoke|remove|out|off|exit|leave|no more",
        start="start|unstop|optin|opt in|subscribe|resubscribe|yes",
        help="help|info",
        go_on="sending|texting|messaging|contacting|spamming|bothering|harassing|calling|sms|smsing"
        "|text|texts|message|messages|msg|msgs|marketing|promo|promos|promotions|ads|spam"
        "|these|this|those|them|all|please|pls|now",
    ),
    "ar": Words(
        "AE BH DZ EG IQ JO KW LB LY MA OM QA SA SD SY TN YE PS MR",
        clear="الغاء الاشتراك|ايقاف الرسائل",
        stop="الغاء|ايقاف|اوقف|توقف|قف|اوقفوا",
        start="ابدا|اشتراك|بدء",
        help="مساعده|مساعدة",
        go_on="ارسال|الرسائل|رسائل|عن|هذه",
    ),
    "bg": Words(
        "BG", clear="отписване", stop="стоп|спри|отказ|спрете", start="старт", help="помощ"
    ),
    "bn": Words("BD IN", stop="বন্ধ|স্টপ", start="শুরু|চালু", help="সাহায্য"),
    "cs": Words(
        "CZ",
        clear="odhlasit|odhlasuji|odhlaste",
        stop="zrusit|zrus|stop",
        bare="konec",
        start="prihlasit",
        help="pomoc|napoveda",
    ),
    "da": Words("DK GL FO", clear="afmeld|frameld|afmelding", start="tilmeld", help="hjaelp|hjælp"),
    "de": Words(
        "DE AT CH LI LU",
        clear="abmelden|abbestellen|abmeldung|austragen|abmelden bitte",
        stop="stopp|stoppen|stoppt",
        bare="storno",
        start="anmelden|starten",
        help="hilfe",
        go_on="keine|sofort|bitte|mit|das|diese|die|alle|sms|nachrichten|werbung",
    ),
    "el": Words("GR CY", stop="στοπ|διαγραφη", bare="τελος", start="εναρξη", help="βοηθεια"),
    "es": Words(
        "ES MX AR BO CL CO CR CU DO EC GT HN NI PA PE PR PY SV UY VE GQ US",
        clear="darme de baja|dar de baja|desuscribir|desuscribirme|no enviar mas|no envien mas",
        stop="parar|paren",
        bare="baja|alto|salir|cancelar|basta",
        start="alta|iniciar|comenzar",
        help="ayuda",
        go_on="de|los|mensajes|esto|ya|por|sms",
    ),
    "et": Words("EE", clear="loobu", stop="lopeta|stopp", start="alusta", help="abi"),
    "fi": Words("FI AX", stop="lopeta", bare="peruuta", start="aloita", help="ohje|apua"),
    "fr": Words(
        "FR BE CH CA LU MC RE GP MQ GF MA DZ TN SN CI CM BJ BF ML NE TG GA CG CD MG HT NC PF YT",
        clear="desabonner|desabo|desabonnement|desinscrire|me desabonner|se desabonner",
        stop="arret|arreter|arretez|stopper|arrete",
        start="demarrer|reprendre|abonner",
        help="aide",
        go_on="de|d|ces|les|vos|tout|svp|envoyer|sms|messages|maintenant|pub|pubs",
    ),
    "he": Words(
        "IL PS",
        clear="הסר|הסרה|הסירו|להסיר|הסירו אותי|תסירו",
        bare="די|עצור",
        start="התחל|הצטרף",
        help="עזרה",
    ),
    "hi": Words("IN", stop="बंद|रोकें|स्टॉप|बंद करो|बंद करें", start="शुरू|चालू", help="मदद|सहायता"),
    "hr": Words("HR BA RS ME SI", clear="odjava|odjavi", start="prijava", help="pomoc"),
    "hu": Words("HU", clear="leiratkozas|leir|leiratkozom", start="feliratkozas", help="segitseg"),
    "id": Words(
        "ID",
        clear="unreg|unreg sms",
        stop="berhenti|stop",
        bare="batal",
        start="mulai|daftar",
        help="bantuan",
        go_on="kirim|mengirim|sms|pesan",
    ),
    "it": Words(
        "IT CH SM VA",
        clear="disiscrivi|disiscrivimi|cancellami|cancellatemi",
        stop="basta",
        bare="annulla|cancella",
        start="inizia|iscrivi",
        help="aiuto",
        go_on="sms|messaggi|con|cosi|grazie|pubblicita|inviare|mandare",
    ),
    "ja": Words(
        "JP",
        clear="配信停止|配信解除|受信拒否",
        bare="停止|解除",
        start="再開|開始",
        help="ヘルプ",
        endings="|してください|して下さい|お願いします|をお願いします|希望|します|で",
    ),
    "ko": Words(
        "KR",
        clear="수신거부|수신 거부",
        bare="거부|해지",
        start="수신동의|수신",
        help="도움말",
        endings="|합니다|해주세요|해 주세요|할게요|요청|요청합니다|요|바랍니다",
    ),
    "lt": Words("LT", clear="atsisakau|atsisakyti", start="pradeti", help="pagalba"),
    "lv": Words("LV", clear="atteikties|atsakos", start="sakt", help="palidziba"),
    "ms": Words(
        "MY BN SG",
        stop="berhenti",
        bare="batal",
        start="mula",
        help="bantuan",
        go_on="hantar|menghantar|mesej|sms",
    ),
    "nl": Words(
        "NL BE SR",
        clear="afmelden|afmelding|uitschrijven",
        stop="stopzetten|stoppen",
        bare="uit",
        start="aanmelden",
        help="hulp",
        go_on="met|sms|berichten",
    ),
    "no": Words(
        "NO SJ",
        clear="avmeld|avslutt abonnement",
        stop="stopp",
        bare="avslutt",
        start="pamelding",
        help="hjelp",
        go_on="a|sende|sms|disse|meldinger|med",
    ),
    "pl": Words(
        "PL",
        clear="rezygnuje|rezygnacja|wypisz|wypisz mnie|wypiszcie",
        stop="przestancie",
        start="zapisz",
        help="pomoc",
        go_on="wysylac|pisac|smsy|z",
    ),
    "pt": Words(
        "BR PT AO MZ CV GW ST TL MO",
        clear="descadastrar|descadastre|sair da lista|me remova",
        stop="pare|parem",
        bare="parar|sair|remover|cancelar|pare",
        start="iniciar|voltar|comecar",
        help="ajuda",
        go_on="de|com|enviar|mandar|mensagens|sms|por",
    ),
    "ro": Words(
        "RO MD",
        clear="dezabonare|dezabonez|dezaboneaza",
        bare="renunt",
        start="abonare",
        help="ajutor",
    ),
    "ru": Words(
        "RU BY KZ KG UZ TJ TM AM AZ GE MD UA LV EE",
        clear="отписка|отписаться|отпишите|отпишите меня|отписываюсь",
        stop="стоп|прекратите|хватит",
        bare="отмена",
        start="старт|подписаться|подписка",
        help="помощь|справка",
        go_on="слать|присылать|рассылку|смс|спам|сообщения|писать|отправлять|это",
    ),
    "sk": Words("SK", clear="odhlasit|odhlasujem", stop="zrusit", start="prihlasit", help="pomoc"),
    "sv": Words(
        "SE FI AX",
        clear="avreg|avregistrera|avprenumerera",
        stop="stopp|sluta",
        bare="avsluta",
        start="starta|borja",
        help="hjalp",
        go_on="skicka|sms|sms:a|med|smsa",
    ),
    "th": Words(
        "TH",
        bare="หยุด|ยกเลิก",
        start="เริ่ม|สมัคร",
        help="ช่วยเหลือ",
        endings="|ครับ|ค่ะ|คะ|ส่ง|ส่งข้อความ|รับ|รับข้อความ|รับข่าวสาร|ข้อความ|sms|ส่งsms|การรับข้อความ|ส่งข้อความครับ|ส่งข้อความค่ะ",
    ),
    "tr": Words(
        "TR CY AZ",
        clear="smsret|sms ret|listeden cik|listeden cikar",
        bare="ret|iptal|red",
        start="baslat|onay",
        help="yardim",
    ),
    "uk": Words(
        "UA",
        clear="відписка|відписатися|відпишіть",
        stop="стоп|припиніть",
        bare="відмова",
        start="старт|підписка",
        help="допомога",
        go_on="слати|надсилати|смс|спам",
    ),
    "ur": Words("PK", stop="بند", start="شروع", help="مدد"),
    "vi": Words(
        "VN",
        clear="tuchoi|tu choi|huy dang ky",
        bare="tc|huy",
        start="dang ky|dk",
        help="tro giup|hd",
    ),
    "zh": Words(
        "CN HK MO TW SG MY",
        clear="退订|退訂|拒收|取消订阅|取消訂閱",
        bare="td|t|n|r|rt|停止|退",
        start="取消退订|取消退訂|恢复订阅|恢復訂閱|订阅|訂閱",
        help="帮助|幫助|说明|說明",
        endings="|谢谢|謝謝|短信|訊息|信息|一下|吧|了|啊|此短信|所有短信|所有|全部|服务|服務|本短信|td|t",
    ),
}
