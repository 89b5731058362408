"""Signatures and text templates: the same actions and rules as the pages'."""

import base64
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import make_reviewer
from sending.tests.factories import make_sender
from templates_app.actions import decide
from templates_app.actions import signatures as signature_actions
from templates_app.actions import text_templates as text_template_actions
from templates_app.models import Signature, SignatureVersion, TextTemplate
from templates_app.review import ReviewState
from templates_app.tests.factories import PNG, approved_template, make_signature

pytestmark = pytest.mark.django_db
SIGN = {
    "SignName": "Larkspur",
    "SignType": 0,
    "DocumentType": 1,
    "International": 1,
    "SignPurpose": 0,
    "ProofImage": base64.b64encode(PNG).decode(),
    "Remark": "Our shops",
}
TEXT = {
    "TemplateName": "Closing",
    "TemplateContent": "Our stores close at {1} today.",
    "SmsType": 2,
    "International": 1,
    "Remark": "For customers who asked",
}
NEXT_ID = 99_999_999


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def stored_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def reject(version):
    decide(
        version=version,
        reviewer=make_reviewer(),
        approve=False,
        reasons=[{"code": "OWNER_UNCLEAR", "field": "evidence", "advice": "Add the licence."}],
        note="Thank you",
    )


def approve(version):
    decide(version=version, reviewer=make_reviewer(), approve=True)


def signs(program, *ids, **more):
    wish = {"International": 1, "SignIdSet": list(ids)} | more
    return program.ask("DescribeSmsSignList", wish)["DescribeSignListStatusSet"]


def texts(program, *ids, **more):
    wish = {"International": 1, "TemplateIdSet": list(ids)} | more
    return program.ask("DescribeSmsTemplateList", wish)["DescribeTemplateStatusSet"]


def test_a_signature_from_submission_to_its_end(program, member) -> None:
    pk = program.ask("AddSmsSign", SIGN)["AddSignStatus"]["SignId"]
    version = Signature.objects.get(pk=pk).versions.get()
    assert (version.state, version.content, version.kind) == ("PENDING", "Larkspur", "COMPANY")
    assert version.created_by == member.user
    assert stored_files()[0].read_bytes() == PNG
    (told,) = signs(program, pk)
    assert told == {
        "SignId": pk,
        "International": 1,
        "StatusCode": 1,
        "ReviewReply": "",
        "SignName": "Larkspur",
        "CreateTime": int(version.submitted_at.timestamp()),
    }
    reject(version)
    (told,) = signs(program, pk)
    assert told["StatusCode"] == -1
    assert told["ReviewReply"] == "It is not clear who owns it: Add the licence. Thank you"
    assert program.ask("ModifySmsSign", SIGN | {"SignId": pk, "SignName": "Larkspur Ltd"})[
        "ModifySignStatus"
    ] == {"SignId": pk}
    (told,) = signs(program, pk)
    assert (told["StatusCode"], told["SignName"]) == (1, "Larkspur Ltd")
    # What is still in review may be modified too.
    program.ask("ModifySmsSign", SIGN | {"SignId": pk, "SignName": "Larkspur Inc"})
    newest = Signature.objects.get(pk=pk).versions.get(state=ReviewState.PENDING.value)
    assert newest.content == "Larkspur Inc"
    approve(newest)
    (told,) = signs(program, pk)
    assert (told["StatusCode"], told["SignName"]) == (0, "Larkspur Inc")
    assert (
        program.code("ModifySmsSign", SIGN | {"SignId": pk})
        == "InvalidParameterValue.SignAlreadyPassedCheck"
    )
    gone = program.ask("DeleteSmsSign", {"SignId": pk})["DeleteSignStatus"]
    assert gone["DeleteStatus"] == "return successfully!"
    assert abs(gone["DeleteTime"] - timezone.now().timestamp()) < 60
    assert signs(program, pk) == []


