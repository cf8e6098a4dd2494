"""Both sides come to their papers from the conversation: state, check, issue, void, replace."""

from collections.abc import Mapping
from typing import Any

import pytest

from marketplace.accounts.models import Person
from marketplace.donations.models import TaxStatement
from marketplace.donations.queries.receipts import stated_lines
from marketplace.foundation.identifiers import ClaimId
from tests.factories.accounts import sign_in
from tests.factories.gifts import Given, make_given
from tests.factories.papers import (
    adopt_words,
    issue,
    make_answers,
    make_handed_over,
    make_line,
    state,
)
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation
from tests.support.pdf import text_of

LINE = {
    "lines-0-description": "Bürostuhl mit Armlehnen",
    "lines-0-quantity": "20",
    "lines-0-age": "Baujahr 2019",
    "lines-0-condition": "gut erhalten",
    "lines-0-value": "30,50",
    "lines-0-vat": "5,80",
    "lines-0-purchase_price": "249",
    "lines-0-purchase_day": "4.3.2019",
}
STATED = {"origin": "business", "evidence": ["invoice"], **LINE}


@pytest.fixture
def gift(installation: Installation) -> Given:
    return make_given(installation, attributes={"condition": "good", "year_of_make": 2019})


@pytest.fixture
def claim_id(gift: Given) -> ClaimId:
    return make_handed_over(gift)


def visitor_for(gift: Given, name: str | None = None) -> Visitor:
    """Open a browser for who claims, or for the giver."""
    actor = gift.claimants[name] if name else gift.giver
    visitor = gift.installation.visitor()
    with gift.installation.work() as work:
        person = work.session.get_one(Person, actor.person_id)
    sign_in(visitor, person)
    return visitor


def send(visitor: Visitor, claim_id: ClaimId, what: str, values: Mapping[str, object]) -> Page:
    page = f"/claims/{claim_id}/papers"
    return visitor.send(f"/claims/{claim_id}/{what}", dict(values), form_at=page)


def test_the_giver_finds_the_things_named_but_no_value(gift: Given, claim_id: ClaimId) -> None:
    page = visitor_for(gift).get(f"/claims/{claim_id}/papers")

    values = page.form_values(f"/claims/{claim_id}/statement")
    assert values["lines-0-description"] == "Bürostühle"
    assert values["lines-0-quantity"] == "20"
    assert (values["lines-0-age"], values["lines-0-condition"]) == ("Baujahr 2019", "gut erhalten")
    assert not values["lines-0-value"]
    assert not values["lines-0-vat"]


def test_what_the_giver_states_is_kept_for_both_sides(gift: Given, claim_id: ClaimId) -> None:
    giver = visitor_for(gift)
    page = send(giver, claim_id, "statement", STATED)
    recipient = visitor_for(gift, "Sportverein").get(f"/claims/{claim_id}/papers")

    assert "Gespeichert." in page.words
    assert page.form_values(f"/claims/{claim_id}/statement")["lines-0-value"] == "30,50"
    assert "20 × Bürostuhl mit Armlehnen: Baujahr 2019, gut erhalten, 36,30 €" in recipient.words
    with gift.installation.work() as work:
        (line,) = stated_lines(work.session.query(TaxStatement).one())
        assert (line.value, line.vat, line.purchase_price) == (30_50, 5_80, 249_00)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines-0-value": "viel"}, "Zeile 1, Wert je Stück: Das ist keine Zahl."),
        ({"lines-0-value": "30,505"}, "Zeile 1, Wert je Stück: Bitte höchstens zwei Stellen"),
        ({"lines-0-value": "1e999999"}, "Zeile 1, Wert je Stück: Dieser Betrag ist nicht möglich"),
        ({"lines-0-value": ""}, "Zeile 1, Wert je Stück: Bitte geben Sie den Wert an"),
        ({"lines-0-age": " "}, "Zeile 1, Alter oder Baujahr: Bitte füllen Sie dieses Feld aus."),
        ({"lines-0-quantity": "zwei"}, "Zeile 1, Anzahl"),
        ({"lines-1-description": "Hocker"}, "Zeile 2, Alter oder Baujahr"),
        ({"lines-0-purchase_day": "2030-01-01"}, "Zeile 1, Gekauft am: Dieser Tag kommt erst"),
        ({"origin": "private"}, "Zeile 1, Umsatzsteuer je Stück: Umsatzsteuer gehört nur"),
        ({"origin": "stolen"}, "Bitte wählen Sie, woher die Sache stammt."),
        (dict.fromkeys(LINE, ""), "Möglich sind 1 bis 60 Zeilen."),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    gift: Given, claim_id: ClaimId, change: dict[str, str], sentence: str
) -> None:
    typed: dict[str, Any] = {**STATED, **change}
    page = send(visitor_for(gift), claim_id, "statement", typed)

    assert page.status == 422
    assert sentence in page.words
    shown = page.form_values(f"/claims/{claim_id}/statement")
    for name, value in typed.items():
        if name.startswith("lines-") and name != "lines-0-purchase_day":
            assert shown[name].strip() == value.strip(), name


def test_the_recipient_asks_and_reads_what_is_missing(gift: Given, claim_id: ClaimId) -> None:
    recipient = visitor_for(gift, "Sportverein")
    before = recipient.get(f"/claims/{claim_id}/papers")
    send(recipient, claim_id, "statement/ask", {})

    assert "noch nicht angegeben, was die Sachen wert sind" in before.words
    assert "Woher die Sache stammt, fehlt" in before.words
    giver = visitor_for(gift).get(f"/claims/{claim_id}/papers")
    assert "Der Empfänger bittet um diese Angaben." in giver.words


