"""Does the database answer, and is it as this release wants it?"""

from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, connection

from sending.operations.readiness import unapplied_migrations
from smsconsole.doctor.registry import Diagnosis, check, problem, well

_ENCODING = "SHOW server_encoding"


@check("database", needs_database=False)
def database() -> Iterator[Diagnosis]:
    """Connect, and compare the migrations."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ENCODING if connection.vendor == "postgresql" else "SELECT 'UTF8'")
            encoding = cursor.fetchone()[0]
    except (DatabaseError, InterfaceError) as error:
        yield problem(
            "DATABASE_URL",
            f"The database does not answer ({type(error).__name__}): {_first_line(error)}",
            "Check DATABASE_URL and PGPASSWORD, and whether PostgreSQL runs and lets this user in.",
        )
        return
    if encoding == "UTF8":
        yield well("DATABASE_URL", f"{connection.display_name} answers.")
    else:
        yield problem(
            "DATABASE_URL",
            f"The database's encoding is {encoding}: texts in most languages cannot be stored.",
            "Create it again with --encoding UTF8 --template template0, as docs/deploy.md shows.",
        )
    missing = unapplied_migrations()
    if missing:
        yield problem(
            "migrations",
            f"The database lacks {missing} migrations of this release.",
            "Run ./console manage prepare, which every start of ./console run does.",
        )
    else:
        yield well("migrations", "All migrations are applied.")


def _first_line(error: Exception) -> str:
    """Return what the driver says; it names hosts and users, never a password."""
    return (str(error).strip().splitlines() or [""])[0][:200]
