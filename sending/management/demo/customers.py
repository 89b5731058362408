"""The demo's prices, gateway, customer group and spreadsheet."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import Organization
from sending.management.demo.numbers import magic_number, mobile_numbers
from sending.models import (
    Customer,
    CustomerField,
    CustomerGroup,
    CustomerSource,
    Gateway,
    GroupMembership,
    Price,
    PriceVersion,
    Route,
)
from sending.sms.msisdn import parse

GATEWAY = "simulator"
GROUP_SIZE = 25
LANGUAGES = ("en", "zh-hant", "fr", "")
CITIES = ("Hong Kong", "London", "Singapore", "Lyon")
SHIFTS = ("Day", "Night")
SHEET_ROWS = 200
# Invented, in millionths of a dollar a segment.
PRICES = {
    "AE": 31_000, "AT": 68_000, "AU": 41_500, "BE": 72_000, "BR": 26_000, "CA": 8_300,
    "CH": 56_000, "CZ": 49_000, "DE": 78_000, "DK": 45_000, "EG": 62_000, "ES": 54_000,
    "FI": 66_000, "FR": 59_000, "GB": 39_500, "GR": 61_000, "HK": 48_000, "HU": 57_000,
    "ID": 44_000, "IE": 58_000, "IN": 31_500, "IT": 63_000, "JP": 61_500, "KE": 36_000,
    "KR": 33_500, "MO": 37_000, "MX": 34_000, "MY": 43_500, "NG": 52_000, "NL": 69_000,
    "NO": 51_000, "NZ": 64_500, "PH": 38_500, "PL": 29_500, "PT": 35_500, "RO": 47_500,
    "RU": 73_000, "SA": 40_500, "SE": 52_500, "SG": 36_200, "TH": 17_500, "TR": 21_500,
    "TW": 39_000, "UA": 67_500, "US": 8_300, "VN": 48_500, "ZA": 24_500,
}  # fmt: skip
OTHER_COUNTRIES = 75_000


def load_prices() -> PriceVersion:
    """Make one list of invented prices."""
    version = PriceVersion.objects.create(currency="USD", note="Invented prices of the demo")
    Price.objects.bulk_create(
        Price(version=version, country=country, micro=micro)
        for country, micro in {**PRICES, "": OTHER_COUNTRIES}.items()
    )
    return version


def load_gateway() -> Gateway:
    """Make the gateway to the simulator, or point it to this start's port."""
    gateway, made = Gateway.objects.update_or_create(
        name=GATEWAY,
        defaults={"host": settings.SIMULATOR_HOST, "port": settings.SIMULATOR_PORT},
        create_defaults={
            "host": settings.SIMULATOR_HOST,
            "port": settings.SIMULATOR_PORT,
            "is_simulator": True,
            "system_id": "console",
            "password": "demo",
            "window": 100,
            "rate": 200,
            "originator": "Harbourline",
        },
    )
    if made:
        Route.objects.create(gateway=gateway)
    return gateway


def load_group(organization: Organization) -> CustomerGroup:
    """Make a customer group of 25 numbers, and two columns of what is known about them."""
    CustomerField.objects.bulk_create(
        CustomerField(organization=organization, key=key, label=label, position=position)
        for position, (key, label) in enumerate((("city", "City"), ("shift", "Shift")))
    )
    group = CustomerGroup.objects.create(
        organization=organization, name="Staff on call", size=GROUP_SIZE
    )
    customers = Customer.objects.bulk_create(
        Customer(
            organization=organization,
            msisdn=msisdn,
            country=parse(msisdn).country,
            name=f"Colleague {number}",
            language=LANGUAGES[number % len(LANGUAGES)],
            fields={
                "city": CITIES[number % len(CITIES)],
                **({"shift": SHIFTS[number % 2]} if number % 5 else {}),
            },
            consent="Agreed in the contract of employment",
            consent_at=timezone.now(),
            source=CustomerSource.IMPORT,
            source_name="staff-list.xlsx",
        )
        for number, msisdn in enumerate(mobile_numbers(GROUP_SIZE, seed=25), 1)
    )
    GroupMembership.objects.bulk_create(
        GroupMembership(group=group, customer=customer) for customer in customers
    )
    return group


def write_sheet() -> Path:
    """Write var/demo-recipients.xlsx: good rows, bad rows and the simulator's magic numbers."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Codes"
    sheet.append(
        ["Recipient's Mobile Number", "SMS Content Variable 1", "SMS Content Variable 2", "Notes"]
    )
    numbers = [number[1:] for number in mobile_numbers(SHEET_ROWS, seed=7)]
    for position, number in enumerate(numbers):
        sheet.append([number, f"{1000 + 37 * position % 9000}", "5", None])
    for row, cells in enumerate(_special_rows(numbers[0]), 3):
        for column, value in enumerate(cells, 1):
            sheet.cell(row * 9, column).value = value
    path = Path(settings.VAR_DIR) / "demo-recipients.xlsx"
    book.save(path)
    return path


def _special_rows(first: str) -> list[tuple[str | None, ...]]:
    """Return rows that show what a check refuses and what a network may answer."""
    return [
        ("8613800138000", "4821", "5", "Chinese mainland"),
        (first, "4822", "5", "the same number twice"),
        ("+85 2555", "4823", "5", "too short"),
        ("1.23E+11", "4824", "5", "Excel has rounded it"),
        (None, "4825", "5", "no number"),
        ("85251230147", "4826", None, "a variable is missing"),
        ("442071838750", "4827", "5", "a landline in London"),
        (f"+{magic_number('9901')[1:]}", "4828", "5", "accepted, then undeliverable"),
        (magic_number("9902")[1:], "4829", "5", "accepted, then expired"),
        (magic_number("9904")[1:], "4830", "5", "refused by the gateway"),
        (magic_number("9905")[1:], "4831", "5", "throttled once, then accepted"),
        (magic_number("9907")[1:], "4832", "5", "the receipt comes twice"),
    ]
