"""Public holidays of the federal states, by the library `holidays` (MIT)."""

from datetime import date

import holidays

# The first two digits of the official key (AGS) name the federal state.
_STATES = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}


# What the library calls the languages of the pages; it knows no other English for Germany.
_LANGUAGES = {"de": "de", "en": "en_US"}


def public_holidays(ags: str, first: date, last: date, *, language: str = "de") -> dict[date, str]:
    """Give the holidays from the first to the last day, both inclusive, with their names.

    `ags`: the official key of a place; one outside Germany has no holidays here.
    """
    state = _STATES.get(ags[:2])
    if state is None:
        return {}
    known = holidays.country_holidays(
        "DE", subdiv=state, years=range(first.year, last.year + 1), language=_LANGUAGES[language]
    )
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}