def test_with_the_sample_alone_there_are_only_drafts(gift: Given, claim_id: ClaimId) -> None:
    state(gift, claim_id)
    recipient = visitor_for(gift, "Sportverein")
    page = f"/claims/{claim_id}/papers"

    before = recipient.get(page)
    assert "Der Landkreis hat den Wortlaut des amtlichen Vordrucks noch nicht" in before.words
    assert f"http://{gift.district.host}/moderation/receipt-wordings/association" in before.words
    assert "Ausstellen" not in before.words
    draft = recipient.get(f"{page}/draft.pdf").response
    assert "ENTWURF" in text_of(draft.get_data())
    values = {"csrf_token": before.form_values(f"/claims/{claim_id}/statement/ask")["csrf_token"]}
    refused = recipient.post(f"/claims/{claim_id}/receipts", {**values, "signatory": "Vorstand"})
    assert refused.status == 409
    assert refused.form_values(f"/claims/{claim_id}/receipts")["signatory"] == "Vorstand"

    adopt_words(gift)
    assert "Ausstellen" in recipient.get(page).words
    assert "noch nicht eingetragen" not in recipient.get(page).words


def test_a_receipt_is_issued_signed_and_handed_over(gift: Given, claim_id: ClaimId) -> None:
    state(gift, claim_id)
    adopt_words(gift)
    recipient = visitor_for(gift, "Sportverein")

    refused = send(recipient, claim_id, "receipts", {"signatory": ""})
    issued = send(recipient, claim_id, "receipts", {"signatory": "Erika Muster, Vorstand"})

    assert refused.status == 409
    assert "Bitte nennen Sie, wer von Hand unterschreibt." in refused.words
    assert "2026-0001 726,00 €, ausgestellt, noch nicht unterschrieben" in issued.words
    (pdf,) = [a.get("href") for a in issued.all("a") if "/receipts/" in a.get("href", "")]
    answer = recipient.get(pdf).response
    assert answer.mimetype == "application/pdf"
    assert answer.get_data().startswith(b"%PDF-")
    here, path = f"/claims/{claim_id}/papers", pdf.removesuffix(".pdf")
    unsigned = recipient.send(f"{path}/sign", {"signed_on": ""}, form_at=here)
    assert "Bitte geben Sie den Tag an." in unsigned.words
    signed = recipient.send(f"{path}/sign", {"signed_on": "1.9.2026"}, form_at=here)
    assert "2026-0001 726,00 €, von Hand unterschrieben" in signed.words
    delivered = recipient.send(f"{path}/deliver", {}, form_at=here)
    assert "2026-0001 726,00 €, übergeben" in delivered.words


def test_a_receipt_is_replaced_and_declared_void(gift: Given, claim_id: ClaimId) -> None:
    state(gift, claim_id)
    first = issue(gift, claim_id)
    recipient = visitor_for(gift, "Sportverein")

    bare = send(recipient, claim_id, "receipts", {"signatory": "Erika Muster"})
    replaced = send(
        recipient,
        claim_id,
        "receipts",
        {"signatory": "Erika Muster", "reason": "Falscher Name."},
    )

    assert bare.status == 422
    assert "2026-0001 726,00 €, ungültig, Falscher Name." in replaced.words
    assert "2026-0002 726,00 €, ausgestellt" in replaced.words
    newest = next(
        str(form.get("action"))
        for form in replaced.all("form")
        if str(form.get("action")).endswith("/void")
    )
    assert first.id not in newest
    void = recipient.send(newest, {"reason": ""}, form_at=f"/claims/{claim_id}/papers")
    assert void.status == 422
    void = recipient.send(newest, {"reason": "Doppelt."}, form_at=f"/claims/{claim_id}/papers")
    assert "2026-0002 726,00 €, ungültig, Doppelt." in void.words


def test_the_giver_reads_the_number_but_gets_no_receipt_here(
    gift: Given, claim_id: ClaimId
) -> None:
    state(gift, claim_id)
    receipt = issue(gift, claim_id)
    giver = visitor_for(gift)

    page = giver.get(f"/claims/{claim_id}/papers")

    assert "2026-0001" in page.words
    assert f"/receipts/{receipt.id}.pdf" not in page.text
    assert giver.get(f"/receipts/{receipt.id}.pdf").status == 404
    for paper in ("handover", "proof"):
        assert giver.get(f"/claims/{claim_id}/papers/{paper}.pdf").status == 200
    assert giver.get(f"/claims/{claim_id}/papers/draft.pdf").status == 404


def test_the_conversation_leads_to_the_papers(gift: Given, claim_id: ClaimId) -> None:
    thread_id = gift.look_at(claim_id).thread_id

    page = visitor_for(gift, "Sportverein").get(f"/messages/{thread_id}")

    assert f"/claims/{claim_id}/papers" in page.text


def test_who_takes_no_part_finds_nothing(gift: Given, claim_id: ClaimId) -> None:
    gift.add("Tafel")
    state(gift, claim_id, make_answers(make_line()))
    stranger = visitor_for(gift, "Tafel")

    for path in ("papers", "papers/handover.pdf", "papers/proof.pdf", "papers/draft.pdf"):
        assert stranger.get(f"/claims/{claim_id}/{path}").status == 404
