"""When a receipt for goods may be issued, what should be looked at first, and how it goes on.

Who issues it answers for it; the product only refuses what cannot be right (domain.md 1.2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.donations.rules.amounts import LARGEST_AMOUNT, amount_in_digits
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.taxes import Evidence, Origin, ValuedLine
from marketplace.foundation.errors import N_, Conflict, Sentence

LONGEST_NAME = 120
LONGEST_PURPOSES = 300
_ROUND = 100_00
_VALUABLE = 5_000_00


class ReceiptState(StrEnum):
    """What became of a receipt; a void one keeps its number."""

    ISSUED = "issued"  # printed, not signed yet
    SIGNED = "signed"  # by hand
    DELIVERED = "delivered"
    VOIDED = "voided"


_FOLLOWS = {
    ReceiptState.ISSUED: frozenset({ReceiptState.SIGNED, ReceiptState.VOIDED}),
    ReceiptState.SIGNED: frozenset({ReceiptState.DELIVERED, ReceiptState.VOIDED}),
    ReceiptState.DELIVERED: frozenset({ReceiptState.VOIDED}),
    ReceiptState.VOIDED: frozenset[ReceiptState](),
}


def check_may_become(state: ReceiptState, new_state: ReceiptState) -> None:
    """Raise Conflict where a receipt in `state` cannot go over to `new_state`."""
    if new_state not in _FOLLOWS[state]:
        raise Conflict(
            N_("Das geht nicht mehr: Der Stand hat sich inzwischen geändert. Bitte sehen Sie nach.")
        )


@dataclass(frozen=True, kw_only=True)
class ReceiptCase:
    """All that decides whether a receipt can be issued."""

    may_ever_issue: bool  # public, or a tax office's notice was accepted at some time
    is_status_valid: bool  # today
    intended_use: IntendedUse
    is_confirmed: bool  # the handover, by both sides
    handed_over: int
    is_counted_in_pieces: bool
    origin: Origin
    was_asked: bool  # the giver, for where the thing came from
    lines: Sequence[ValuedLine]
    evidence: frozenset[Evidence]
    signatory: str
    purposes: str
    is_sample_wording: bool


def hindrances(case: ReceiptCase) -> list[str]:
    """Give a sentence for everything that must be settled before."""
    return [
        *_about_wording(case),
        *_about_recipient(case),
        *_about_gift(case),
        *_about_lines(case),
    ]


def _about_wording(case: ReceiptCase) -> Iterable[str]:
    if case.is_sample_wording:
        yield N_(
            "Der Landkreis hat den Wortlaut des amtlichen Vordrucks noch nicht eingetragen. Bis "
            "dahin gibt es nur Entwürfe nach dem mitgelieferten Muster."
        )


def _about_recipient(case: ReceiptCase) -> Iterable[str]:
    if not case.may_ever_issue:
        yield N_(
            "Ausstellen können das nur öffentliche Stellen und Organisationen, deren Nachweis des "
            "Finanzamts angenommen ist."
        )
    elif not case.is_status_valid:
        yield N_(
            "Der Nachweis des Finanzamts gilt heute nicht mehr. Bitte reichen Sie den neuen ein."
        )
    if not case.purposes:
        yield N_("Bitte geben Sie an, für welchen Zweck es verwendet wird.")
    if not case.signatory:
        yield N_("Bitte nennen Sie, wer von Hand unterschreibt.")


def _about_gift(case: ReceiptCase) -> Iterable[str]:
    if case.intended_use is IntendedUse.SELL:
        yield N_("Was verkauft oder verlost werden soll, wird hier nicht bestätigt.")
    if not case.is_confirmed:
        yield N_("Die Übergabe haben noch nicht beide Seiten bestätigt.")
    if case.origin is Origin.NOT_STATED and not case.was_asked:
        yield N_("Woher die Sache stammt, fehlt. Bitte fragen Sie die gebende Seite danach.")


def _about_lines(case: ReceiptCase) -> Iterable[str]:
    if not case.lines:
        yield N_("Die gebende Seite hat noch nicht angegeben, was die Sachen wert sind.")
        return
    for place, line in enumerate(case.lines, start=1):
        if not (line.description and line.age and line.condition):
            yield Sentence(
                N_("In Zeile %(place)s fehlen Bezeichnung, Alter oder Zustand."), place=place
            )
        if not line.each > 0:
            yield Sentence(N_("In Zeile %(place)s fehlt der Wert."), place=place)
    pieces = sum(line.quantity for line in case.lines)
    if case.is_counted_in_pieces and pieces != case.handed_over:
        yield Sentence(
            N_("Angegeben sind zusammen %(pieces)s, übergeben wurden %(handed_over)s."),
            pieces=pieces,
            handed_over=case.handed_over,
        )
    if total_of(case.lines) > LARGEST_AMOUNT:
        yield N_("Dieser Betrag ist nicht möglich.")


def warnings(case: ReceiptCase) -> list[str]:
    """Give a sentence for everything that is possible but should be looked at once more."""
    found: list[str] = []
    total = total_of(case.lines)
    if total and total % _ROUND == 0:
        found.append(
            Sentence(
                N_("Die Summe ist rund: %(amount)s. Ist jede Zeile einzeln bewertet?"),
                amount=amount_in_digits(total),
            )
        )
    has_expert = Evidence.EXPERT in case.evidence
    for place, line in enumerate(case.lines, start=1):
        if line.each >= _VALUABLE and not has_expert:
            found.append(
                Sentence(N_("Zeile %(place)s: Ein Gutachten liegt nicht vor."), place=place)
            )
        if line.purchase_price is not None and line.each > line.purchase_price:
            found.append(
                Sentence(N_("Zeile %(place)s: Der Wert liegt über dem Kaufpreis."), place=place)
            )
        if case.origin is Origin.BUSINESS and line.vat is None:
            found.append(
                Sentence(
                    N_(
                        "Zeile %(place)s: Umsatzsteuer ist nicht angegeben. Das kann richtig sein; "
                        "bitte fragen Sie nach."
                    ),
                    place=place,
                )
            )
    if case.lines and case.origin is not Origin.BUSINESS and not case.evidence:
        found.append(N_("Unterlagen zum Wert liegen nicht vor."))
    return found


def total_of(lines: Iterable[ValuedLine]) -> int:
    """Give what all lines are worth together, in cents."""
    return sum(line.total for line in lines)


def receipt_number(year: int, number: int) -> str:
    """Give a number as it stands on the paper; they have no gaps within a year."""
    return f"{year}-{number:04d}"
