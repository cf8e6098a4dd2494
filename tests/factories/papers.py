"""Gifts that were handed over, with what their giver states, and receipts for them."""

from typing import Any

from marketplace.donations.models import Receipt
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.operations.receipts import (
    adopt_wording,
    ask_for_statement,
    expect_receipt,
    issue_receipt,
    state_for_taxes,
)
from marketplace.donations.queries.receipts import ReceiptRequest, wording_for
from marketplace.donations.rules.states import ClaimAction
from marketplace.donations.rules.taxes import Evidence, Origin, TaxAnswers, ValuedLine
from marketplace.donations.rules.wordings import FormVariant, sample_wording
from marketplace.foundation.identifiers import ClaimId
from tests.factories.gifts import Given

SIGNATORY = "Erika Muster, Vorstand"
OWN_WORDING = "Fassung 2026"


def make_line(**changes: Any) -> ValuedLine:  # noqa: ANN401 (any part of a line)
    """Give a line of 20 chairs at 30.50 and 5.80 VAT each."""
    values: dict[str, Any] = {
        "description": "Bürostuhl mit Armlehnen",
        "quantity": 20,
        "age": "Baujahr 2019",
        "condition": "gut erhalten",
        "value": 30_50,
        "vat": 5_80,
        "purchase_price": 249_00,
        **changes,
    }
    return ValuedLine(**values)


def make_answers(*lines: ValuedLine, **changes: Any) -> TaxAnswers:  # noqa: ANN401
    """Give what a firm states about a gift from its business."""
    values: dict[str, Any] = {
        "origin": Origin.BUSINESS,
        "lines": lines or (make_line(),),
        "evidence": [Evidence.INVOICE],
        **changes,
    }
    return TaxAnswers(**values)


def make_request(**changes: str) -> ReceiptRequest:
    """Give what the recipient says when it issues."""
    return ReceiptRequest(**{"signatory": SIGNATORY, **changes})


def hand_over(gift: Given, name: str, claim_id: ClaimId, quantity: int = 20) -> None:
    """Let a claim be allocated, accepted, handed over and confirmed."""
    with gift.installation.work(gift.district, actor=gift.giver) as work:
        allocate(work, gift.listing_id, {claim_id: quantity}, reasons={claim_id: "Abgesprochen."})
    for actor, action in (
        (gift.claimants[name], ClaimAction.ACCEPT),
        (gift.giver, ClaimAction.HAND_OVER),
        (gift.claimants[name], ClaimAction.CONFIRM),
    ):
        with gift.installation.work(gift.district, actor=actor) as work:
            act_on_claim(work, claim_id, action)


def make_handed_over(gift: Given, name: str = "Sportverein", quantity: int = 20) -> ClaimId:
    """Let an organisation have been given so much, confirmed by both."""
    if name not in gift.claimants:
        gift.add(name)
    claim_id = gift.claim(name, quantity)
    hand_over(gift, name, claim_id, quantity)
    return claim_id


def state(gift: Given, claim_id: ClaimId, answers: TaxAnswers | None = None) -> None:
    """Let the giver state what papers need."""
    with gift.installation.work(gift.district, actor=gift.giver) as work:
        state_for_taxes(work, claim_id, answers or make_answers())


def adopt_words(gift: Given) -> None:
    """Let the gift's district have words of its own for each form that has only the sample."""
    with gift.installation.work(gift.district) as work:
        for variant in FormVariant:
            if wording_for(work, variant).is_sample:
                adopt_wording(
                    work,
                    variant,
                    version=OWN_WORDING,
                    source="Amtlicher Vordruck",
                    texts=dict(sample_wording(variant).texts),
                )


def ask(gift: Given, name: str, claim_id: ClaimId) -> None:
    """Let the recipient ask the giver for it."""
    with gift.installation.work(gift.district, actor=gift.claimants[name]) as work:
        ask_for_statement(work, claim_id)


def issue(
    gift: Given, claim_id: ClaimId, name: str = "Sportverein", request: ReceiptRequest | None = None
) -> Receipt:
    """Let the recipient issue the receipt to a claim; the district has its own words for it."""
    adopt_words(gift)
    actor = gift.claimants[name]
    with gift.installation.work(gift.district, actor=actor) as work:
        receipt_id = expect_receipt(work)
    with gift.installation.work(gift.district, actor=actor) as work:
        return issue_receipt(work, claim_id, request or make_request(), receipt_id=receipt_id)
