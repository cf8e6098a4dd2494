"""What a mixed lot consists of, thing by thing, as the papers list it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.foundation.typed_input import parse_decimal

LONGEST_NAME = 120
LONGEST_TEXT = 80
MOST_LINES = 100
_LARGEST_QUANTITY = 1_000_000
_HEAVIEST_KG = 50_000
_FIRST_YEAR = 1900
NOT_WIPED = "not_wiped"
DATA_CARRIERS = ("none", "wiped", NOT_WIPED)
CONDITIONS = ("new", "like_new", "good", "used", "repairable")


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """One sort of thing in a lot; `weight_kg` is of one piece, None where nobody weighed it."""

    name: str
    quantity: int
    condition: str
    year_of_make: int | None
    dimensions: str
    weight_kg: float | None
    is_weight_estimated: bool
    data_carriers: str
    inspected_on: date | None


def checked_line(
    *,
    name: str,
    quantity: int | None,
    condition: str,
    year_of_make: int | None = None,
    dimensions: str = "",
    weight: str = "",
    is_weight_estimated: bool = False,
    data_carriers: str = "none",
    inspected_on: date | None = None,
    today: date,
) -> ItemLine:
    """Give a line that can be kept.

    Raises InvalidInput with a sentence for each field that cannot stay so; `weight` is in
    kilograms as people type it.
    """
    number = parse_decimal(weight) if weight.strip() else None
    problems = {
        **_identity_problems(name.strip(), quantity, condition),
        **_detail_problems(year_of_make, dimensions.strip(), inspected_on, today),
    }
    if weight.strip() and (number is None or not 0 < number <= _HEAVIEST_KG):
        problems["weight"] = N_("Bitte geben Sie das Gewicht in kg an, zum Beispiel 12,5.")
    if data_carriers == NOT_WIPED:
        problems["data_carriers"] = N_(
            "Datenträger mit Daten darauf dürfen nicht weitergegeben werden. Bitte erst löschen "
            "oder ausbauen."
        )
    elif data_carriers not in DATA_CARRIERS:
        problems["data_carriers"] = N_("Bitte wählen Sie eine Antwort.")
    if problems or quantity is None:
        raise InvalidInput(problems)
    return ItemLine(
        name=name.strip(),
        quantity=quantity,
        condition=condition,
        year_of_make=year_of_make,
        dimensions=dimensions.strip(),
        weight_kg=float(number) if number is not None else None,
        is_weight_estimated=is_weight_estimated and number is not None,
        data_carriers=data_carriers,
        inspected_on=inspected_on,
    )


def _identity_problems(name: str, quantity: int | None, condition: str) -> Mapping[str, str]:
    problems: dict[str, str] = {}
    if not name:
        problems["name"] = N_("Bitte schreiben Sie, was es ist.")
    elif len(name) > LONGEST_NAME:
        problems["name"] = Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_NAME)
    if quantity is None or not 1 <= quantity <= _LARGEST_QUANTITY:
        problems["quantity"] = N_("Bitte geben Sie eine Menge ab 1 an.")
    if condition not in CONDITIONS:
        problems["condition"] = N_("Bitte wählen Sie den Zustand.")
    return problems


def _detail_problems(
    year_of_make: int | None, dimensions: str, inspected_on: date | None, today: date
) -> Mapping[str, str]:
    problems: dict[str, str] = {}
    if year_of_make is not None and not _FIRST_YEAR <= year_of_make <= today.year:
        problems["year_of_make"] = N_("Bitte prüfen Sie das Jahr.")
    if len(dimensions) > LONGEST_TEXT:
        problems["dimensions"] = Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_TEXT)
    if inspected_on is not None and inspected_on > today:
        problems["inspected_on"] = N_("Dieser Tag liegt in der Zukunft.")
    return problems
