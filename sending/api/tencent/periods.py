"""From when to when: seconds of the last seven days, and hours of an organization."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import shared_time
from sending.api.tencent.call import ApiCall
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.report_actions import PULL_DAYS, STATISTICS_DAYS

_PULL_SECONDS = PULL_DAYS * 24 * 3600
_BEGIN = "InvalidParameterValue.BeginTimeVerifyFail"
# Of this century: no hour of it, and none around it, is out of the range of dates.
_EARLIEST, _LATEST = 2000010100, 2100010100
_END = "InvalidParameterValue.EndTimeVerifyFail"


def seconds(call: ApiCall) -> tuple[datetime, datetime]:
    """Return BeginTime of a ByPhoneNumber action, and the end of the second of its EndTime.

    Raises TencentError.
    """
    now = int(shared_time.now().timestamp())
    begin = call.values["BeginTime"]
    end = min(call.values.get("EndTime") or now, now)
    if begin < now - _PULL_SECONDS:
        raise TencentError(
            _BEGIN, _("BeginTime must be within the last %(days)s days.") % {"days": PULL_DAYS}
        )
    _check_order(begin, end)
    return datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end + 1, UTC)


def _check_order(begin: int, end: int) -> None:
    if begin > end:
        raise TencentError(
            "InvalidParameterValue.InvalidStartTime",
            _("BeginTime is later than EndTime, or than now. Swap them."),
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of an organization's own time, yyyymmddhh, the last one included."""

    first: int
    last: int

    @property
    def whole_days(self) -> list[date]:
        """Return the days that are in it from the first hour to the last."""
        begin, end = _moment(self.first), _moment(self.last)
        day = begin.date() if begin.hour == 0 else begin.date() + timedelta(days=1)
        last = end.date() if end.hour == 23 else end.date() - timedelta(days=1)
        return [day + timedelta(days=more) for more in range((last - day).days + 1)]

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins, and when it is over."""
        begin, end = _moment(self.first), _moment(self.last)
        over = end.replace(tzinfo=zone).astimezone(UTC) + timedelta(hours=1)
        return begin.replace(tzinfo=zone).astimezone(UTC), over


def hours(call: ApiCall) -> Hours:
    """Return BeginTime and EndTime of a statistics action; raise TencentError."""
    first = _hour(call.values["BeginTime"], "BeginTime", _BEGIN)
    last = _hour(call.values["EndTime"], "EndTime", _END)
    _check_order(first, last)
    if _moment(last) - _moment(first) > timedelta(days=STATISTICS_DAYS):
        raise TencentError(
            _END,
            _("EndTime must be at most %(days)s days after BeginTime.") % {"days": STATISTICS_DAYS},
        )
    return Hours(first, last)


def _hour(written: str, name: str, code: str) -> int:
    hour = int(written) if written.isascii() and written.isdecimal() else 0
    try:
        if not _EARLIEST <= hour < _LATEST:
            hour = 0
        _moment(hour)
    except ValueError as error:
        raise TencentError(
            code,
            _("%(name)s must be an hour as yyyymmddhh, for example 2026112918.") % {"name": name},
        ) from error
    return hour


def _moment(hour: int) -> datetime:
    return datetime.strptime(f"{hour:010d}", "%Y%m%d%H")  # noqa: DTZ007 - of a zone kept elsewhere.
