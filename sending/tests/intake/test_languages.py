"""Each row in the language of its recipient: by the column, by the customer, else the first."""

from collections import Counter

import pytest

from accounts.tests.factories import make_organization
from sending.acceptance.send_task import NotAccepted, accept
from sending.delivery.queue import rendering
from sending.intake.task_check import check_task
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Customer, Message, Price, RecipientSource, SendTask
from sending.models.stepping import step_task
from sending.send_tasks.actions import read_again, retry_failures, send_task
from sending.send_tasks.reading import TaskReadingForm
from sending.tests.factories import (
    a_number,
    make_gateway,
    make_group,
    make_messages,
    make_prices,
    make_sender,
    make_task,
    make_upload,
    move,
)
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.queries import language_versions
from templates_app.review import ReviewState
from templates_app.tests.factories import approved_template, make_text_template_version

pytestmark = pytest.mark.django_db
BODY = "Hello {1}, we close early on Thursday."
BODIES = {
    "fr": "Bonjour {1}, nous fermons plus t\u00f4t jeudi.",
    "zh-hans": "{1}\uff0c\u6211\u4eec\u661f\u671f\u56db\u63d0\u65e9\u5173\u95e8\u3002" * 8,
}


@pytest.fixture(autouse=True)
def forget_versions():
    """A process remembers versions by their ids, which begin again with each test."""
    rendering._wording.cache_clear()


@pytest.fixture
def member():
    make_prices()
    make_gateway()
    return make_sender()


@pytest.fixture
def template(member):
    first = approved_template(member.organization, BODY, "NOTIFICATION")
    TextTemplate.objects.filter(pk=first.pk).update(language="en")
    for language, body in BODIES.items():
        variant = TextTemplate.objects.create(
            organization=member.organization, name=first.name, language=language, variant_of=first
        )
        make_text_template_version(
            variant, ReviewState.APPROVED, body=body, sms_type="NOTIFICATION"
        )
    first.refresh_from_db()
    return first


def checked(member, template, **fields):
    task = make_task(
        member,
        TaskState.CHECKING,
        template_version=template.approved,
        language_versions=language_versions(template),
        originator="",
        **fields,
    )
    check_task(task.pk)
    task.refresh_from_db()
    return task


def uploaded(member, template, sheet, **reading):
    upload = make_upload(member, sheet.encode())
    upload.reading = reading
    upload.save()
    return checked(member, template, source=RecipientSource.UPLOAD.value, upload=upload)


def texts(task):
    return {message.msisdn: rendering.text_of(message) for message in make_messages(task)}


def customer(member, index, language, organization=None):
    number = a_number(index)
    Customer.objects.create(
        organization=organization or member.organization,
        msisdn=number,
        country="HK",
        language=language,
    )
    return number


def test_a_column_says_the_language_then_the_customer_does(member, template):
    customer(member, 4, "fr-CA")
    customer(member, 5, "de")
    customer(member, 6, "fr", make_organization())
    cells = ["fr", "Simplified Chinese", "EN", "", "", "", "tlh"]
    rows = [f"{a_number(n)},{cell},Mei" for n, cell in enumerate(cells, 1)]
    task = uploaded(member, template, "mobile,Language,variable 1\n" + "\n".join(rows))
    assert task.state == "READY"
    said = [texts(task)[a_number(n)].partition(" ")[0] for n in range(1, 8)]
    chinese = BODIES["zh-hans"].replace("{1}", "Mei")
    assert said == ["Bonjour", chinese, "Hello", "Bonjour", "Hello", "Hello", "Hello"]
    assert task.facts["languages"] == {
        "taken": {"fr": 2, "zh-hans": 1, "en": 4},
        "fell_back": {"unknown": 1, "other": 2},
    }


def test_segments_and_cost_are_those_of_the_language(member, template):
    rows = f"{a_number(1)},en,Mei\n{a_number(2)},zh,Mei\n"
    task = uploaded(member, template, "mobile,lang,variable 1\n" + rows)
    plain, chinese = make_messages(task)
    assert (plain.data_coding, plain.segments) == (0, 1)
    assert (chinese.data_coding, chinese.segments) == (8, 2)
    unit = Price.objects.get(country="HK").micro
    assert (plain.cost_micro, chinese.cost_micro) == (unit, 2 * unit)
    assert (task.segments, task.cost_micro) == (3, 3 * unit)