def test_a_text_template_from_submission_to_its_end(program, member) -> None:
    added = program.ask("AddSmsTemplate", TEXT)["AddTemplateStatus"]["TemplateId"]
    assert isinstance(added, str)
    pk = int(added)
    version = TextTemplate.objects.get(pk=pk).versions.get()
    assert (version.state, version.sms_type) == ("PENDING", "NOTIFICATION")
    (told,) = texts(program, pk)
    assert told == {
        "TemplateId": pk,
        "International": 1,
        "StatusCode": 1,
        "ReviewReply": "",
        "TemplateName": "Closing",
        "TemplateContent": TEXT["TemplateContent"],
        "CreateTime": int(version.submitted_at.timestamp()),
    }
    reject(version)
    modified = TEXT | {"TemplateId": pk, "TemplateContent": "Stores close at {1}.", "SmsType": 2}
    assert program.ask("ModifySmsTemplate", modified)["ModifyTemplateStatus"] == {"TemplateId": pk}
    (told,) = texts(program, pk)
    assert (told["StatusCode"], told["TemplateContent"]) == (1, "Stores close at {1}.")
    approve(TextTemplate.objects.get(pk=pk).versions.get(state=ReviewState.PENDING.value))
    assert texts(program, pk)[0]["StatusCode"] == 0
    assert program.code("ModifySmsTemplate", modified) == (
        "FailedOperation.TemplateAlreadyPassedCheck"
    )
    assert (
        "DeleteTime" in program.ask("DeleteSmsTemplate", {"TemplateId": pk})["DeleteTemplateStatus"]
    )
    assert texts(program, pk) == []


def test_the_trail_names_the_key_and_no_person(program) -> None:
    program.ask("AddSmsTemplate", TEXT)
    entries = AuditEntry.objects.for_organization(program.key.organization)
    entries = entries.filter(action__startswith="text_template.")
    assert {entry.action for entry in entries} == {
        "text_template.created",
        "text_template.submitted",
    }
    assert {entry.actor for entry in entries} == {None}
    assert {entry.details["api_key"] for entry in entries} == {program.key.pk}


def test_an_owner_answers_for_a_key_whose_maker_has_left(program, member) -> None:
    owner = type(member).objects.create(
        organization=member.organization,
        user=make_reviewer(),
        role=Role.OWNER.value,
    )
    member.delete()
    pk = int(program.ask("AddSmsTemplate", TEXT)["AddTemplateStatus"]["TemplateId"])
    assert TextTemplate.objects.get(pk=pk).versions.get().created_by == owner.user


def test_nobody_answers_where_nobody_is_left(program, member) -> None:
    member.delete()
    assert program.code("AddSmsTemplate", TEXT) == "FailedOperation.OtherError"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"International": 0}, "InvalidParameterValue.InvalidInternational"),
        ({"SignPurpose": 2}, "InvalidParameterValue.InvalidSignPurpose"),
        ({"DocumentType": 9}, "InvalidParameterValue.InvalidDocumentType"),
        ({"DocumentType": 7}, "InvalidParameterValue.InvalidDocumentType"),
        ({"SignType": 7}, "InvalidParameterValue"),
        ({"SignName": "x"}, "InvalidParameterValue.SignNameLengthTooLong"),
        ({"SignName": "x" * 16}, "InvalidParameterValue.SignNameLengthTooLong"),
        ({"SignName": "x" * 61}, "InvalidParameterValue.SignNameLengthTooLong"),
        ({"SignName": "12345"}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"SignName": ""}, "MissingParameter"),
        ({"ProofImage": "%%%"}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": "aGVsbG8="}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": "data:image/png;base64,aGVsbG8="}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": "é"}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": "A" * 7_400_000}, "InvalidParameterValue.ImageInvalid"),
        ({"ProofImage": "A" * 7_500_001}, "InvalidParameterValue.ImageInvalid"),
        ({"Remark": "x" * 1001}, "InvalidParameterValue"),
        ({"QualificationId": 1}, "UnknownParameter"),
    ],
)
def test_a_signature_that_is_not_right_is_not_made(program, wrong: dict, code: str) -> None:
    assert program.code("AddSmsSign", SIGN | wrong) == code
    assert not Signature.objects.exists()
    assert stored_files() == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"SmsType": 0}, "InvalidParameterValue.InvalidSmsType"),
        ({"International": 0}, "InvalidParameterValue.InvalidInternational"),
        ({"TemplateContent": "x" * 501}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": "Close at {2}."}, "InvalidParameterValue.InvalidTemplateFormat"),
        ({"TemplateContent": ""}, "MissingParameter"),
        (
            {"SmsType": 1, "TemplateContent": "Come and see our new shop."},
            "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
        ),
        ({"TemplateName": "x" * 61}, "InvalidParameterValue"),
    ],
)
def test_a_text_that_is_not_right_is_not_made(program, wrong: dict, code: str) -> None:
    assert program.code("AddSmsTemplate", TEXT | wrong) == code
    assert not TextTemplate.objects.exists()


