"""The forms by which organisations claim gifts, are offered some, and answer."""

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import lazy_gettext
from wtforms import Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.bookings.rules.requests import LONGEST_REASON
from marketplace.bookings.web.forms import ReasonForm
from marketplace.donations.rules.allocation import Line
from marketplace.donations.rules.requests import (
    LONGEST_JUSTIFICATION,
    ClaimRequest,
    IntendedUse,
)
from marketplace.donations.web.labels import use_label
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.web.forms import DayField, Form, Needed, TextLength
from marketplace.messaging.web.forms import OnceForm, tidied


class ClaimForm(OnceForm):
    """How much an organisation wants, what for, and until when."""

    quantity = IntegerField(
        lazy_gettext("Menge"),
        [InputRequired(lazy_gettext("Bitte geben Sie an, wie viel Sie brauchen."))],
    )
    justification = TextAreaField(
        lazy_gettext("Wofür brauchen Sie es?"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie in einem Satz, wofür Sie es brauchen.")),
            TextLength(most=LONGEST_JUSTIFICATION),
        ],
        filters=[tidied],
    )
    intended_use = RadioField(
        lazy_gettext("Was haben Sie damit vor?"),
        choices=lambda: [(each.value, use_label(each)) for each in IntendedUse],
        default=IntendedUse.OWN_PURPOSE.value,
        validate_choice=False,  # the rules have a sentence for it
    )
    need_by = DayField(lazy_gettext("Gebraucht bis"), [Optional()])

    def request(self) -> ClaimRequest:
        """Give what is claimed, once the form is valid."""
        return ClaimRequest(
            quantity=self.quantity.data,
            intended_use=self.intended_use.data or "",
            justification=self.justification.data or "",
            need_by=self.need_by.data,
            form_id=self.form_id.data or "",
        )


class AcceptForm(Form):
    """How much of what is offered is accepted."""

    id_prefix = "accept"

    quantity = IntegerField(
        lazy_gettext("So viel nehmen wir"),
        [InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
    )


class HandOverForm(Form):
    """How much was handed over."""

    id_prefix = "hand-over"

    quantity = IntegerField(
        lazy_gettext("So viel wurde übergeben"),
        [InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
    )


class OwedReasonForm(ReasonForm):
    """Why others are sent away; there may be several of them on one page."""

    def __init__(self, *args: Any, id_prefix: str = "reason", **kwargs: Any) -> None:  # noqa: ANN401 (WTForms' own)
        """Keep the ids of this form's fields apart from those of others."""
        self.id_prefix = id_prefix
        super().__init__(*args, **kwargs)


class ChangedOfferForm(Form):
    """Another quantity for a claim that something is offered to, and why."""

    quantity = IntegerField(
        lazy_gettext("Neue Menge"),
        [InputRequired(lazy_gettext("Bitte geben Sie eine Menge an."))],
    )
    reason = StringField(
        lazy_gettext("Grund"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie, warum es jetzt eine andere Menge ist.")),
            TextLength(most=LONGEST_REASON),
        ],
        filters=[tidied],
    )

    def __init__(self, *args: Any, id_prefix: str, **kwargs: Any) -> None:  # noqa: ANN401 (WTForms' own)
        """Keep the ids of this form's fields apart from those of others."""
        self.id_prefix = id_prefix
        super().__init__(*args, **kwargs)


class FreeReasonForm(Form):
    """A word on why one does not take what is offered, if one likes."""

    id_prefix = "free-reason"

    reason = TextAreaField(
        lazy_gettext("Grund"), [Optional(), TextLength(most=LONGEST_REASON)], filters=[tidied]
    )


class AllocationForm(Form):
    """A quantity and a reason for each waiting claim; `allocation_form` makes one for them."""

    def quantity_of(self, claim_id: ClaimId) -> Field:
        """Give the field for how much a claim is offered."""
        return cast(Field, self[f"quantity-{claim_id}"])

    def reason_of(self, claim_id: ClaimId) -> Field:
        """Give the field for why it is something else than by the rule."""
        return cast(Field, self[f"reason-{claim_id}"])

    def fits(self, lines: Sequence[Line]) -> bool:
        """Tell whether it has fields for all of these lines."""
        return all(f"quantity-{line.claimant.claim_id}" in self for line in lines)

    def shares(self, lines: Sequence[Line]) -> dict[ClaimId, int]:
        """Give how much each claim is to be offered."""
        ids = [line.claimant.claim_id for line in lines]
        return {each: self.quantity_of(each).data or 0 for each in ids}

    def reasons(self, lines: Sequence[Line]) -> dict[ClaimId, str]:
        """Give what was written as a reason."""
        ids = [line.claimant.claim_id for line in lines]
        return {each: self.reason_of(each).data or "" for each in ids}


def allocation_form(lines: Sequence[Line], *, is_sent: bool) -> AllocationForm:
    """Give the form for these lines: with what was sent, or filled with what the rule proposes."""
    fields: dict[str, object] = {}
    for line in lines:
        claim_id = line.claimant.claim_id
        fields[f"quantity-{claim_id}"] = IntegerField(
            lazy_gettext("Anbieten"),
            [Optional(), NumberRange(min=0)],
            # What came in after the page was shown must not be offered unseen.
            default=None if is_sent else line.quantity,
        )
        fields[f"reason-{claim_id}"] = StringField(
            lazy_gettext("Grund, wenn es anders ist als der Vorschlag"),
            [Optional(), TextLength(most=LONGEST_REASON)],
            filters=[tidied],
        )
    made = cast(type[AllocationForm], type("_AllocationForm", (AllocationForm,), fields))
    return made() if is_sent else made(formdata=None)
