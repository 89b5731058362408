"""Reads settings from the environment and refuses unsafe ones with a sentence."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

from accounts.business_time import BusinessTime, read_opening

env = environ.Env()

MODES = ("demo", "production", "test")
# Until then a receipt may come, or what was scheduled may go.
LEAST_ROWS_DAYS = 60
LOOPBACK = ["127.0.0.0/8", "::1/128"]
# Carriers are often reached over a VPN: RFC 1918, RFC 6598 and RFC 4193.
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
Networks = tuple[IPv4Network | IPv6Network, ...]


def mode() -> str:
    """Return SMSCONSOLE_MODE; production unless said otherwise, so that nothing is open by slip."""
    name: str = env.str("SMSCONSOLE_MODE", default="production")
    if name not in MODES:
        raise ImproperlyConfigured(
            f"SMSCONSOLE_MODE is {name!r}. Set it to one of: {', '.join(MODES)}."
        )
    return name


def secret_key(*, production: bool, var: Path) -> str:
    """Return SECRET_KEY; outside production a random one is made once and kept under `var`."""
    if production:
        key: str = env.str("SECRET_KEY", default="")
        if len(key) < 50 or len(set(key)) < 10:
            raise ImproperlyConfigured(
                "SECRET_KEY is missing or too simple. Set it to at least 50 random characters, "
                "for example with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
            )
        return key
    path = var / "secret-key"
    if not path.exists():
        from django.core.management.utils import get_random_secret_key

        var.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


def allowed_hosts(*, production: bool) -> list[str]:
    """Return ALLOWED_HOSTS; production must name them."""
    hosts: list[str] = env.list("ALLOWED_HOSTS", default=[])
    if production and (not hosts or "*" in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the host names people use for this console, separated by "
            "commas, for example ALLOWED_HOSTS=sms.example.com. A star is not accepted."
        )
    return hosts or ["localhost", "127.0.0.1", "[::1]", "testserver"]


def api_hosts(allowed: list[str]) -> list[str]:
    """Return API_HOSTS, the host names that programs may use; those of people if none are named."""
    hosts: list[str] = env.list("API_HOSTS", default=[])
    if "*" in hosts:
        raise ImproperlyConfigured(
            "API_HOSTS must name the host names that programs use, separated by commas, for "
            "example API_HOSTS=sms-api.example.com. A star is not accepted."
        )
    return hosts or allowed


def public_url(*, production: bool) -> str:
    """Return PUBLIC_URL, the address that links in e-mails begin with."""
    url: str = env.str("PUBLIC_URL", default="" if production else "http://127.0.0.1:8000")
    if production and not url.startswith("https://"):
        raise ImproperlyConfigured(
            "PUBLIC_URL must be the console's https address, for example "
            "PUBLIC_URL=https://sms.example.com. Links in e-mails begin with it."
        )
    return url.rstrip("/")


def trusted_proxies(*, behind_proxy: bool) -> Networks:
    """Return TRUSTED_PROXIES, whose X-Forwarded-For is believed; a proxy must be named."""
    named: list[str] = env.list("TRUSTED_PROXIES", default=[])
    if behind_proxy and not named:
        raise ImproperlyConfigured(
            "BEHIND_PROXY is on, so TRUSTED_PROXIES must name the addresses or networks of your "
            "proxies, separated by commas, for example TRUSTED_PROXIES=127.0.0.1,10.0.3.0/24. "
            "Without them everybody would share the proxy's address, and its limits."
        )
    networks = _networks("TRUSTED_PROXIES", named)
    if any(network.prefixlen == 0 for network in networks):
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES trusts every address, so that anybody could claim any address. "
            "Name your proxies only."
        )
    return networks


def refuse_less_than_a_day(**days: int) -> None:
    """Refuse to start with a period that would erase what is being sent just now."""
    for name, value in days.items():
        if value < 1:
            raise ImproperlyConfigured(f"{name} is {value}. Set it to 1 day or more.")


def refuse_to_delete_what_is_kept(rows_days: int, messages_days: int) -> None:
    """Refuse to start with a period that deletes messages before their numbers are erased."""
    least = max(LEAST_ROWS_DAYS, messages_days)
    if rows_days and rows_days < least:
        raise ImproperlyConfigured(
            f"KEEP_MESSAGE_ROWS_DAYS is {rows_days}. Set it to {least} days or more, or to 0 to"
            " keep messages for ever."
        )


def refuse_too_few(**settings: tuple[int, int]) -> None:
    """Refuse to start with fewer than needed: {variable: (value, least)}."""
    for name, (value, least) in settings.items():
        if value < least:
            raise ImproperlyConfigured(f"{name} is {value}. Set it to {least} or more.")


def gateway_networks(*, production: bool) -> Networks:
    """Return GATEWAY_NETWORKS; outside production the simulator on this machine is among them."""
    return _networks(
        "GATEWAY_NETWORKS", env.list("GATEWAY_NETWORKS", default=[] if production else LOOPBACK)
    )


def smpp_networks() -> Networks:
    """Return SMPP_NETWORKS, to which SMPP gateways may connect beside those of all gateways."""
    return _networks("SMPP_NETWORKS", env.list("SMPP_NETWORKS", default=PRIVATE))


def smpp_server_places() -> tuple[str, int, int]:
    """Return where the SMPP server listens: its address, its port, and that for TLS."""
    return (
        env.str("SMPP_SERVER_BIND", default="127.0.0.1"),
        env.int("SMPP_SERVER_PORT", default=2775),
        env.int("SMPP_SERVER_TLS_PORT", default=3550),
    )


def smpp_server_proxies() -> Networks:
    """Return SMPP_SERVER_PROXIES: load balancers that tell whose connections they bring."""
    return _networks("SMPP_SERVER_PROXIES", env.list("SMPP_SERVER_PROXIES", default=[]))


def smpp_server() -> tuple[str, str, int]:
    """Return the certificate and the key of the SMPP server, and its connections to the database.

    Without a certificate it listens without TLS only, on this machine or a VPN.
    """
    certificate: str = env.str("SMPP_SERVER_TLS_CERT", default="")
    key: str = env.str("SMPP_SERVER_TLS_KEY", default="")
    connections: int = env.int("SMPP_SERVER_CONNECTIONS", default=4)
    return certificate, key, one_or_more(SMPP_SERVER_CONNECTIONS=connections)


def one_or_more(**setting: int) -> int:
    """Return the value of the one setting that is named; refuse to start with less than one."""
    refuse_too_few(**{name: (value, 1) for name, value in setting.items()})
    (value,) = setting.values()
    return value


def callback_networks(*, production: bool) -> Networks:
    """Return CALLBACK_NETWORKS; outside production a receiver on this machine may be called."""
    return _networks(
        "CALLBACK_NETWORKS", env.list("CALLBACK_NETWORKS", default=[] if production else LOOPBACK)
    )


def _networks(variable: str, written: list[str]) -> Networks:
    try:
        return tuple(ip_network(network.strip()) for network in written)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{variable} must be networks such as 10.1.2.0/24 or fd00:1::/64, separated by commas:"
            f" {error}."
        ) from error


def database(var: Path) -> dict[str, object]:
    """Return the one database: DATABASE_URL (PostgreSQL), or SQLite under `var`."""
    if url := env.str("DATABASE_URL", default=""):
        # A parser would take such a password for a host, or quote a part of it.
        if {*url.partition("://")[2].rpartition("@")[0]} & {*"/?#@"}:
            raise ImproperlyConfigured(
                "DATABASE_URL cannot be read. Write postgres://user@host:port/name and put the "
                "password into PGPASSWORD, or percent-encode / ? # and @ in it."
            )
        config = env.db_url_config(url)
        if "postgresql" not in config["ENGINE"]:
            raise ImproperlyConfigured(
                "DATABASE_URL must begin with postgres://. Unset it to use SQLite."
            )
        # The folder of a socket, as libpq writes it: %2Fvar%2Frun%2Fpostgresql.
        config["HOST"] = unquote(config["HOST"])
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        if env.bool("BEHIND_PGBOUNCER", default=False):
            # It hands a connection on after each transaction: nothing may be left in a session.
            config["DISABLE_SERVER_SIDE_CURSORS"] = True
        else:
            # Compiling takes 150 ms, and pages ask for a few rows of large tables.
            config.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
        return dict(config)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": var / "console.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; "
                # What is erased is overwritten where that costs no further writing.
                "PRAGMA secure_delete=FAST;"
            ),
        },
        "TEST": {"NAME": str(var / "test.sqlite3")},
    }


def security_log(var: Path) -> str:
    """Return the file of the security log; empty for standard output, as services want it."""
    default = "-" if env.str("DATABASE_URL", default="") else str(var / "log" / "security.log")
    path: str = env.str("SECURITY_LOG", default=default)
    return "" if path == "-" else path


REVIEW_KINDS = ("activation", "originator", "signature", "template")


def review_calendar() -> BusinessTime | None:
    """Return when reviewers work: REVIEW_HOURS, in REVIEW_TIME_ZONE, but for REVIEW_HOLIDAYS.

    None without REVIEW_HOURS: every hour counts.
    """
    hours: str = env.str("REVIEW_HOURS", default="")
    zone: str = env.str("REVIEW_TIME_ZONE", default="UTC")
    place: str = env.str("REVIEW_HOLIDAYS", default="")
    if not hours:
        return None
    try:
        opening = read_opening(hours)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"REVIEW_HOURS cannot be read: {error}. "
            "Write, for example, REVIEW_HOURS=Mon-Fri 09:00-18:00, Sat 10:00-14:00."
        ) from error
    try:
        in_zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(
            f"REVIEW_TIME_ZONE is {zone!r}. Name a time zone such as Asia/Hong_Kong."
        ) from error
    import holidays

    country, _dash, part = place.partition("-")
    try:
        days = holidays.country_holidays(country, subdiv=part or None) if country else frozenset()
    except NotImplementedError as error:
        raise ImproperlyConfigured(
            f"REVIEW_HOLIDAYS is {place!r}. Write a country or a part of one as ISO 3166 does, "
            "for example HK or US-CA."
        ) from error
    return BusinessTime(in_zone, opening, days)


def review_kinds() -> frozenset[str]:
    """Return REVIEW_FOUR_EYES, the kinds that two reviewers must approve."""
    kinds: list[str] = env.list("REVIEW_FOUR_EYES", default=[])
    if unknown := sorted({*kinds} - {*REVIEW_KINDS}):
        raise ImproperlyConfigured(
            f"REVIEW_FOUR_EYES names {', '.join(unknown)}. Name kinds, separated by commas, of: "
            f"{', '.join(REVIEW_KINDS)}."
        )
    return frozenset(kinds)


def log_format(*, production: bool) -> str:
    """Return LOG_FORMAT, json or text: for programs in production, for people elsewhere."""
    form: str = env.str("LOG_FORMAT", default="") or ("json" if production else "text")
    if form not in {"json", "text"}:
        raise ImproperlyConfigured(f"LOG_FORMAT is {form!r}. Set it to json or text.")
    return form
