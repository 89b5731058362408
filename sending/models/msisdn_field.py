"""The column of an MSISDN, and how numbers that begin alike are found in it."""

from typing import Any

from django.db import models


class MsisdnField(models.CharField):
    """An E.164 number with its plus, compared octet by octet whatever the locale of a database.

    The locale decides what PostgreSQL compares otherwise: in English a colon comes before the
    digits, so that no number would begin with anything; and it takes time for every comparison.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 16)
        super().__init__(*args, **options)

    def db_parameters(self, connection: Any) -> Any:
        """Return what the column is made of; SQLite compares octets anyway."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


@MsisdnField.register_lookup
class Begins(models.Lookup):
    """`msisdn__begins="+4917"`: a range, because LIKE uses no index on SQLite."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition; the colon is the octet after the digit nine."""
        column, parameters = self.process_lhs(compiler, connection)
        return (
            f"({column} >= %s AND {column} < %s)",
            (*parameters, self.rhs, *parameters, f"{self.rhs}:"),
        )
