"""What signatures and text templates share: submitted, modified, deleted, told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, Refusal
from sending.api.repeating import Keep
from sending.api.tencent.authors import author_of
from sending.api.tencent.call import Answer, ApiCall
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.refusals import ANY_OTHER_FINDING, CODE_OF_FINDING, OTHER
from templates_app import actions
from templates_app.lint import Finding, Severity
from templates_app.models import Review, Signature, SignatureVersion, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.sentences import reason_texts, say
from templates_app.version_findings import findings_of

Version = SignatureVersion | TextTemplateVersion
# What the dialect has for the state of a review.
STATUS_CODES = {
    ReviewState.APPROVED.value: 0,
    ReviewState.REPLACED.value: 0,
    ReviewState.DRAFT.value: 1,
    ReviewState.PENDING.value: 1,
    ReviewState.REJECTED.value: -1,
    ReviewState.WITHDRAWN.value: -1,
}


def submitted(
    call: ApiCall, keep: Keep, draft: Callable[[Any], Version], answer: Callable[[Version], Answer]
) -> Answer:
    """Make a draft in the author's name, submit it, and keep the answer, all or nothing."""
    call.items = 1
    made: list[Version] = []
    try:
        with author_of(call) as author, transaction.atomic():
            made.append(draft(author))
            refuse_findings(findings_of(made[0]))
            said = answer(actions.submit(version=made[0], submitter=author))
            keep(said)
    except BaseException:
        _drop_files(made)
        raise
    return said


def _drop_files(versions: list[Version]) -> None:
    """Remove the image of a draft that was undone; the database knows nothing of it any more."""
    for version in versions:
        if isinstance(version, SignatureVersion) and version.evidence.name:
            name = version.evidence.name
            kept = SignatureVersion.objects.for_organization(version.organization)
            if not kept.filter(evidence=name).exists():
                version.evidence.storage.delete(name)


def refuse_findings(findings: Iterable[Finding]) -> None:
    """Raise TencentError for an error among them, one that has a code of its own before others."""
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if errors:
        finding = min(errors, key=lambda one: one.code not in CODE_OF_FINDING)
        words = say(finding)
        code = CODE_OF_FINDING.get(finding.code, ANY_OTHER_FINDING)
        raise TencentError(code, f"{words.title} {words.advice}")


def refused(refusal: Refusal, codes: Mapping[Any, str]) -> TencentError:
    """Return what an action of the pages refuses, in the words of the dialect."""
    for kind, code in codes.items():
        if isinstance(refusal, kind):
            return TencentError(code, str(refusal))
    return TencentError(OTHER, str(refusal))


def editable(thing: Any, author: Any, approved_code: str) -> Version:
    """Return a draft of a signature or text template to be modified; raise TencentError.

    What is in review is withdrawn, what was decided or withdrawn gets a next version.
    """
    latest: Version = thing.versions.order_by("-number")[0]
    if thing.approved_id is not None:
        raise TencentError(
            approved_code,
            _("It is approved. Make a new version on its page, where reviewers see what changed."),
        )
    if latest.state == ReviewState.PENDING.value:
        try:
            actions.withdraw(version=latest, actor=author)
        except Conflict as conflict:
            raise TencentError(OTHER, str(conflict)) from conflict
    return actions.new_version(version=latest, author=author)


def deleted(call: ApiCall, keep: Keep, thing: Any, name: str) -> Answer:
    """Delete a signature or text template."""
    call.items = 1
    with author_of(call) as author, transaction.atomic():
        actions.delete(thing=thing, actor=author)
        said = {
            name: {
                "DeleteStatus": "return successfully!",
                "DeleteTime": int(shared_time.now().timestamp()),
            }
        }
        keep(said)
    return said


def listed(call: ApiCall, things: Any, ids: str) -> list[tuple[Any, Version]]:
    """Return signatures or text templates with the version to tell of, the newest first.

    That is the one in use, or else the newest.
    """
    rows = things.filter(deleted_at=None).select_related("approved").order_by("-pk")
    if wanted := call.values.get(ids):
        rows = rows.filter(pk__in=wanted)
    else:
        first = call.values.get("Offset", 0)
        rows = rows[first : first + call.values.get("Limit", 10)]
    rows = list(rows)
    call.items = len(rows)
    newest: dict[int, Version] = {}
    is_signature = rows and isinstance(rows[0], Signature)
    kind = SignatureVersion if is_signature else TextTemplateVersion
    owner = "signature_id" if is_signature else "text_template_id"
    versions: Any = kind.objects.for_organization(call.organization)
    for version in versions.filter(**{f"{owner}__in": [row.pk for row in rows]}).order_by("number"):
        newest[getattr(version, owner)] = version
    return [(row, row.approved or newest[row.pk]) for row in rows]


def told(call: ApiCall, version: Version) -> dict[str, Any]:
    """Return what both lists say of a review."""
    return {
        "International": 1,
        "StatusCode": STATUS_CODES[version.state],
        "ReviewReply": _reply(call, version),
        "CreateTime": int((version.submitted_at or version.created_at).timestamp()),
    }


def _reply(call: ApiCall, version: Version) -> str:
    if version.state != ReviewState.REJECTED.value:
        return ""
    field = (
        "signature_version" if isinstance(version, SignatureVersion) else "text_template_version"
    )
    reviews = Review.objects.for_organization(call.organization)
    review = reviews.filter(**{field: version}).first()
    if review is None:
        return ""
    reasons = [
        ": ".join(part for part in (reason.label, reason.advice) if part)
        for reason in reason_texts(review.reasons)
    ]
    return ". ".join(part.rstrip(".") for part in (*reasons, review.note) if part)
