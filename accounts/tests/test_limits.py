"""How often a person may ask for what costs much: too often is 429, with when to try again."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from redis.exceptions import ConnectionError as RedisGone

from accounts import limits
from accounts.limits import Limit, limited
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from smsconsole.tests.addresses import walk

pytestmark = pytest.mark.django_db
FEW = Limit("few", 3, 60)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def person():
    return make_member().user


@pytest.fixture
def ask(person):
    """Ask for a page that costs much; return the answer."""
    page = limited(FEW)(lambda request: HttpResponse("done"))

    def asked(user=person, method="GET"):
        request = RequestFactory().generic(method, "/")
        request.user = user
        request.member = request.organization = None
        return page(request)

    return asked


def test_one_more_than_allowed_is_told_when_to_try_again(ask):
    assert [ask().status_code for _number in range(3)] == [200] * 3
    response = ask()
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= FEW.seconds
    assert "Too many requests" in response.content.decode()
    assert f"in {response['Retry-After']} second" in response.content.decode()


def test_others_are_not_counted(ask):
    for _number in range(4):
        last = ask()
    assert last.status_code == 429
    assert ask(make_member().user).status_code == 200


def test_only_what_costs_is_counted(ask):
    for _number in range(10):
        assert ask(method="HEAD").status_code == 200
    assert ask().status_code == 200


def test_after_a_while_it_begins_again(ask):
    with time_machine.travel(NOON, tick=False) as clock:
        assert [ask().status_code for _number in range(4)] == [200, 200, 200, 429]
        clock.shift(FEW.seconds)
        assert ask().status_code == 200


def test_requests_at_once_are_all_counted(person):
    """As threads of one web process make them."""
    together, refused = Barrier(8), []
    request = RequestFactory().get("/")
    request.user = person
    prefix = cache.key_prefix

    def hurry():
        cache.key_prefix = prefix
        together.wait(60)
        refused.append(limits._seconds_to_wait(request, FEW) > 0)

    threads = [Thread(target=hurry) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.count(False) == FEW.most


def test_without_its_cache_the_console_works_on(ask, monkeypatch):
    def gone(*_args, **_kwargs):
        raise RedisGone

    monkeypatch.setattr(limits.cache, "add", gone)
    assert [ask().status_code for _number in range(9)] == [200] * 9


COSTLY = {
    "accounts:audit_trail": "searches",
    "accounts:audit_trail_export": "downloads",
    "accounts:member_invite": "invitations",
    "accounts:organization_create": "organizations",
    "developers:callback_now": "callbacks",
    "developers:callback_test": "callbacks",
    "developers:callbacks_again": "callbacks",
    "applications:callback_secret": "secrets",
    "applications:key_create": "secrets",
    "applications:token_new": "secrets",
    "developers:messages": "searches",
    "developers:smpp_create": "secrets",
    "developers:smpp_password": "secrets",
    "developers:smpp_receipts_again": "callbacks",
    "developers:unmatched": "searches",
    "developers:unmatched_template": "previews",
    "developers:unmatched_text": "searches",
    "guard:decisions": "searches",
    "guard:settings": "downloads",
    "developers:messages_export": "downloads",
    "developers:requests": "searches",
    "developers:try_it": "trials",
    "customers:change": "searches",
    "customers:export": "downloads",
    "customers:export_xlsx": "downloads",
    "customers:find": "searches",
    "customers:import_file": "files",
    "customers:list": "searches",
    "customers:number": "searches",
    "send_tasks:try_row": "trials",
    "groups:detail": "searches",
    "groups:enter": "files",
    "groups:export": "downloads",
    "groups:import_file": "files",
    "groups:import_problems": "downloads",
    "groups:import_columns": "files",
    "groups:import_read_again": "files",
    "groups:number": "searches",
    "groups:number_export": "downloads",
    "groups:suppress": "files",
    "groups:suppress_file": "files",
    "groups:suppressions": "searches",
    "help:index": "searches",
    "inbox:list": "searches",
    "groups:suppressions_export": "downloads",
    "operations:costs_export": "downloads",
    "operations:costs_import": "files",
    "operations:organization_usage": "downloads",
    "operations:prices_export": "downloads",
    "operations:prices_import": "files",
    "operations:routing": "searches",
    "operations:tasks": "searches",
    "operations:usage_export": "downloads",
    "operations:trace": "searches",
    "reports:breakdown": "searches",
    "reports:export_create": "downloads",
    "reports:export_download": "downloads",
    "reports:programs": "searches",
    "reports:statistics": "searches",
    "reports:statistics_export": "downloads",
    "send_tasks:compose": "files",
    "send_tasks:export": "downloads",
    "send_tasks:export_xlsx": "downloads",
    "send_tasks:list": "searches",
    "send_tasks:messages": "searches",
    "send_tasks:problems": "downloads",
    "send_tasks:send_first": "files",
    "send_tasks:read_again": "files",
    "send_tasks:report": "searches",
    "send_tasks:report_xlsx": "downloads",
    "send_tasks:retry": "files",
    "send_tasks:sample": "downloads",
    "templates_app:signature_create": "previews",
    "templates_app:signature_edit": "previews",
    "templates_app:signature_preview": "previews",
    "templates_app:template_create": "previews",
    "templates_app:template_edit": "previews",
    "templates_app:template_preview": "previews",
    "told:test": "trials",
}


def test_every_costly_page_is_limited():
    simple = {name: f"/{route}".replace("<int:pk>", "1") for name, route in walk()}
    views = {name: resolve(url).func for name, url in simple.items() if "<" not in url}
    found = {name: view.limit.name for name, view in views.items() if hasattr(view, "limit")}
    assert found == COSTLY


def test_a_person_who_asks_too_often_reads_the_page(monkeypatch):
    client = log_in(Client(), make_member(Role.OWNER))
    monkeypatch.setattr(limits, "_seconds_to_wait", lambda request, limit: 60)
    response = client.post(reverse("templates_app:template_preview"), {"body": "Hello."})
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
