"""Days and numbers as people type them, or as spreadsheets write them."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

_LIKE_A_DAY = re.compile(r"[\d\s.-]{6,20}")
_DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y")
# Nobody plans outside these years, and a day after the last one Python knows would be an error.
_YEARS = range(1900, 2200)


def parse_day(text: str) -> date | None:
    """Read 2026-10-05, 05.10.2026, 5.10.2026 or 5.10.26; None where it is no day."""
    if not _LIKE_A_DAY.fullmatch(text):  # most of what is asked for in vain ends here
        return None
    for pattern in _DAY_FORMATS:
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return day if day.year in _YEARS else None
    return None


def parse_clock(text: str) -> time | None:
    """Read 7:30, 07.30, 7 or 7:30 Uhr; None where it is no time of the day."""
    hours, _, minutes = text.replace(".", ":").removesuffix("Uhr").strip().partition(":")
    if not all(
        part.isascii() and part.isdecimal() and len(part) <= 2 for part in (hours, minutes or "0")
    ):
        return None
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError:
        return None


def parse_count(text: str) -> int | None:
    """Read a whole number of nine digits at most; None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def parse_instant(text: str) -> datetime | None:
    """Read RFC 3339 with its offset; None where it is no instant, or one that nobody plans for."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None and instant.year in _YEARS else None


def parse_decimal(text: str) -> Decimal | None:
    """Read 1.234,50 or 1234.50; None where it is no finite number."""
    cleaned = text.replace(" ", "").replace("\u00a0", "").removesuffix("€")
    if "," in cleaned:
        cleaned = cleaned.replace(".", "").replace(",", ".")
    try:
        number = Decimal(cleaned)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
