"""Saved numbers, what is known about each of them, and the lists of them."""

from typing import Any

from django.db import connection, models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.msisdn_field import MsisdnField

NAME_CHARS = 120
VALUE_CHARS = 200
LABEL_CHARS = 60
NOTE_CHARS = 300
LANGUAGE_CHARS = 16
MOST_FIELDS = 20
# Who looks for a number by its end must know so many digits: an index knows the last four.
LAST_DIGITS = 4


@deconstructible(path="sending.models.customer.NameKey")
class NameKey(models.Func):
    """A name as it is searched: letters of ASCII in lower case, on both databases alike."""

    function = "LOWER"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Compare octets, whatever the locale of the database."""
        template = '(LOWER(%(expressions)s COLLATE "C"))'
        return self.as_sql(compiler, connection, template=template, **context)


@deconstructible(path="sending.models.customer.LastDigits")
class LastDigits(models.Func):
    """The last four digits of a number: few enough numbers share them to look at each."""

    output_field = models.CharField(max_length=LAST_DIGITS)
    template = f"SUBSTR(%(expressions)s, -{LAST_DIGITS})"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return what PostgreSQL understands."""
        template = f"RIGHT(%(expressions)s, {LAST_DIGITS})"
        return self.as_sql(compiler, connection, template=template, **context)


class CustomerSource(models.TextChoices):
    """How a customer came into the pool."""

    IMPORT = "IMPORT", _("Import")
    ENTERED = "ENTERED", _("Entered")


class Customer(models.Model):
    """A saved number, and what the organization keeps about it.

    `fields` has a text for each own column (`CustomerField.key`) that is not empty.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customers")
    msisdn = MsisdnField(_("mobile number"))
    country = models.CharField(_("country"), max_length=2)
    name = models.CharField(_("name"), max_length=NAME_CHARS, blank=True)
    # A language tag such as "en" or "zh-hant".
    language = models.CharField(
        _("language"), max_length=LANGUAGE_CHARS, blank=True, default="", db_default=""
    )
    fields = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    consent = models.CharField(
        _("consent"), max_length=NOTE_CHARS, blank=True, default="", db_default=""
    )
    # When the note was written.
    consent_at = models.DateTimeField(null=True, blank=True)
    # Empty for customers of earlier versions.
    source = models.CharField(
        _("source"), max_length=7, choices=CustomerSource, blank=True, default="", db_default=""
    )
    # The name of the file, for example.
    source_name = models.CharField(max_length=NAME_CHARS, blank=True, default="", db_default="")
    created_at = MomentField(_("since"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(fields=["organization", "msisdn"], name="customer_once"),
        ]
        # Those of languages and names cost nothing for customers who have none.
        indexes = [
            models.Index(
                fields=["organization", "language", "msisdn"],
                condition=~models.Q(language=""),
                name="customer_language",
            ),
            models.Index(
                models.F("organization"),
                NameKey("name"),
                models.F("id"),
                condition=models.Q(name__gt=""),
                name="customer_name",
            ),
            models.Index(models.F("organization"), LastDigits("msisdn"), name="customer_last"),
        ]

    def __str__(self) -> str:
        return self.name or self.msisdn


class CustomerField(models.Model):
    """One of the columns that an organization keeps about its customers."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customer_fields")
    # Stays when the label changes, and is never used again.
    key = models.CharField(max_length=12)
    label = models.CharField(_("name of the column"), max_length=LABEL_CHARS)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("column of customers")
        verbose_name_plural = _("columns of customers")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="customer_field_once"),
            models.UniqueConstraint(fields=["organization", "label"], name="customer_label_once"),
        ]

    def __str__(self) -> str:
        return self.label


class CustomerGroup(models.Model):
    """A list of customers; `size` is kept while members are added and removed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="customer_groups")
    name = models.CharField(_("name"), max_length=60)
    size = models.PositiveIntegerField(_("customers"), default=0)
    created_at = MomentField(_("created at"), auto_now_add=True)
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
