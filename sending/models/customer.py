"""Saved numbers and the lists of them."""

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from sending.models.msisdn_field import MsisdnField


class Customer(models.Model):
    """A saved number, with a name if someone gave one."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customers")
    msisdn = MsisdnField(_("mobile number"))
    country = models.CharField(_("country"), max_length=2)
    name = models.CharField(_("name"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(fields=["organization", "msisdn"], name="customer_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.msisdn


class CustomerGroup(models.Model):
    """A list of customers; `size` is kept while members are added and removed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customer_groups")
    name = models.CharField(_("name"), max_length=60)
    size = models.PositiveIntegerField(_("customers"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    customers = models.ManyToManyField(Customer, through="GroupMembership", related_name="groups")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="customer_group_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    """Places in groups, given without reading who gets them."""

    def add(self, group_id: int, customers: models.QuerySet[Customer]) -> int:
        """Put those into the group who are not in it; return how many they are."""
        # SQLite would read all customers to have them in the order of a bare key.
        in_order = models.F("pk") + 0
        wanted = customers.order_by(in_order).annotate(group=models.Value(group_id))
        select, params = wanted.values_list("group", "pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.model._meta.db_table} (group_id, customer_id) {select}"
                " ON CONFLICT DO NOTHING",
                params,
            )
            return int(cursor.rowcount)


class GroupMembership(models.Model):
    """A customer's place in a group."""

    group = models.ForeignKey(CustomerGroup, models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "customer"], name="group_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.group_id}"
