"""What may be said when a gift is claimed, offered and handed over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.donations.rules.gifts import GiftTerms
from marketplace.foundation.errors import N_, InvalidInput, Sentence
from marketplace.messaging.rules.messages import tidy_message

LONGEST_JUSTIFICATION = 500  # domain.md 1.2


class IntendedUse(StrEnum):
    """What the organisation wants to do with it (domain.md 1.2)."""

    OWN_PURPOSE = "own_purpose"
    PASSING_ON = "pass_on"  # to people in need
    SELL = "sell"  # or raffle
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class ClaimRequest:
    """What an organisation claims; None: nothing usable was said.

    `form_id`: made for one form; what comes a second time with it is one claim.
    """

    quantity: int | None
    intended_use: str
    justification: str
    need_by: date | None = None
    form_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SettledClaim:
    """A claim that can be made."""

    quantity: int
    intended_use: IntendedUse
    justification: str
    need_by: date | None


def settled_claim(request: ClaimRequest, terms: GiftTerms, *, today: date) -> SettledClaim:
    """Give what is claimed, whether or not anything is left.

    Raises InvalidInput with a sentence for each of `quantity`, `intended_use`, `justification`
    and `need_by` that cannot stay so.
    """
    problems: dict[str, str] = {}
    quantity = request.quantity
    if quantity is None or quantity < 1:
        problems["quantity"] = N_("Bitte geben Sie an, wie viel Sie brauchen.")
    elif quantity > terms.quantity:
        problems["quantity"] = Sentence(N_("Es gibt höchstens %(most)s."), most=terms.quantity)
    elif not terms.may_split and quantity < terms.quantity:
        problems["quantity"] = Sentence(
            N_("Es wird nur zusammen abgegeben: %(most)s."), most=terms.quantity
        )
    elif quantity < terms.smallest_lot:
        problems["quantity"] = Sentence(
            N_("Es wird erst ab %(least)s abgegeben."), least=terms.smallest_lot
        )
    if request.intended_use not in {each.value for each in IntendedUse}:
        problems["intended_use"] = N_("Bitte wählen Sie, was Sie damit vorhaben.")
    justification = tidy_message(request.justification)
    if not justification:
        problems["justification"] = N_("Bitte schreiben Sie in einem Satz, wofür Sie es brauchen.")
    elif len(justification) > LONGEST_JUSTIFICATION:
        problems["justification"] = Sentence(
            N_("Höchstens %(most)s Zeichen."), most=LONGEST_JUSTIFICATION
        )
    if request.need_by is not None and request.need_by < today:
        problems["need_by"] = N_("Dieser Tag ist vorbei.")
    if problems or quantity is None:
        raise InvalidInput(problems)
    return SettledClaim(
        quantity=quantity,
        intended_use=IntendedUse(request.intended_use),
        justification=justification,
        need_by=request.need_by,
    )
