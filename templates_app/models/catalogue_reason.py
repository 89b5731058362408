"""A reason that reviewers can choose for a rejection, with what to do about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.reasons import in_language
from templates_app.sentences import FIELDS


def reason_kind_choices() -> list[tuple[str, object]]:
    """Return the kinds of the desk; a callable keeps them out of migrations."""
    return [
        ("activation", _("Service activation")),
        ("originator", _("Originator")),
        ("signature", _("Signature")),
        ("template", _("Text template")),
    ]


def reason_field_choices() -> list[tuple[str, object]]:
    """Return the fields a reason can point to."""
    return list(FIELDS.items())


class CatalogueReason(models.Model):
    """One reason for one kind of item; a decision keeps a copy of its words."""

    kind = models.CharField(_("kind"), max_length=10, choices=reason_kind_choices)
    code = models.CharField(
        _("code"),
        max_length=40,
        help_text=_("Use capital letters and underscores, such as LINK_INVALID."),
    )
    field = models.CharField(_("field"), max_length=20, choices=reason_field_choices, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_zh = models.CharField(_("title in Simplified Chinese"), max_length=120)
    fix_en = models.TextField(_("what to do, in English"), max_length=500)
    fix_zh = models.TextField(_("what to do, in Simplified Chinese"), max_length=500)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_offered = models.BooleanField(_("offered to reviewers"), default=True)

    class Meta:
        verbose_name = _("reason for a rejection")
        verbose_name_plural = _("reasons for rejections")
        ordering = ("kind", "place", "code")
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="reason_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title in the reader's language."""
        return in_language({"en": self.title_en, "zh-hans": self.title_zh})

    @property
    def fix(self) -> str:
        """Return what to do, in the reader's language."""
        return in_language({"en": self.fix_en, "zh-hans": self.fix_zh})

    @property
    def stored(self) -> dict[str, object]:
        """Return what a decision keeps of it."""
        return {
            "code": self.code,
            "field": self.field,
            "advice": "",
            "title": {"en": self.title_en, "zh-hans": self.title_zh},
            "fix": {"en": self.fix_en, "zh-hans": self.fix_zh},
        }
