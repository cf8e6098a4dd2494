"""What the district's deals have come to, for everybody: page and CSV."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from marketplace.accounts.permissions import Action, may
from marketplace.districts.web.context import register_footer_link
from marketplace.foundation.errors import N_
from marketplace.foundation.typed_input import parse_count
from marketplace.foundation.web.localisation import format_number
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.request_scope import current_work
from marketplace.impact.models import EmissionFactor
from marketplace.impact.queries.factors import all_factors
from marketplace.impact.queries.figures import (
    Figures,
    Measures,
    Saving,
    figures_of,
    saving_of,
    years_with_figures,
)
from marketplace.impact.rules.emissions import rounded
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.charts import Chart, bar_chart
from marketplace.impact.web.labels import (
    category_label,
    chosen_year,
    kind_name,
    month_name,
    place_label,
    saving_label,
    weight_label,
)

register_footer_link(N_("Was zusammenkam"), "impact.figures")

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER = (
    *("jahr", "merkmal", "auspraegung", "vorgaenge", "stueck", "kg", "davon_kg_geschaetzt"),
    *("abgaben_ohne_gewicht", "stunden", "personentage", "co2e_kg_von", "co2e_kg_bis"),
    *("vereinbart", "davon_abgeschlossen"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a table; `url` leads to the deals behind it, empty for those who may not see it."""

    label: str
    deals: str
    pieces: str
    weight: str
    hours: str
    person_days: str
    saving: str
    url: str


@blueprint.get("/impact")
@public
def figures() -> ResponseReturnValue:
    """Show the figures of a year."""
    work = current_work()
    years = years_with_figures(work)
    found = figures_of(work, chosen_year(work, years))
    is_staff = may(work.actor, Action.MANAGE_IMPACT)
    factors = all_factors(work)
    return render_template(
        "impact/figures.html",
        years=years,
        figures=found,
        sentences=list(sentences_of(found)),
        chart=_months(found),
        kinds=_rows(found.by_kind, "kind", found.year, kind_name, is_linked=is_staff),
        categories=_rows(
            found.by_category,
            "category",
            found.year,
            category_label,
            is_linked=is_staff,
            factors=factors,
        ),
        places=_rows(found.by_place, "place", found.year, place_label, is_linked=is_staff),
        saving=saving_label(found.saving.range) if found.saving else "",
        saving_weight=weight_label(found.saving.kilograms) if found.saving else "",
        saving_factors=found.saving.factors if found.saving else (),
        is_staff=is_staff,
    )


@blueprint.get("/impact.csv")
@public
def figures_csv() -> ResponseReturnValue:
    """Give the figures of a year, or of all years, as they stand on the page."""
    work = current_work()
    typed = parse_count(request.args.get("year", ""))
    years = years_with_figures(work)
    factors = all_factors(work)
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(_HEADER)
    for year in [each for each in years if typed is None or each == typed]:
        table.writerows(_csv_rows(figures_of(work, year), factors))
    # The mark at the beginning lets spreadsheets read umlauts.
    response = make_response("\ufeff" + text.getvalue())
    response.mimetype = "text/csv"
    name = f"impact-{typed}.csv" if typed in years else "impact.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sentences_of(found: Figures) -> Iterator[str]:
    """Say what a year has come to."""
    total = found.total
    yield ngettext(
        "%(num)s Vorgang ist abgeschlossen.",
        "%(num)s Vorgänge sind abgeschlossen.",
        total.deals,
    )
    if total.pieces or total.kilograms:
        yield gettext(
            "Weitergegeben: %(pieces)s Stück, %(weight)s.",
            pieces=format_number(total.pieces),
            weight=weight_label(total.kilograms),
        )
    if total.estimated_kilograms:
        yield gettext(
            "Davon geschätzt: %(weight)s.", weight=weight_label(total.estimated_kilograms)
        )
    if total.without_weight:
        yield ngettext(
            "Bei %(num)s Abgabe hat niemand ein Gewicht angegeben; sie zählt ohne Kilogramm.",
            "Bei %(num)s Abgaben hat niemand ein Gewicht angegeben; sie zählen ohne Kilogramm.",
            total.without_weight,
        )
    if total.hours or total.person_days:
        yield gettext(
            "Gemeinsam genutzt: %(hours)s Stunden und %(days)s Personentage.",
            hours=format_number(round(total.hours)),
            days=format_number(total.person_days),
        )
    if found.confirmation.agreed:
        yield gettext(
            "Bisher abgeschlossen: %(closed)s von %(agreed)s Vereinbarungen dieses Jahres "
            "(%(percent)s %%).",
            agreed=format_number(found.confirmation.agreed),
            closed=format_number(found.confirmation.closed),
            percent=round(100 * found.confirmation.closed / found.confirmation.agreed),
        )


