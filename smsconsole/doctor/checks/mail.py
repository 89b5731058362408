"""Do mails reach anybody?"""

import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import get_connection

from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@check("mail", needs_database=False)
def mail() -> Iterator[Diagnosis]:
    """Sign in to the mail server; no mail is sent."""
    if settings.MAILS_IN_FILES:
        yield _files()
        return
    if settings.EMAIL_BACKEND == _SMTP:
        yield _server()
    else:
        yield warning(
            "EMAIL_URL",
            f"Mails go to {settings.EMAIL_BACKEND}, which sends none.",
            "Set EMAIL_URL, such as smtp+tls://user:password@smtp.example.com:587.",
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield problem(
            "DEFAULT_FROM_EMAIL",
            "Mails would come from an address at localhost, which servers refuse.",
            'Set it, such as DEFAULT_FROM_EMAIL="SMS Console <console@example.com>".',
        )


def _files() -> Diagnosis:
    sentence = f"Mails are written to {settings.EMAIL_FILE_PATH} and reach nobody."
    if not settings.PRODUCTION:
        return well("EMAIL_URL", sentence)
    return problem(
        "EMAIL_URL",
        sentence,
        "Set EMAIL_URL, such as smtp+tls://user:password@smtp.example.com:587: invitations, "
        "reset links and alarms are sent by e-mail.",
    )


def _server() -> Diagnosis:
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    fix = "Check EMAIL_URL, and whether this machine may connect to that port."
    try:
        server = get_connection(timeout=5)
        server.open()
        server.close()
    except smtplib.SMTPAuthenticationError as error:
        sentence = f"{where} refuses user or password (code {error.smtp_code})."
        return problem("EMAIL_URL", sentence, "Correct user and password in EMAIL_URL.")
    except (OSError, smtplib.SMTPException) as error:
        sentence = f"{where} takes no mail from here ({type(error).__name__})."
        return problem("EMAIL_URL", sentence, fix)
    return well("EMAIL_URL", f"{where} lets us in.")
