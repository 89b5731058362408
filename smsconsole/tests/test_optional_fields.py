"""A field is called optional exactly where a form can be sent without it."""

import pytest
from bs4 import BeautifulSoup

from smsconsole.tests.address import OPERATE, PERSON, PUBLIC
from smsconsole.tests.addresses import ADDRESSES
from smsconsole.tests.test_every_url import ask, assert_none, where
from smsconsole.tests.world import World, make_world


@pytest.mark.django_db
def test_what_is_asked_for_is_not_called_optional() -> None:
    world: World = make_world()
    wrong, looked = [], 0
    for name, address in ADDRESSES.items():
        if address.methods != {"GET", "POST"} or address.needs in {PUBLIC, PERSON, OPERATE}:
            continue
        response = ask(world.readers["owner"], "POST", where(name, address, world.ours))
        if response.status_code != 200:
            continue
        page = BeautifulSoup(response.content, "html.parser")
        for field in page.select("main .is-invalid[id]"):
            looked += 1
            label = page.select_one(f"label[for={field['id']}]")
            if label and "(optional)" in label.text:
                wrong.append(f"{name}: {field['id']} is asked for and called optional")
    assert_none(wrong)
    assert looked >= 10