def test_a_power_of_attorney_stands_for_the_name_of_another(program) -> None:
    wish = {key: value for key, value in SIGN.items() if key != "ProofImage"}
    program.ask("AddSmsSign", wish | {"SignPurpose": 1, "CommissionImage": SIGN["ProofImage"]})
    version = SignatureVersion.objects.get()
    assert version.for_others
    assert stored_files()[0].read_bytes() == PNG


def test_the_same_signature_in_review_is_refused_and_its_image_removed(program) -> None:
    program.ask("AddSmsSign", SIGN)
    before = stored_files()
    assert (
        program.code("AddSmsSign", SIGN | {"SignName": "LARKSPUR"})
        == "InvalidParameterValue.SignExistAndUnapproved"
    )
    assert stored_files() == before
    assert Signature.objects.count() == 1


def test_there_are_so_many_of_each(program, monkeypatch) -> None:
    monkeypatch.setattr(signature_actions, "SIGNATURE_LIMIT", 0)
    monkeypatch.setattr(text_template_actions, "TEXT_TEMPLATE_LIMIT", 0)
    assert program.code("AddSmsSign", SIGN) == "FailedOperation.SignNumberLimit"
    assert program.code("AddSmsTemplate", TEXT) == "FailedOperation.TemplateNumberLimit"


def test_a_name_is_used_once(program) -> None:
    program.ask("AddSmsTemplate", TEXT)
    error = program.ask("AddSmsTemplate", TEXT)["Error"]
    assert error["Code"] == "FailedOperation.OtherError"
    assert "Closing" in error["Message"]


@pytest.mark.parametrize(
    ("action", "wish", "code"),
    [
        ("ModifySmsSign", SIGN | {"SignId": 0}, "FailedOperation.MissingSignatureToModify"),
        ("DeleteSmsSign", {"SignId": 0}, "FailedOperation.SignIdNotExist"),
        ("ModifySmsTemplate", TEXT | {"TemplateId": 0}, "FailedOperation.MissingTemplateToModify"),
        ("DeleteSmsTemplate", {"TemplateId": 0}, "FailedOperation.TemplateIdNotExist"),
    ],
)
def test_what_others_have_is_not_there(program, action: str, wish: dict, code: str) -> None:
    stranger = make_sender().organization
    theirs = {
        "SignId": make_signature(stranger).pk,
        "TemplateId": approved_template(stranger).pk,
    }
    name = "SignId" if "SignId" in wish else "TemplateId"
    for pk in (theirs[name], NEXT_ID):
        assert program.code(action, wish | {name: pk}) == code


def test_lists_are_of_the_organization_and_paged(program, member) -> None:
    own = [approved_template(member.organization).pk for _ in range(3)]
    stranger = approved_template(make_sender().organization)
    assert [one["TemplateId"] for one in texts(program)] == own[::-1]
    assert [one["TemplateId"] for one in texts(program, Limit=1, Offset=1)] == [own[1]]
    assert texts(program, Limit=0) == []
    assert [one["TemplateId"] for one in texts(program, own[0], stranger.pk)] == [own[0]]


def test_a_suspended_organization_writes_nothing_and_still_reads(program, member) -> None:
    organization = member.organization
    organization.suspended_at = timezone.now()
    organization.save()
    assert program.code("AddSmsTemplate", TEXT) == "UnauthorizedOperation.RequestPermissionDeny"
    assert texts(program) == []
