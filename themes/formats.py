"""How numbers, money, moments and durations are written for people."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from markupsafe import Markup

DEFAULT_LOCALE = "en_GB"
MINUTE, HOUR, DAY = 60, 3600, 86400


def format_datetime(
    moment: datetime, zone: str = "UTC", form: str = "medium", locale: str = DEFAULT_LOCALE
) -> str:
    """'12 Mar 2026, 10:42' in the zone; `form` is short, medium, long or a CLDR pattern."""
    pattern = {"medium": "d MMM y, HH:mm", "short": "d MMM, HH:mm"}.get(form, form)
    return _written(moment.astimezone(UTC), pattern, zone, locale)


def format_time(moment: datetime, zone: str = "UTC", locale: str = DEFAULT_LOCALE) -> str:
    """'10:42' in the zone."""
    return _written(moment.astimezone(UTC), "HH:mm", zone, locale)


def format_date(
    day: date | datetime, zone: str = "UTC", form: str = "medium", locale: str = DEFAULT_LOCALE
) -> str:
    """'12 Mar 2026'; a datetime is first brought into the zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(zone)).date()
    pattern = {"medium": "d MMM y", "short": "d MMM", "long": "d MMMM y"}.get(form, form)
    return dates.format_date(day, pattern, locale=locale)


def format_money(cents: int, currency: str, locale: str = DEFAULT_LOCALE) -> str:
    """Minor units as money: 129900, 'EUR' -> '€1,299.00'; yen has no cents and gets none."""
    digits = numbers.get_currency_precision(currency)
    return numbers.format_currency(cents / 10**digits, currency, locale=locale)


def format_number(value: float, decimals: int = 0, locale: str = DEFAULT_LOCALE) -> str:
    """'1,204' or, with decimals, '1,204.5'; a minus is a real minus."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return numbers.format_decimal(value, pattern, locale=locale).replace("-", "−")


def format_percent(share: float, decimals: int = 0, locale: str = DEFAULT_LOCALE) -> str:
    """0.943 -> '94%'."""
    pattern = "0" + ("." + "0" * decimals if decimals else "") + "%"
    return numbers.format_percent(share, pattern, locale=locale).replace("-", "−")


def format_duration(length: timedelta | float) -> str:
    """A length in the two largest units that matter: '45 s', '12 min', '1 h 5 min', '2 d 3 h'.

    length: timedelta, or seconds.
    """
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    sign, seconds = ("−" if seconds < 0 else ""), round(abs(seconds))
    if seconds < MINUTE:
        return f"{sign}{seconds} s"
    for unit, size, smaller_unit, smaller in (("min", MINUTE, "", 0), ("h", HOUR, "min", MINUTE)):
        if seconds < (HOUR if unit == "min" else DAY):
            return sign + _units(seconds, unit, size, smaller_unit, smaller)
    return sign + _units(seconds, "d", DAY, "h", HOUR)


def format_size(size: int) -> str:
    """Bytes for people: '820 B', '14 kB', '2.4 MB'."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def format_ago(moment: datetime, now: datetime) -> str:
    """How long ago, short: 'now', '3 min', '2 h', '5 d', then the date."""
    age = (now - moment).total_seconds()
    if age < MINUTE:
        return "now" if age > -MINUTE else f"in {format_duration(-age)}"
    for unit, size, until in (("min", MINUTE, HOUR), ("h", HOUR, DAY), ("d", DAY, 7 * DAY)):
        if age < until:
            return f"{int(age // size)} {unit}"
    return format_date(moment, form="d MMM" if age < 300 * DAY else "d MMM y")


def time_tag(moment: datetime, zone: str = "UTC", form: str = "ago") -> Markup:
    """A `<time>` with the exact moment on hover; `ago` is kept fresh by js/times.js."""
    exact = format_datetime(moment, zone, "d MMMM y, HH:mm zzz")
    now = datetime.now(UTC)
    shown = format_ago(moment, now) if form == "ago" else format_datetime(moment, zone, form)
    live = Markup(' data-ago="1"') if form == "ago" else ""
    utc = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="%s" title="%s"%s>%s</time>') % (utc, exact, live, shown)


def format_list(words: Sequence[str], locale: str = DEFAULT_LOCALE) -> str:
    """'Acme, Birch and Cedar'."""
    return lists.format_list(words, locale=locale)


@lru_cache(maxsize=8192)
def _written(moment: datetime, pattern: str, zone: str, locale: str) -> str:
    """A moment in UTC, by a CLDR pattern; kept, as a list shows the same ones again and again."""
    return dates.format_datetime(
        moment, pattern, tzinfo=ZoneInfo(zone), locale=Locale.parse(locale)
    )


def _units(seconds: int, unit: str, size: int, smaller_unit: str, smaller: int) -> str:
    whole, rest = divmod(seconds, size)
    part = rest // smaller if smaller else 0
    return f"{whole} {unit}" + (f" {part} {smaller_unit}" if part else "")