def _months(found: Figures) -> Chart:
    values = [
        (month_name(month), found.by_month.get(month, Measures()).deals) for month in range(1, 13)
    ]
    return bar_chart(
        "months",
        gettext("Abgeschlossene Vorgänge je Monat %(year)s", year=found.year),
        [(name, deals, format_number(deals)) for name, deals in values],
    )


def _rows(
    measured: Mapping[str, Measures],
    key: str,
    year: int,
    label_of: Callable[[str], str],
    *,
    is_linked: bool,
    factors: Sequence[EmissionFactor] = (),
) -> list[Row]:
    """Give a table's lines by name, never by amount."""
    rows = []
    for value, measures in measured.items():
        saving = saving_of(value, measures, factors) if factors else None
        rows.append(
            Row(
                label=label_of(value),
                deals=format_number(measures.deals),
                pieces=format_number(measures.pieces),
                weight=weight_cell(measures),
                hours=format_number(round(measures.hours, 1)),
                person_days=format_number(measures.person_days),
                saving=saving_label(saving.range) if saving else "",
                url=_deals_url(year, key, value) if is_linked else "",
            )
        )
    return sorted(rows, key=lambda each: each.label.casefold())


def _deals_url(year: int, key: str, value: str) -> str:
    values: dict[str, Any] = {"year": year, key: value}
    return url_for("impact.deals", **values)


def weight_cell(measures: Measures) -> str:
    """Write kilograms, and what is not known of them."""
    parts = [format_number(round(measures.kilograms, 1))]
    if measures.estimated_kilograms:
        parts.append(
            gettext("davon %(weight)s geschätzt", weight=weight_label(measures.estimated_kilograms))
        )
    if measures.without_weight:
        parts.append(gettext("%(count)s ohne Gewicht", count=measures.without_weight))
    return ", ".join(parts)


def _csv_rows(found: Figures, factors: Sequence[EmissionFactor]) -> Iterator[list[str]]:
    rate = [str(found.confirmation.agreed), str(found.confirmation.closed)]
    yield [*_csv_row(found.year, "insgesamt", "", found.total, found.saving), *rate]
    for kind, measures in sorted(found.by_kind.items()):
        yield [*_csv_row(found.year, "art", kind_name(kind), measures), "", ""]
    for category, measures in sorted(found.by_category.items()):
        saving, label = saving_of(category, measures, factors), category_label(category)
        yield [*_csv_row(found.year, "kategorie", label, measures, saving), "", ""]
    for place, measures in sorted(found.by_place.items()):
        yield [*_csv_row(found.year, "ort", place_label(place), measures), "", ""]
    for month, measures in sorted(found.by_month.items()):
        yield [*_csv_row(found.year, "monat", f"{month:02d}", measures), "", ""]


def _csv_row(
    year: int, feature: str, label: str, measures: Measures, saving: Saving | None = None
) -> list[str]:
    numbers = [
        *(measures.deals, measures.pieces, round(measures.kilograms, 1)),
        *(round(measures.estimated_kilograms, 1), measures.without_weight),
        *(round(measures.hours, 1), measures.person_days),
    ]
    cells = [str(year), feature, f"'{label}" if label.startswith(_FORMULA) else label]
    cells += [_csv_number(number) for number in numbers]
    if saving is None:
        return [*cells, "", ""]
    ends = rounded(saving.range)
    size = 1000 if ends.is_in_tonnes else 1
    return [*cells, _csv_number(ends.low * size), _csv_number(ends.high * size)]


def _csv_number(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")
