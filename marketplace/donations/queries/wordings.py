"""The district's words of the official forms, and how they look on paper."""

from marketplace.donations.models import ReceiptWording
from marketplace.donations.queries.receipts import day_text, fitted_receipt, wording_line
from marketplace.donations.rules.amounts import amount_in_digits, amount_in_words
from marketplace.donations.rules.recipients import NoticeKind
from marketplace.donations.rules.wordings import Wording, filled_texts
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.foundation.papers import PaperData

_AMOUNT = 1_322_50
# Nobody's data: only where something of the kind would stand.
_EXAMPLE: dict[str, PaperData] = {
    "is_draft": True,
    "number": "",
    "issuer": {"name": "Name des Empfängers", "street": "Straße", "place": "Ort"},
    "giver": {"name": "Name der gebenden Seite", "street": "Straße", "place": "Ort"},
    "amount": amount_in_digits(_AMOUNT),
    "amount_in_words": amount_in_words(_AMOUNT),
    "description": "1 × Bezeichnung, Alter, Zustand",
    "has_annex": False,
    "lines": [],
    "origin": "business",
    "has_evidence": True,
    "place": "Ort",
    "signatory": "Name und Amt",
}
_BLANKS = {
    "purposes": "(Zwecke laut Bescheid)",
    "tax_office": "(Finanzamt)",
    "tax_number": "(Steuernummer)",
    "notice_day": "(Datum)",
    "assessment_period": "(Zeitraum)",
}


def wording_by_id(work: UnitOfWork, wording_id: str) -> ReceiptWording:
    """Give words that the district has adopted at some time; raises NotFound."""
    stored = work.session.get(ReceiptWording, wording_id)
    if stored is None:
        raise NotFound
    return stored


def preview_of(work: UnitOfWork, wording: Wording, notice_kind: NoticeKind | None) -> bytes:
    """Give a receipt with these words, marked as a draft and with nobody's data.

    `notice_kind` decides about the status it names. Raises InvalidInput as `fitted_receipt`.
    """
    today = day_text(work.now())
    return fitted_receipt(
        {
            **_EXAMPLE,
            "wording": wording_line(wording),
            "words": filled_texts(wording, _BLANKS, notice_kind),
            "day": today,
            "issued_on": today,
        },
        at=work.now(),
    )
