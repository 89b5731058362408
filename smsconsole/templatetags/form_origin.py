"""`{% csrf_token %}` also says for whom and where a form was made: no form can forget it."""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from smsconsole.form_origin import FIELD, FormOrigin

register = template.Library()


class FormTokensNode(CsrfTokenNode):
    """Django's token, and the origin of the form."""

    def render(self, context: Any) -> SafeString:
        """Return hidden fields."""
        origin = FormOrigin.of(context.get("request"))
        field = origin and format_html(
            '<input type="hidden" name="{}" value="{}">', FIELD, origin.token
        )
        return SafeString(super().render(context) + (field or ""))


@register.tag
def csrf_token(_parser: template.base.Parser, _token: template.base.Token) -> FormTokensNode:
    """Take the place of Django's tag of this name (see TEMPLATES in the settings)."""
    return FormTokensNode()