def test_a_column_chosen_by_hand_says_it(member, template):
    columns = {"number": 0, "variables": [2], "has_headings": False, "further": {"language": 1}}
    task = uploaded(member, template, f"{a_number(1)},fr,Mei\n", columns=columns)
    assert texts(task)[a_number(1)].startswith("Bonjour")


def test_people_choose_the_column_on_the_page(member, template):
    task = uploaded(member, template, f"mobile,speaks,variable 1\n{a_number(1)},fr,Mei\n")
    assert texts(task)[a_number(1)].startswith("Hello")
    chosen = {"number": "0", "variable_1": "2", "language": "1"}
    form = TaskReadingForm(chosen, task=task)
    assert form.is_valid(), form.errors
    read_again(task=task, user=member.user, **form.reading())
    check_task(task.pk)
    assert texts(task)[a_number(1)].startswith("Bonjour")
    assert not TaskReadingForm({"language": "1"}, task=task).is_valid()


def test_pasted_numbers_and_groups_follow_the_customers(member, template):
    TextTemplateVersion.objects.update(body="Hello all, we close early.", samples=[])
    french = TextTemplateVersion.objects.get(text_template__language="fr")
    TextTemplateVersion.objects.filter(pk=french.pk).update(body="Bonjour, nous fermons.")
    rendering._wording.cache_clear()
    number, other = customer(member, 1, "fr"), a_number(2)
    pasted = checked(
        member, template, source=RecipientSource.NUMBERS.value, numbers=[number, other]
    )
    group = make_group(member.organization, [number, other])
    grouped = checked(member, template, source=RecipientSource.GROUP.value, group=group)
    for task in (pasted, grouped):
        assert {to: text[:5] for to, text in texts(task).items()} == {
            number: "Bonjo",
            other: "Hello",
        }


def test_a_version_that_is_pinned_stays_and_must_still_be_approved_at_send(member, template):
    task = uploaded(member, template, f"mobile,lang,variable 1\n{a_number(1)},fr,Mei\n")
    french = TextTemplateVersion.objects.get(text_template__language="fr")
    make_text_template_version(
        french.text_template, ReviewState.APPROVED, body="Salut {1}.", sms_type="NOTIFICATION"
    )
    assert texts(task)[a_number(1)].startswith("Bonjour")
    TextTemplateVersion.objects.filter(pk=french.pk).update(state="WITHDRAWN")
    with pytest.raises(NotAccepted, match="French"):
        accept(SendTask.objects.get(pk=task.pk))


def test_what_is_sent_again_is_in_the_same_language(member, template):
    rows = "".join(f"{a_number(n)},{tag},Mei\n" for n, tag in enumerate(["fr", "en"], 1))
    customer(member, 2, "fr")
    task = uploaded(member, template, "mobile,lang,variable 1\n" + rows)
    before = texts(task)
    versions = Counter(Message.objects.values_list("text_template_version_id", flat=True))
    assert len(versions) == 2
    send_task(task=task, user=member.user, messages=2)
    move(make_messages(task), MessageState.UNDELIVERABLE, code="027")
    Batch.objects.all().delete()
    step_task(TaskState.FINISHED, task.pk)
    again = retry_failures(
        task=SendTask.objects.get(pk=task.pk), user=member.user, other_route=False
    )
    check_task(again.pk)
    assert texts(again) == before


def test_the_same_numbers_in_another_language_or_other_words_are_no_repetition(member, template):
    english, french = f"mobile,language,variable 1\n{a_number(1)},en,Mei\n", "fr"
    digests = [uploaded(member, template, english).digest for _turn in range(2)]
    digests.append(uploaded(member, template, english.replace(",en,", f",{french},")).digest)
    variant = TextTemplate.objects.get(variant_of=template, language=french)
    make_text_template_version(
        variant, ReviewState.APPROVED, body="Bonsoir {1}.", sms_type="NOTIFICATION", number=2
    )
    digests.append(uploaded(member, template, english.replace(",en,", f",{french},")).digest)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
