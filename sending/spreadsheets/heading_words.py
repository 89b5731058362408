"""What people call the columns of numbers and names, in the languages of spreadsheet programs.

Contact books name them in the language of the person who exports: those of Google ("Phone 1 -
Value"), Apple and Outlook ("Mobile Phone") are among them.
"""

import unicodedata

# How long a heading can be; what is longer is text.
_HEADING_CHARS = 200


def key_of(heading: str) -> str:
    """Return the letters and digits of a heading, whatever case, width, accents, spacing it has."""
    normal = unicodedata.normalize("NFKC", heading[:_HEADING_CHARS]).casefold()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFD", normal)))


def keys_of(*lines: str) -> frozenset[str]:
    """Return the keys of phrases separated by commas."""
    return frozenset(key_of(phrase) for line in lines for phrase in line.split(","))


OWN = keys_of("recipient's mobile number, recipient mobile number, recipient's number")
MOBILE = keys_of(
    "mobile, mobile number, mobile no, mobile phone, mobile phone number, mobile tel, mob, mob no",
    "mobile telephone, phone mobile, phone cell, mobile value, tel cell, tel mobile, tel type cell",
    "cell, cell number, cell no, cellphone, cellphone number, cellular, cellular phone, gsm",
    "gsm number, gsm no, msisdn, sms number, sms phone, text number, whatsapp, whatsapp number",
    "recipient, recipient number, recipient phone, recipient phone number, handset",
    # German, Dutch, Afrikaans, Scandinavian, Finnish, Icelandic
    "handy, handynummer, handynr, handy nummer, handytelefon, mobilnummer, mobilnr, mobilnr.",
    "mobiltelefon, mobiltelefonnummer, mobil, mobilfunk, mobilfunknummer, mobilrufnummer, natel",
    "mobiel, mobiele telefoon, mobiel nummer, mobiele nummer, mobieltje, 06 nummer, gsm nummer",
    "selfoon, selfoonnommer, mobiltlf, mobil telefon, mobiltelefonnr, mobil nr, mobilnumre",
    "mobilnummeret, mobilnumer, kannykka, matkapuhelin, matkapuhelinnumero, farsími, farsimi",
    "farsímanúmer, gsm númer",
    # French, Spanish, Catalan, Portuguese, Italian, Romanian
    "portable, téléphone portable, téléphone mobile, tél mobile, tél portable, mobile perso",
    "numéro de portable, numéro portable, numéro de mobile, numéro mobile, n° portable",
    "n° de portable, n° mobile, n° de mobile, gsm numéro",
    "móvil, teléfono móvil, número de móvil, número móvil, nº móvil, tel móvil, celular",
    "teléfono celular, número de celular, número celular, nº celular, tel celular",
    "mòbil, telèfon mòbil, número de mòbil, telefone celular, telefone móvel, telemóvel",
    "número de telemóvel, nº telemóvel, número de telefone móvel, tel móvel",
    "cellulare, telefono cellulare, numero di cellulare, numero cellulare, n cellulare, cell.",
    "telefono mobile, numero di telefono cellulare, numero mobile",
    "telefon mobil, număr mobil, număr de mobil, număr telefon mobil, număr de telefon mobil",
    # Polish, Czech, Slovak, Hungarian, South Slavic, Albanian, Baltic
    "komórka, telefon komórkowy, numer komórki, numer komórkowy, nr komórki, tel komórkowy",
    "numer telefonu komórkowego, tel kom, numer komórkowy, mobilní telefon, mobilní číslo",
    "číslo mobilu, mobilné číslo, mobilný telefon, mobilný telefón, číslo mobilného telefónu",
    "mobilszám, mobiltelefonszám, mobil szám, mobilni telefon, mobitel, broj mobitela",
    "broj mobilnog telefona, mobilni broj, broj mobilnog, broj mobilnog telefona",
    "mobilna številka, številka mobilnega telefona, prenosni telefon, celular numri",
    "numri i celularit, telefoni celular, mobilusis telefonas, mobilusis, mobilaus numeris",
    "mobilaus telefono numeris, mobilais telefons, mobilais, mobilā telefona numurs",
    "mobiilinumber, mobiiltelefon, mobiil, mobiiltelefoni number",
    # Cyrillic
    "мобильный, мобильный телефон, мобильный номер, номер мобильного, сотовый, моб, моб тел",
    "номер мобильного телефона, сотовый телефон, номер телефона, номер сотового",
    "мобільний, мобільний телефон, мобільний номер, номер мобільного, номер телефону",
    "номер мобільного телефону, мабільны, мабільны тэлефон, нумар тэлефона",
    "мобилен, мобилен телефон, мобилен номер, гсм, мобилни телефон, мобилни, број мобилног",
    "број мобилног телефона, мобилни број, мобилен број, ұялы телефон",
    # Greek, Turkish, Azerbaijani, Hebrew, Arabic, Persian, Urdu, Georgian, Armenian
    "κινητό, κινητό τηλέφωνο, αριθμός κινητού, τηλέφωνο κινητό, κιν, τηλ κινητό",
    "αριθμός κινητού τηλεφώνου, cep, cep telefonu, cep no, cep tel, cep numarası",
    "cep telefonu numarası, cep telefon, gsm numarası, mobil nömrə, mobil telefon nömrəsi",
    "נייד, טלפון נייד, מספר נייד, טלפון סלולרי, סלולרי, פלאפון, מספר טלפון נייד",
    "رقم الجوال, الجوال, جوال, رقم الموبايل, الموبايل, موبايل, الهاتف المحمول, رقم المحمول",
    "المحمول, رقم الهاتف المحمول, الهاتف الجوال, رقم النقال, النقال, شماره موبایل, موبایل",
    "تلفن همراه, شماره همراه, همراه, شماره تلفن همراه, موبائل, موبائل نمبر",
    "მობილური, მობილურის ნომერი, մոբայլ, բջջային, բջջային հեռախոս",
    # South and South-East Asia, Africa
    "मोबाइल, मोबाइल नंबर, मोबाइल नम्बर, मोबाईल, मोबाईल नंबर, মোবাইল, মোবাইল নম্বর, মোবাইল নাম্বার",
    "மொபைல், மொபைல் எண், మొబైల్, మొబైల్ నంబర్",
    "มือถือ, เบอร์มือถือ, โทรศัพท์มือถือ, หมายเลขมือถือ, หมายเลขโทรศัพท์มือถือ, เบอร์โทรศัพท์มือถือ",
    "di động, điện thoại di động, số di động, số điện thoại di động, sđt di động, sđt",
    "nomor hp, no hp, hp, handphone, no handphone, nomor handphone, ponsel, nomor ponsel",
    "telepon seluler, nomor wa, no wa, telefon bimbit, no telefon bimbit, nombor telefon bimbit",
    "nombor bimbit, cellphone no, numero ng cellphone, namba ya simu, simu ya mkononi, simu",
    # Chinese, Japanese, Korean
    "手机, 手机号, 手机号码, 移动电话, 移动电话号码, 手机电话, 联系手机, 手機, 手機號, 手機號碼",
    "手機号, 流動電話, 流動電話號碼, 行動電話, 行動電話號碼, 手提電話, 手提電話號碼, 聯絡手機",
    "携帯, 携帯番号, 携帯電話, 携帯電話番号, ケータイ, スマホ, モバイル",
    "휴대폰, 휴대폰 번호, 휴대전화, 휴대전화 번호, 핸드폰, 핸드폰 번호, 모바일, 휴대폰번호",
)
FIRST_PHONE = keys_of(
    "phone 1 value, phone 1, phone number 1, primary phone, main phone, telefon 1 wert",
    "telephone 1 value, teléfono 1 valor, téléphone 1 valeur, telefone 1 valor, 電話 1 値",
)
PHONE = keys_of(
    "phone, phone number, phone no, phone num, phones, telephone, telephone number, tel, tel no",
    "telephone no, tel number, contact number, contact no, contact phone, contact phone number",
    "phone value, customer phone, ph, ph no, fon",
    "telefon, telefonnummer, telefonnr, tel nr, telnr, rufnummer, telefoon, telefoonnummer",
    "telefoonnr, tlf, tlf nr, telefonnummeret, puhelin, puhelinnumero, puh, sími, símanúmer",
    "téléphone, numéro de téléphone, numéro téléphone, n° de téléphone, n° téléphone, n° tél, tél",
    "telephone numero, teléfono, número de teléfono, número teléfono, nº teléfono, nº de teléfono",
    "telèfon, número de telèfon, telefone, fone, número de telefone, nº telefone",
    "telefono, numero di telefono, numero telefono, n telefono, recapito telefonico",
    "număr de telefon, număr telefon, nr telefon, nr tel, telefonu, numer telefonu",
    "nr telefonu, telefonní číslo, telefónne číslo, telefón, číslo telefonu, telefonszám",
    "broj telefona, telefonska številka, numri i telefonit, telefonas, telefono numeris, telefons",
    "telefona numurs, tālrunis, tālruņa numurs, telefoninumber, telefonnumer",
    "телефон, тел, телефонний номер, контактный телефон, телефонный номер, телефонен номер",
    "тэлефон, број телефона, телефонски број, τηλέφωνο, τηλ, αριθμός τηλεφώνου",
    "telefon numarası, telefon no, tel numarası, telefon nömrəsi",
    "טלפון, מספר טלפון, הטלפון, الهاتف, رقم الهاتف, هاتف, التليفون, رقم التليفون, تلفن",
    "شماره تلفن, فون, فون نمبر, ტელეფონი, ტელეფონის ნომერი, հեռախոս, հեռախոսահամար",
    "फ़ोन, फोन, फोन नंबर, फ़ोन नंबर, ফোন, ফোন নম্বর, தொலைபேசி, ఫోన్",
    "โทรศัพท์, เบอร์โทร, เบอร์โทรศัพท์, เบอร์, หมายเลขโทรศัพท์, โทร",
    "điện thoại, số điện thoại, so dien thoai, số đt, đt, nomor telepon, telepon, nomor telefon",
    "no telepon, no telp, telp, no tel, no telefon, nombor telefon, telepono, numero ng telepono",
    "电话, 电话号码, 联系电话, 联系方式, 联络电话, 電話, 電話號碼, 聯絡電話, 聯繫電話, 連絡電話",
    "電話番号, 連絡先電話番号, 連絡先, 電話號, 전화, 전화번호, 연락처, 연락 전화번호",
)
NUMBER = keys_of(
    "number, numbers, nummer, numero, numéro, número, numer, номер, 号码, 號碼, 番号, 번호, to",
    "nomor, nombor, numara, αριθμός, broj, číslo, szám, số, מספר, رقم",
)
NAME = keys_of(
    "name, full name, customer, customer name, contact, contact name, display name, first name",
    "nombre, nom, prénom, vorname, nome, имя, ім'я, фио, imię, imię i nazwisko, jméno, meno, név",
    "naam, navn, namn, nimi, nafn, nume, ime, ime i prezime, όνομα, ονοματεπώνυμο, ad, ad soyad",
    "isim, שם, שם מלא, الاسم, اسم, نام, नाम, নাম, ชื่อ, tên, họ tên, họ và tên, nama",
    "姓名, 名字, 名前, 氏名, 名称, 名稱, 客户, 客户姓名, 客戶, 客戶姓名, 이름, 성명, 고객명",
)
LANGUAGE = keys_of(
    "language, lang, locale, preferred language, language code, sprache, langue, idioma, lingua",
    "taal, språk, sprog, kieli, język, jazyk, nyelv, limbă, язык, мова, 语言, 語言, 言語, 언어",
)
CONSENT = keys_of(
    "consent, consent note, opt in, opted in, einwilligung, zustimmung, consentement, consenso",
    "consentimiento, consentimento, toestemming, samtykke, samtycke, suostumus, zgoda, согласие",
    "同意, 同意说明, 同意說明, 同意记录, 同意記錄, 授权, 授權, 동의",
)
DESCRIPTION = keys_of(
    "template description, description, 模板说明, 模板說明, 说明, 說明, テンプレートの説明"
)
