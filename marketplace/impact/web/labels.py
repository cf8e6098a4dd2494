"""Words for figures."""

from datetime import date

from babel.dates import format_date
from flask import request
from flask_babel import get_locale, gettext, ngettext

from marketplace.donations.queries.notices import today_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.typed_input import parse_count
from marketplace.foundation.web.localisation import format_number
from marketplace.impact.queries.engagement import Thanks
from marketplace.impact.rules.emissions import Range, rounded
from marketplace.listings.kinds import KINDS
from marketplace.listings.web.labels import category_name

_YEARS = range(2000, 2200)


def chosen_year(work: UnitOfWork, years: list[int]) -> int:
    """Give the year of the address; where it names none, the latest of these, else this year."""
    typed = parse_count(request.args.get("year", ""))
    if typed is not None and typed in _YEARS:
        return typed
    return years[0] if years else today_of(work).year


def month_name(month: int) -> str:
    """Give the name of a month."""
    return format_date(date(2000, month, 1), format="LLLL", locale=get_locale())


def kind_name(kind: str) -> str:
    """Give the name of a kind of resource, for many of them."""
    return gettext(KINDS[kind].plural) if kind in KINDS else kind


def category_label(category: str) -> str:
    """Give the name of a category, or say that none was chosen."""
    return category_name(category) if category else gettext("ohne Kategorie")


def place_label(place: str) -> str:
    """Give a place, or say that it is left out."""
    return place or gettext("ohne Ort, da ungenannt gegeben")


def weight_label(kilograms: float) -> str:
    """Write kilograms, no finer than a tenth."""
    return gettext("%(kilograms)s kg", kilograms=format_number(round(kilograms, 1)))


def saving_label(saving: Range) -> str:
    """Write what may have been saved as a rounded range that calls itself an estimate."""
    found = rounded(saving)
    low, high = format_number(found.low), format_number(found.high)
    if found.is_in_tonnes:
        return gettext("ca. %(low)s–%(high)s t CO2e, Schätzung", low=low, high=high)
    return gettext("ca. %(low)s–%(high)s kg CO2e, Schätzung", low=low, high=high)


def handovers_label(count: int) -> str:
    """Write how often something was handed over."""
    return ngettext("%(num)s Überlassung", "%(num)s Überlassungen", count)


def thanks_label(thanks: Thanks) -> str:
    """Say in facts what somebody has given: "3 Überlassungen, 420 kg, seit 03/2026, …"."""
    year, month = thanks.since
    parts = [handovers_label(thanks.deals)]
    if thanks.kilograms > 0:
        parts.append(weight_label(thanks.kilograms))
    parts.append(gettext("seit %(month)s/%(year)s", month=f"{month:02d}", year=year))
    parts.append(gettext("bestätigt durch die Empfänger"))
    return ", ".join(parts)


def recipients_label(thanks: Thanks) -> str:
    """Name the recipients that want it; of the others only say where they are."""
    unnamed = [
        gettext("eine Organisation aus %(place)s", place=place) for place in thanks.unnamed_places
    ]
    return ", ".join([*thanks.recipients, *unnamed])
