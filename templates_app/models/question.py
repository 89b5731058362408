"""What submitter and reviewer say to each other about one version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from templates_app.models.signature import SignatureVersion
from templates_app.models.text_template import TextTemplateVersion

QUESTION_MAX = 1000


class ReviewQuestion(models.Model):
    """One line of the thread about a version, a question or an answer. Rows are only ever added."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    signature_version = models.ForeignKey(
        SignatureVersion, models.CASCADE, related_name="questions", null=True, blank=True
    )
    text_template_version = models.ForeignKey(
        TextTemplateVersion, models.CASCADE, related_name="questions", null=True, blank=True
    )
    text = models.TextField(_("text"), max_length=QUESTION_MAX)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    by_reviewer = models.BooleanField(_("by a reviewer"), default=False)
    at = MomentField(_("at"), default=shared_time.now)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a review")
        verbose_name_plural = _("questions about reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(signature_version=None) ^ Q(text_template_version=None),
                name="question_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.text
