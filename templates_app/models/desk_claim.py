"""Who works on an item of the review desk, and until when."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import User
from accounts.statements import Statement, run_together

CLAIM_TIME = timedelta(minutes=10)
# What somebody else holds stays as it is, and gives no row.
_TAKE = """
INSERT INTO templates_app_deskclaim AS held (kind, item_id, reviewer_id, until)
VALUES (%s, %s, %s, %s)
ON CONFLICT (kind, item_id) DO UPDATE SET reviewer_id = excluded.reviewer_id, until = excluded.until
WHERE held.reviewer_id = excluded.reviewer_id OR held.until <= %s
RETURNING id
"""
# Who has got an item gives up what they held before.
_GIVE_UP_OTHERS = """
DELETE FROM templates_app_deskclaim WHERE reviewer_id = %s AND NOT (kind = %s AND item_id = %s)
AND EXISTS (
    SELECT 1 FROM templates_app_deskclaim taken
    WHERE taken.kind = %s AND taken.item_id = %s AND taken.reviewer_id = %s
)
"""


class DeskClaimQuerySet(models.QuerySet["DeskClaim"]):
    """Claims of all reviewers."""

    def take(self, kind: str, item_id: int, reviewer: User) -> "DeskClaim | None":
        """Claim an item for a while, or renew the claim, and give up what `reviewer` held before.

        None where somebody else holds it. Call it in a transaction; it is asked twice at every
        step of a sitting, hence no models.
        """
        now = shared_time.now()
        until = now + CLAIM_TIME
        moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (until, now)]
        own = (kind, item_id, reviewer.pk)
        rows, _none = run_together(
            [
                Statement(_TAKE, [*own, *moments]),
                Statement(_GIVE_UP_OTHERS, [reviewer.pk, kind, item_id, *own], gives_rows=False),
            ]
        )
        values = {"kind": kind, "item_id": item_id, "reviewer": reviewer, "until": until}
        return DeskClaim(pk=rows[0][0], **values) if rows else None

    def give_up(self, kind: str, item_id: int, reviewer: User) -> None:
        """End the claim of `reviewer`, if there is one."""
        self.filter(kind=kind, item_id=item_id, reviewer=reviewer).delete()


class DeskClaim(models.Model):
    """One reviewer holds one item for a while; afterwards anybody may take it.

    An item is a kind of the desk and the id of its row, whichever app it belongs to.
    """

    kind = models.CharField(max_length=10)
    item_id = models.BigIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"))

    objects = DeskClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint(fields=["kind", "item_id"], name="claim_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"

    @property
    def is_over(self) -> bool:
        """Tell whether somebody else may take the item."""
        return self.until <= shared_time.now()
