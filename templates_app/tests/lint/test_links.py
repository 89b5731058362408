"""What is a link, and what is only punctuation."""

import pytest

from templates_app.lint.links import first_link, links


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://lumen.example/stop?x=1.", "https://lumen.example/stop?x=1"),
        ("see HTTP://LUMEN.EXAMPLE now", "HTTP://LUMEN.EXAMPLE"),
        ("see www.lumen.shopping, please", "www.lumen.shopping"),
        ("help.harbourline.example/1234", "help.harbourline.example/1234"),
        ("详情请看lumen.cn。", "lumen.cn"),
        ("(lumen.co.uk)", "lumen.co.uk"),
        ("t.co/abc", "t.co/abc"),
        ("LUMEN.COM", "LUMEN.COM"),
        ("lumen.com:8080", "lumen.com:8080"),
        ("lumen.com?ref=1", "lumen.com?ref=1"),
        ("例え.jp", "例え.jp"),
        ("請看例え.jp。", "請看例え.jp"),
        ("見て：例え．jp", "例え．jp"),
        ("см. кириллица.рф/скидки", "кириллица.рф/"),
        ("See müller.de. Weiter", "müller.de"),
        ("https://münchen.example/a", "https://münchen.example/a"),
        ("www.приклад.укр", "www.приклад.укр"),
        ("xn--r8jz45g.jp", "xn--r8jz45g.jp"),
        ("xn--80ak6aa92e.xn--p1ai", "xn--80ak6aa92e.xn--p1ai"),
        ("موقع.السعودية", "موقع.السعودية"),
        ("उदाहरण.भारत", "उदाहरण.भारत"),
        ("中文.中国", "中文.中国"),
        ("παράδειγμα.ελ", "παράδειγμα.ελ"),
        ("http://kim@evil.example/", "http://kim@evil.example/"),
        ("pay at 192.168.0.1:8080/x", "192.168.0.1:8080/x"),
        ("call 10.0.0.1.", "10.0.0.1"),
        ("见 1.2.3.4/付", "1.2.3.4/"),
        ("open whatsapp://send?text=x now", "whatsapp://send?text=x"),
        ("upi://pay?pa=x", "upi://pay?pa=x"),
        ("Example.Com", "Example.Com"),
        ("lumen.icu", "lumen.icu"),
        ("lumen.support", "lumen.support"),
        ("kim.jo@example.com or shop.example", "shop.example"),
    ],
)
def test_links_are_found_without_what_follows_them(text, link):
    assert first_link(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Your order is ready.Please come in",
        "Open 10.am to 9.30.pm",
        "USD 1,204.50",
        "version 1.2.3",
        "e.g. this, i.e. that, U.S. too",
        "mail me@lumen.com",
        "kim.jo@example.com",
        "a.b@c.de, x.y+z@sub.example.co.uk",
        "кирилл@почта.рф",
        "jean.st@société.example",
        "Готово.Приходите",
        "z.B. für, d.h. über, p.ej. mañana",
        "订单已到。请来",
        "Größe 3.5, 10.am",
        "and/or",
        "12.05.2026",
        "wait...what",
        "A.B",
        "node.js and Vue.js",
        "Mr.Smith, 12.30Uhr, e.g.this, v2.0.io",
        "1.234.567.890",
        "version 1.2.3.4.5",
        "999.1.1.1",
    ],
)
def test_other_dots_are_no_links(text):
    assert first_link(text) is None


def test_every_link_of_a_text_is_found():
    text = "a.com and https://b.example/x, not c"
    assert [text[start:end] for start, end in links(text)] == ["a.com", "https://b.example/x"]
