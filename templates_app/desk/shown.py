"""What the page of an item shows, by its kind."""

from typing import Any

from accounts.countries import country_name
from accounts.models import Originator, ServiceActivation, User
from accounts.notices import NoticeKind, readers
from accounts.queries import ReviewerPlaces
from templates_app.desk import queries
from templates_app.desk.history import activation_of, activations_of, earlier_decisions, others_with
from templates_app.desk.links import links_of
from templates_app.desk.similar import identical_open, same_words, similar_texts
from templates_app.diff import diff
from templates_app.equal_texts import equal_texts
from templates_app.lint_report import signature_report, text_template_report
from templates_app.models import Review, SignatureVersion, TextTemplateVersion
from templates_app.preview import preview
from templates_app.queries import compared_version, sendable_signatures, thread
from templates_app.sentences import EXAMPLE_TEXT
from templates_app.version_findings import originator, takes_replies


def about_item(
    item: queries.Item, reviewer: User, places: ReviewerPlaces | None = None
) -> dict[str, Any]:
    """Return what a reviewer must know of an item and its organization."""
    row, organization = item.row, item.row.organization
    applications = activations_of(organization)
    activation = activation_of(applications)
    people = [item.submitter] if item.submitter else []
    shown: dict[str, Any] = {
        "title": item.title,
        "submitter": item.submitter,
        "told": len(readers(NoticeKind.REVIEW, organization, people=people, contacts=True)),
        "activation": activation,
        "country": country_name(activation.country) if activation else "",
        "decisions": earlier_decisions(organization, applications),
        "notes": queries.private_notes(organization),
        # What was said of a decision is shown where there is one.
        "quality": None if item.is_open else queries.quality_check_of(item, reviewer),
    }
    website = organization.website or (activation.website if activation else "")
    if isinstance(row, ServiceActivation):
        links = links_of(f"{row.website} {row.purpose}", row.website)
        return {
            **shown,
            "item_country": country_name(row.country),
            "links": links,
            "website": row.website,
        }
    if isinstance(row, Originator):
        country = country_name(row.country) if row.country else ""
        links = links_of(row.remarks, website)
        return {
            **shown,
            "item_country": country,
            "others": others_with(row),
            "links": links,
            "website": website,
        }
    earlier = compared_version(row)
    same = same_words(item)
    similar = similar_texts(item, same)
    shown |= {
        "earlier": earlier,
        "changes": diff(earlier.text, row.text) if earlier else (),
        "review": None if item.is_open else _newest_review(row),
        "originator": originator(organization),
        "thread": thread(row),
        "links": links_of(row.text, website),
        "website": website,
        "similar": similar,
        "rejected_before": [one for one in similar if one.has_same_words and one.is_rejected],
        "identical": len(identical_open(item, reviewer, places)) if same and item.is_open else 0,
    }
    if isinstance(row, SignatureVersion):
        return {**shown, **_about_signature(row)}
    return {**shown, **_about_text_template(row, shown["originator"])}


def _newest_review(row: SignatureVersion | TextTemplateVersion) -> Review | None:
    newest: Review | None = row.reviews.select_related("reviewer").order_by("-pk").first()
    return newest


def _about_signature(version: SignatureVersion) -> dict[str, Any]:
    return {
        "check": signature_report(version.content),
        "preview": preview(str(EXAMPLE_TEXT), (), version.content),
    }


def _about_text_template(version: TextTemplateVersion, sender: str) -> dict[str, Any]:
    return {
        "check": text_template_report(
            version.body,
            version.sms_type,
            version.samples,
            accepts_replies=takes_replies(sender),
            beside=equal_texts(
                version.organization, version.body, version.sms_type, of=version.text_template_id
            ),
        ),
        "preview": preview(version.body, version.samples),
        "signatures": sendable_signatures(version.organization).only(
            "approved__content", "approved__evidence"
        ),
    }
