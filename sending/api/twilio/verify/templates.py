"""The text templates that codes can go out with, as programs choose among them."""

from accounts.sids import sid_of
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_newer
from sending.api.twilio.pages import PageAsked
from sending.api.twilio.verify.asked import SMS, TEMPLATE
from sending.dialects.twilio.dates import iso8601
from sending.verify.texts import languages_of, suitable_texts
from templates_app.models import TextTemplate


def list_(call: TwilioCall) -> Reply:
    """List the approved OTP text templates of the organization that fit."""
    asked = PageAsked.read(call.query, TEMPLATE)
    wanted = call.query.get("FriendlyName")
    suitable = [row.pk for row in suitable_texts(call.organization) if wanted in {"", row.name}]
    own = TextTemplate.objects.for_organization(call.organization).filter(pk__in=suitable)
    page = asked.of(own.select_related("approved"))
    records = [_shape(call, row) for row in page.rows]
    return Reply(page_of_newer(call, asked, "templates", records, page))


def _shape(call: TwilioCall, text_template: TextTemplate) -> Body:
    translations = {}
    for language, one in languages_of(text_template).items():
        assert one.approved is not None
        translations[language or "default"] = {
            "is_default_translation": one.pk == text_template.pk,
            "status": "approved",
            "locale": language or None,
            "text": one.approved.body,
            "date_created": iso8601(one.created_at),
            "date_updated": iso8601(one.approved.decided_at or one.created_at),
        }
    return {
        "sid": sid_of(TEMPLATE, text_template.pk),
        "account_sid": call.caller.account_sid,
        "friendly_name": text_template.name,
        "channels": [SMS],
        "translations": translations,
    }
