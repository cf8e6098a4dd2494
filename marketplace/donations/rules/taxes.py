"""What a giver states about a gift for the papers; nothing of it is worked out or proposed here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.donations.rules.amounts import LARGEST_AMOUNT
from marketplace.foundation.errors import N_, InvalidInput, Sentence

MOST_LINES = 60
LONGEST_DESCRIPTION = 200
LONGEST_WORD = 60  # age, condition
MOST_PIECES = 1_000_000


class Origin(StrEnum):
    """Where the thing came from, as the giver says."""

    BUSINESS = "business"
    PRIVATE = "private"
    NOT_STATED = "not_stated"


class Evidence(StrEnum):
    """What papers on the value the giver has handed over."""

    INVOICE = "invoice"
    EXPERT = "expert"
    COMPARISON = "comparison"


@dataclass(frozen=True, kw_only=True)
class ValuedLine:
    """So many things alike; money in cents for each of them, None: not stated.

    `value` is without `vat`, the value added tax on taking it out of the business.
    """

    description: str
    quantity: int
    age: str  # or the year it was made
    condition: str
    value: int | None
    vat: int | None = None
    purchase_price: int | None = None
    purchase_day: date | None = None

    @property
    def each(self) -> int:
        """What the paper says one of them is worth."""
        return (self.value or 0) + (self.vat or 0)

    @property
    def total(self) -> int:
        """What the paper says all of them are worth."""
        return self.quantity * self.each

    def stored(self) -> dict[str, Any]:
        """Give the line as it is kept."""
        day = self.purchase_day.isoformat() if self.purchase_day else None
        return {**asdict(self), "purchase_day": day}


def line_from(stored: Mapping[str, Any]) -> ValuedLine:
    """Read a line that was kept."""
    day = stored["purchase_day"]
    return ValuedLine(**{**stored, "purchase_day": date.fromisoformat(day) if day else None})


@dataclass(frozen=True, kw_only=True)
class TaxAnswers:
    """What the giver typed."""

    origin: str
    lines: Sequence[ValuedLine]
    evidence: Sequence[str] = ()


def checked_answers(answers: TaxAnswers, *, today: date) -> TaxAnswers:
    """Give the answers tidied.

    Raises InvalidInput: `origin`, `evidence`, `lines`, and `<field>-<place>` where a line cannot
    stay so, with places from 1.
    """
    problems: dict[str, str] = {}
    if answers.origin not in {each.value for each in Origin}:
        problems["origin"] = N_("Bitte wählen Sie, woher die Sache stammt.")
    if not set(answers.evidence) <= {each.value for each in Evidence}:
        problems["evidence"] = N_("Bitte wählen Sie aus der Liste.")
    if not 1 <= len(answers.lines) <= MOST_LINES:
        problems["lines"] = Sentence(N_("Möglich sind 1 bis %(most)s Zeilen."), most=MOST_LINES)
    lines = [_tidied(each) for each in answers.lines]
    for place, line in enumerate(lines, start=1):
        wrong = _wrong_in(
            line, today, may_have_vat=answers.origin not in (Origin.PRIVATE, Origin.NOT_STATED)
        )
        problems |= {f"{field}-{place}": sentence for field, sentence in wrong.items()}
    if problems:
        raise InvalidInput(problems)
    return TaxAnswers(origin=answers.origin, lines=lines, evidence=sorted(set(answers.evidence)))


def _tidied(line: ValuedLine) -> ValuedLine:
    texts = {
        name: " ".join(getattr(line, name).split()) for name in ("description", "age", "condition")
    }
    return ValuedLine(**{**line.__dict__, **texts})


def _wrong_in(line: ValuedLine, today: date, *, may_have_vat: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, longest in (
        ("description", LONGEST_DESCRIPTION),
        ("age", LONGEST_WORD),
        ("condition", LONGEST_WORD),
    ):
        text = getattr(line, name)
        if not text:
            found[name] = N_("Bitte füllen Sie dieses Feld aus.")
        elif len(text) > longest:
            found[name] = Sentence(N_("Höchstens %(most)s Zeichen."), most=longest)
    if not 1 <= line.quantity <= MOST_PIECES:
        found["quantity"] = N_("Bitte geben Sie an, wie viele es sind.")
    for name in ("value", "vat", "purchase_price"):
        amount = getattr(line, name)
        if amount is not None and not 0 <= amount * line.quantity <= LARGEST_AMOUNT:
            found[name] = N_("Dieser Betrag ist nicht möglich.")
    if line.value is None:
        found["value"] = N_("Bitte geben Sie den Wert an, den Sie verantworten.")
    if line.vat is not None and not may_have_vat:
        found["vat"] = N_("Umsatzsteuer gehört nur zu Sachen aus dem Betriebsvermögen.")
    if line.purchase_day is not None and line.purchase_day > today:
        found["purchase_day"] = N_("Dieser Tag kommt erst noch.")
    return found
