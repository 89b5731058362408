"""Opt-outs in the wordings of 35 countries, and words that only look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import lint
from templates_app.lint.opt_out import opt_out_pattern, reply_pattern

SAID = (
    "Offer! STOP *456*9*5#",
    "Offer! STOP*456*9*5#",
    "Offer! STOP 36111",
    "Soldes -20%. STOP SMS 36111",
    "Soldes STOP au 36180",
    "Soldes -20% STOP=36063",
    "Envoyez STOP au 36063",
    "Promo. Stop: ARRET",
    "Oferta. BAJA al 12345",
    "Oferta. Para no recibir mas envia BAJA al 217010",
    "Oferta. Responde BAJA",
    "Oferta. Envíe la palabra SALIR al 1234",
    "Promocao. Responda SAIR",
    "Promoção. Para cancelar envie SAIR",
    "Promo STOP au",
    "Rabatt. Abmelden mit STOP",
    "Rabatt. Abmeldung: STOP an 12345",
    "Rabatt. STOPP antworten? Antworten Sie mit STOPP",
    "退订回T",
    "拒收请回复R",
    "回TD退订",
    "退订回复TD",
    "Deal. RT",
    "Sleva. Odhlásit",
    "Sleva. Odhlaste se na www.x.cz",
    "Sleva. Pro odhlaseni poslete STOP na 90909",
    "Zľava. Odhlásiť: STOP na 1234",
    "Promocja. Wyślij STOP na 1234",
    "Promocja. Rezygnacja: STOP 1234",
    "Sconto. Rispondi STOP",
    "Sconto. Per non ricevere più SMS invia STOP al 12345",
    "Korting. Afmelden? SMS STOP naar 1234",
    "Korting. Uit? Stuur STOP UIT naar 1010",
    "Rea. Avregistrera: svara STOPP",
    "Rea. Svara med STOP",
    "Salg. Send STOP til 2001",
    "Tilbud. Frameld: STOP til 1231",
    "Ale. Estä: lähetä STOP numeroon 12345",
    "Ale. Peru: x.fi",
    "Soodustus. Loobu: saada STOP 1234",
    "Akcija. Atsisakyti: siųskite STOP 1234",
    "Atlaide. Sūtiet STOP uz 1234",
    "Akció. Leiratkozás: STOP",
    "Reducere. Dezabonare: trimite STOP la 1234",
    "Rasprodaja. Za odjavu pošaljite STOP na 1234",
    "Распродажа. Отписка: СТОП на 1234",
    "Скидки! Отправьте СТОП на 3443",
    "Розпродаж. Відписатись: надішліть СТОП на 1234",
    "Разпродажба. Отказ: изпратете STOP на 1234",
    "Προσφορά. Διαγραφή: στείλτε STOP στο 19019",
    "Indirim. RET yaz 3434e gonder",
    "İndirim. SMS almak istemiyorsanız IPTAL yazıp 3456'ya gönderin",
    "İndirim. SMS RET: IPTAL yaz 4607",
    "عرض. لإلغاء الاشتراك أرسل STOP إلى 1234",
    "عرض خاص. لايقاف الرسائل ارسل قف الى 900",
    "To Stop, send 3311 to 900 عرض",
    "מבצע. להסרה השב הסר",
    "מבצע. להסרה: 1",
    "छूट। बंद करने के लिए STOP भेजें",
    "ছাড়। বন্ধ করতে STOP লিখে 1234 নম্বরে পাঠান",
    "ลดราคา ยกเลิก พิมพ์ STOP",
    "ลดราคา ยกเลิกกด *137",
    "[QC] Giảm giá. Từ chối QC, soạn TC gửi 1234",
    "Giam gia. Tu choi soan TUCHOI gui 9241",
    "Diskon. Ketik UNREG kirim ke 1234",
    "Diskon. Stop: ketik STOP kirim ke 97789",
    "Jualan. Balas STOP",
    "(광고) 할인. 무료수신거부 080-123-4567",
    "ランプ20%オフ 配信停止はSTOPと返信",
    "セール。停止: lumen.example/stop",
    "Sale. Opt-out: 1800 123 456",
    "Sale. Txt STOP to 1234 2 opt out",
    "Sale. Reply with STOP to end",
    'Sale. Reply "STOP" to unsubscribe',
    "Sale! Reply END to stop texts",
    "Sale. SMS STOP to 1234",
    "Sale. Text OUT to 1234",
    "Sale. Stop? SMS NO to 34567",
    "Sale. OptOut Reply STOP",
    "Sale. Std rates. T&C. Optout: SMS STOP to 30823",
    "Offer. STOP dial *456*9#",
    "Ofa! Kujiondoa tuma STOP kwa 22345",
    "Offer. To opt out dial *100#",
    "Sale. DND: 1909",
    "Sale. Unsub: x.co/abc",
    "Sale. StopSMS 38080",
    "Promo STOP36111",
    "Promo. Envía ALTO al 12345",
    "Offer. Rply STOP 2 end",
    "Offer. Stop2end",
    "Offer. STOP=end",
    "Ofa. Jiondoe: *456*9*5#",
    "Oferta. Bajas: 900123456",
    "Oferta. Baja en lumen.example/baja",
    "Promo. STOP PUB au 36105",
    "Promo. STOP 36 105",
    "Rabatt. STOP senden an 12345",
    "İndirim. SMSRET 4607",
    "ลดราคา ไม่รับข่าวสาร กด *137",
    "Chhoot. STOP likh kar 1234 par bhejen",
    "சலுகை. நிறுத்த STOP அனுப்பவும்",
    "عرض. لوقف الاعلانات ارسل B إلى 606060",
    "تخفیف. لغو11",
    "رعایت. بند کرنے کے لیے STOP لکھ کر 1234 پر بھیجیں",
    "Tilboð. Afskráning: STOP í 1900",
    "Promocao. SAIR p/ 27000",
    "Ale. Lopeta: STOP numeroon 12345",
    "不想收到请回复N",
    "セール。解除→x.jp",
    "(광고) 할인. 수신동의철회 080-123-4567",
    "Zbritje. Per c'regjistrim dergo STOP ne 1234",
    "បញ្ចុះតម្លៃ. បញ្ឈប់ ផ្ញើ STOP ទៅ 1234",
)
NOT_SAID = (
    "20% off all lamps until Friday",
    "The bus will stop here at 10:30",
    "Stop by our store today",
    "Don't stop believing! 20% off",
    "Non-stop sale: 24 hours, 0800 123",
    "Send your order with no fee",
    "Text us at 12345 for more",
    "Reply YES to confirm",
    "We never stop. Visit us at 5 pm",
    "No. 36111 is yours",
    "Cancel anytime? Not today",
    "Call 080012345 now",
    "Sale ends Friday. Reply now",
    "Answer the end of quiz and win",
    "Alto voltaje 2000 W en oferta",
    "Red 1000 shoes on sale",
    "La baja temporada 2026 empieza",
    "Flights to Peru 20% off",
    "Esto es una oferta",
    "Lemonde reading club 20% off",
    "Pay at 1234 bus stops",
    "Precios a la baja 2026",
    "Stop cenám od 1000 Kč",
    "Non-stop flights to 12 cities",
    "取消运费 全场包邮",
)


def codes(body):
    return {found.code for found in lint(body, "MARKETING")}


@pytest.mark.parametrize("body", SAID)
def test_a_way_to_opt_out_is_seen(body):
    assert not {"OPTOUT_MISSING", "OPTOUT_NOT_LAST"} & codes(body)


@pytest.mark.parametrize("body", NOT_SAID)
def test_other_words_are_no_opt_out(body):
    assert "OPTOUT_MISSING" in codes(body)


@pytest.mark.parametrize("body", SAID)
def test_it_is_seen_in_capitals_and_behind_more_text(body):
    assert "OPTOUT_MISSING" not in codes(f"Lumen & Oak. {body.upper()}")


@given(st.lists(st.sampled_from(["stop", " ", "to ", "reply ", "1", "回", "退", "'", "x"])))
def test_a_reply_is_an_opt_out(pieces):
    text = "".join(pieces)
    if reply_pattern().search(text):
        assert opt_out_pattern().search(text)
