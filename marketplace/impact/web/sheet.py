"""What a year has come to on one sheet of paper, for the council."""

from collections.abc import Callable, Mapping, Sequence

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from marketplace.districts.queries import own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.languages import DEFAULT_LANGUAGE
from marketplace.foundation.papers import PaperData, PaperTooLong, render_paper
from marketplace.foundation.web.localisation import format_day, format_number
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work
from marketplace.impact.models import EmissionFactor
from marketplace.impact.queries.factors import all_factors
from marketplace.impact.queries.figures import (
    Figures,
    Measures,
    figures_of,
    saving_of,
    years_with_figures,
)
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.figures import sentences_of, weight_cell
from marketplace.impact.web.labels import (
    category_label,
    chosen_year,
    kind_name,
    place_label,
    saving_label,
    weight_label,
)

# How many lines of a table, and sources, are tried, the most first: what is left over becomes one
# line.
_LINES = (12, 8, 5, 2)


@blueprint.get("/impact.pdf")
@public
@limiter.limit(lambda: at_most(60, 60))
def figures_sheet() -> ResponseReturnValue:
    """Give the figures of a year as one page; papers are in German."""
    work = current_work()
    found = figures_of(work, chosen_year(work, years_with_figures(work)))
    with force_locale(DEFAULT_LANGUAGE):
        response = Response(sheet_of(work, found), mimetype="application/pdf")
    name = f"impact-{found.year}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def sheet_of(work: UnitOfWork, found: Figures) -> bytes:
    """Give one page, however much there is to say; asked for in German."""
    *generous, least = _LINES
    for lines in generous:
        try:
            return render_paper("impact", _data(work, found, lines), at=work.now())
        except PaperTooLong:
            continue
    return render_paper("impact", _data(work, found, least), at=work.now())


def _data(work: UnitOfWork, found: Figures, lines: int) -> Mapping[str, PaperData]:
    factors = all_factors(work)
    sources = _sources(found.saving.factors) if found.saving else []
    return {
        "district": own_district(work).name,
        "year": str(found.year),
        "day": format_day(work.now()),
        "sentences": list(sentences_of(found)),
        "saving": saving_label(found.saving.range) if found.saving else "",
        "saving_weight": weight_label(found.saving.kilograms) if found.saving else "",
        "sources": sources[:lines],
        "more_sources": str(len(sources) - lines) if len(sources) > lines else "",
        "tables": [
            _table(gettext("Nach Art"), found.by_kind, kind_name, lines),
            _table(gettext("Nach Kategorie"), found.by_category, category_label, lines, factors),
            _table(gettext("Nach Ort der Gebenden"), found.by_place, place_label, lines),
        ],
    }


def _sources(factors: Sequence[EmissionFactor]) -> list[str]:
    """Name each source once, however many factors it gave."""
    named = (
        f"{factor.source_title} ({factor.year}, {factor.licence}): {factor.source_url}"
        for factor in factors
    )
    return list(dict.fromkeys(named))


def _table(
    title: str,
    measured: Mapping[str, Measures],
    label_of: Callable[[str], str],
    lines: int,
    factors: Sequence[EmissionFactor] = (),
) -> PaperData:
    """Give the lines with the most deals by name, and the others together in one."""
    by_deals = sorted(measured, key=lambda key: (-measured[key].deals, label_of(key)))
    shown, others = by_deals[:lines], by_deals[lines:]
    rows = [
        _row(label_of(key), measured[key], _saving(key, measured[key], factors))
        for key in sorted(shown, key=lambda key: label_of(key).casefold())
    ]
    if others:
        together = sum((measured[key] for key in others), Measures())
        rows.append(_row(gettext("%(count)s weitere", count=len(others)), together, ""))
    return {"title": title, "rows": rows}


def _saving(key: str, measures: Measures, factors: Sequence[EmissionFactor]) -> str:
    saving = saving_of(key, measures, factors) if factors else None
    return saving_label(saving.range) if saving else ""


def _row(label: str, measures: Measures, saving: str) -> list[PaperData]:
    return [
        f"{label} ({saving})" if saving else label,
        format_number(measures.deals),
        format_number(measures.pieces),
        weight_cell(measures),
        format_number(round(measures.hours, 1)),
        format_number(measures.person_days),
    ]
