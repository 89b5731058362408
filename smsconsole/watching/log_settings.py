"""Which log goes where, as Django's LOGGING has it."""

from typing import Any


def logging_settings(*, level: str, security_log: str, json: bool) -> dict[str, Any]:
    """Return LOGGING; `security_log` is a file, or empty for standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {"()": "smsconsole.watching.log_lines.LineFormatter", "json": json},
            # The security log makes its own.
            "line": {"format": "%(message)s"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "lines"},
            "security": {
                "class": "smsconsole.log_files.SharedRotatingFileHandler",
                "formatter": "line",
                "filename": security_log,
                "max_bytes": 20_000_000,
                "files": 10,
            }
            if security_log
            else {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.__stdout__",
            },
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        },
    }
