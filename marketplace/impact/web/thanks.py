"""Thanks in public: who wants to be named, what it has given, in facts and in no order of rank."""

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.districts.web.context import register_footer_link
from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import format_number
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_work
from marketplace.impact.queries.engagement import Thanks, thanks_in, years_with_thanks
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.charts import Chart, bar_chart
from marketplace.impact.web.labels import chosen_year, recipients_label, thanks_label, weight_label

register_footer_link(N_("Danke"), "impact.engagement")


@blueprint.get("/engagement")
@public
def engagement() -> ResponseReturnValue:
    """Thank those who want to be named for what they gave in a year."""
    work = current_work()
    years = years_with_thanks(work)
    year = chosen_year(work, years)
    found = thanks_in(work, year)
    return render_template(
        "impact/engagement.html",
        years=years,
        year=year,
        givers=[(each, thanks_label(each), recipients_label(each)) for each in found],
        places=_places(found),
        chart=_chart(found, year),
    )


def _by_place(found: list[Thanks]) -> list[tuple[str, int, float]]:
    deals: Counter[str] = Counter()
    kilograms: Counter[str] = Counter()
    for each in found:
        deals[each.place] += each.deals
        kilograms[each.place] += each.kilograms  # type: ignore[assignment]  # a Counter adds floats
    return [
        (place, deals[place], float(kilograms[place])) for place in sorted(deals, key=str.casefold)
    ]


def _places(found: list[Thanks]) -> list[tuple[str, str, str]]:
    """Give place, handovers and kilograms as they are written, by name."""
    return [
        (place, format_number(deals), weight_label(kilograms))
        for place, deals, kilograms in _by_place(found)
    ]


def _chart(found: list[Thanks], year: int) -> Chart:
    return bar_chart(
        "places",
        gettext("Überlassungen je Ort %(year)s", year=year),
        [(place, deals, format_number(deals)) for place, deals, _ in _by_place(found)],
    )
