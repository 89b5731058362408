"""One change of many customers, made in the background a stretch at a time."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.customer import CustomerGroup


class ChangeKind(models.TextChoices):
    """What is done to each customer."""

    ADD = "ADD", _("Add to a group")
    MOVE = "MOVE", _("Move to another group")
    REMOVE = "REMOVE", _("Take out of a group")
    DELETE = "DELETE", _("Delete")
    SUPPRESS = "SUPPRESS", _("Suppress")
    FORGET = "FORGET", _("Remove a column")


class ChangeState(models.TextChoices):
    """Where a change is."""

    RUNNING = "RUNNING", _("In progress")
    FINISHED = "FINISHED", _("Finished")


class CustomerChange(models.Model):
    """What is done to all customers that a filter finds.

    Customers are gone through in the order of their ids: `reached` is the last one looked at, so
    that whoever goes on after a worker died begins there.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(_("change"), max_length=8, choices=ChangeKind)
    # As customers.filters writes it; empty once the change is finished, as it may name a number.
    filter = models.JSONField(default=dict, blank=True)
    # Where customers are taken out of, and where they come to.
    source = models.ForeignKey(
        CustomerGroup, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    target = models.ForeignKey(
        CustomerGroup, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whether the group that customers leave goes when it is empty.
    drops_source = models.BooleanField(default=False)
    # The key of the column that is removed.
    field = models.CharField(max_length=12, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ChangeState, default=ChangeState.RUNNING
    )
    reached = models.BigIntegerField(default=0)
    # Customers who come in meanwhile are not meant.
    until = models.BigIntegerField()
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of customers")
        verbose_name_plural = _("changes of customers")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state=ChangeState.RUNNING.value),
                name="customer_change_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
