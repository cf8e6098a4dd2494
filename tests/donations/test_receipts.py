"""A receipt is issued only when nothing hinders it; its number and its bytes stay for ever."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.cli.verification.donations import DONATION_INVARIANTS
from marketplace.cli.verification.stored import STORED_INVARIANTS
from marketplace.cli.verify import INVARIANTS
from marketplace.donations.models import Claim, Receipt, ReceiptSeries
from marketplace.donations.operations.receipts import (
    NotReady,
    ask_for_statement,
    deliver_receipt,
    expect_receipt,
    issue_receipt,
    replace_receipt,
    sign_receipt,
    state_for_taxes,
    void_receipt,
)
from marketplace.donations.queries.receipts import (
    PAPER_FOLDER,
    receipt_content,
    receipt_file,
    receipts_to,
    statement_of,
)
from marketplace.donations.rules.receipts import ReceiptCase, hindrances, warnings
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.taxes import (
    Evidence,
    Origin,
    TaxAnswers,
    checked_answers,
)
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.foundation.identifiers import ClaimId, ReceiptId
from tests.factories.gifts import Given, make_given
from tests.factories.papers import (
    adopt_words,
    ask,
    issue,
    make_answers,
    make_handed_over,
    make_line,
    make_request,
    state,
)
from tests.support.installation import Installation
from tests.support.pdf import text_of

TODAY = date(2026, 9, 1)


def make_case(**changes: Any) -> ReceiptCase:  # noqa: ANN401 (any part of a case)
    values: dict[str, Any] = {
        "may_ever_issue": True,
        "is_status_valid": True,
        "intended_use": IntendedUse.OWN_PURPOSE,
        "is_confirmed": True,
        "handed_over": 20,
        "is_counted_in_pieces": True,
        "origin": Origin.BUSINESS,
        "was_asked": False,
        "lines": [make_line()],
        "evidence": frozenset({Evidence.INVOICE}),
        "signatory": "Erika Muster",
        "purposes": "Förderung des Sports",
        "is_sample_wording": False,
        **changes,
    }
    return ReceiptCase(**values)


def test_a_whole_case_meets_neither_hindrance_nor_warning() -> None:
    assert (hindrances(make_case()), warnings(make_case())) == ([], [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"may_ever_issue": False, "is_status_valid": False}, "nur öffentliche Stellen"),
        ({"is_status_valid": False}, "gilt heute nicht mehr"),
        ({"intended_use": IntendedUse.SELL}, "verkauft oder verlost"),
        ({"is_confirmed": False}, "noch nicht beide Seiten"),
        ({"origin": Origin.NOT_STATED}, "fragen Sie die gebende Seite"),
        ({"lines": []}, "noch nicht angegeben"),
        ({"lines": [make_line(age="")]}, "Zeile 1 fehlen"),
        ({"lines": [make_line(condition="")]}, "Zeile 1 fehlen"),
        ({"lines": [make_line(description="")]}, "Zeile 1 fehlen"),
        ({"lines": [make_line(value=0, vat=None)]}, "Zeile 1 fehlt der Wert"),
        ({"lines": [make_line(value=None, vat=None)]}, "Zeile 1 fehlt der Wert"),
        ({"lines": [make_line(quantity=19)]}, "zusammen 19, übergeben wurden 20"),
        ({"signatory": ""}, "unterschreibt"),
        ({"purposes": ""}, "für welchen Zweck"),
        ({"is_sample_wording": True}, "noch nicht eingetragen"),
    ],
)
def test_what_hinders_a_receipt_is_said_in_a_sentence(
    change: dict[str, Any], sentence: str
) -> None:
    (found,) = hindrances(make_case(**change))

    assert sentence in found


def test_whoever_was_asked_and_says_nothing_hinders_nothing() -> None:
    assert hindrances(make_case(origin=Origin.NOT_STATED, was_asked=True)) == []


def test_boxes_of_many_things_need_not_add_up() -> None:
    case = make_case(is_counted_in_pieces=False, handed_over=3)

    assert hindrances(case) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines": [make_line(value=25_00, vat=5_00)]}, "Die Summe ist rund: 600,00 €"),
        (
            {"lines": [make_line(value=5_000_00, vat=7, purchase_price=None)]},
            "Ein Gutachten liegt nicht vor",
        ),
        ({"lines": [make_line(purchase_price=36_29)]}, "über dem Kaufpreis"),
        ({"lines": [make_line(vat=None, value=30_51)]}, "Umsatzsteuer ist nicht angegeben"),
        (
            {"origin": Origin.PRIVATE, "evidence": frozenset()},
            "Unterlagen zum Wert liegen nicht vor",
        ),
    ],
)
def test_what_should_be_looked_at_again_is_said_but_hinders_nothing(
    change: dict[str, Any], sentence: str
) -> None:
    case = make_case(**change)

    (found,) = warnings(case)
    assert sentence in found
    assert hindrances(case) == []


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (make_answers(origin="stolen"), "origin"),
        (make_answers(evidence=["hearsay"]), "evidence"),
        (TaxAnswers(origin=Origin.PRIVATE, lines=[]), "lines"),
        (make_answers(make_line(description=" ")), "description-1"),
        (make_answers(make_line(age="")), "age-1"),
        (make_answers(make_line(condition="x" * 61)), "condition-1"),
        (make_answers(make_line(), make_line(quantity=0)), "quantity-2"),
        (make_answers(make_line(value=None)), "value-1"),
        (make_answers(make_line(value=-1)), "value-1"),
        (make_answers(make_line(value=10**10)), "value-1"),
        (make_answers(make_line(vat=-1)), "vat-1"),
        (make_answers(origin=Origin.PRIVATE), "vat-1"),
        (make_answers(make_line(purchase_day=date(2026, 9, 2))), "purchase_day-1"),
    ],
)
def test_what_the_giver_states_is_checked_field_by_field(answers: TaxAnswers, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_answers(answers, today=TODAY)

    assert list(refusal.value.errors) == [field]


def ready(installation: Installation) -> tuple[Given, ClaimId]:
    gift = make_given(installation)
    adopt_words(gift)
    claim_id = make_handed_over(gift)
    state(gift, claim_id)
    return gift, claim_id


def test_numbers_have_no_gap_within_a_recipient_and_a_year(installation: Installation) -> None:
    gift = make_given(installation, quantity=60)
    found = []
    for name, day in (
        ("Sportverein", "2026-12-31 22:59"),
        ("Tafel", "2026-12-31 22:59"),
        ("Sportverein", "2026-12-31 22:59"),
        ("Sportverein", "2026-12-31 23:00"),  # midnight in Berlin
    ):
        installation.clock.instant = datetime.fromisoformat(f"{day}+00:00")
        claim_id = make_handed_over(gift, name, 5)
        state(gift, claim_id, make_answers(make_line(quantity=5)))
        receipt = issue(gift, claim_id, name)
        found.append((name, receipt.year, receipt.number))

    assert found == [
        ("Sportverein", 2026, 1),
        ("Tafel", 2026, 1),
        ("Sportverein", 2026, 2),
        ("Sportverein", 2027, 1),
    ]


def test_a_refused_receipt_uses_up_no_number(installation: Installation) -> None:
    gift, claim_id = ready(installation)

    with pytest.raises(NotReady) as refusal:
        issue(gift, claim_id, request=make_request(signatory=" "))

    assert refusal.value.code == "not_eligible"
    assert ["unterschreibt" in each for each in refusal.value.reasons] == [True]
    assert issue(gift, claim_id).number == 1


def test_the_notice_counts_on_the_day_of_issue(installation: Installation) -> None:
    gift = make_given(installation)
    gift.add("Sportverein", has_proof=False)
    gift.prove("Sportverein", day=date(2021, 9, 2))
    claim_id = make_handed_over(gift)
    state(gift, claim_id)
    installation.clock.advance(timedelta(days=2))

    with pytest.raises(NotReady) as refusal:
        issue(gift, claim_id)
    installation.clock.advance(-timedelta(days=1))

    assert "gilt heute nicht mehr" in refusal.value.reasons[0]
    assert issue(gift, claim_id).number == 1


def test_a_firm_cannot_issue(installation: Installation) -> None:
    gift = make_given(installation)
    gift.add("Tischlerei", kind=OrganisationKind.FIRM, has_proof=False)
    claim_id = make_handed_over(gift, "Tischlerei")
    state(gift, claim_id)

    with pytest.raises(NotReady):
        issue(gift, claim_id, "Tischlerei", make_request(purposes="des Handwerks"))


def test_what_will_be_sold_gets_no_receipt(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    with installation.work() as work:
        work.session.get_one(Claim, claim_id).intended_use = IntendedUse.SELL

    with pytest.raises(NotReady) as refusal:
        issue(gift, claim_id)

    assert "verkauft" in refusal.value.reasons[0]


def test_nobody_but_the_recipient_issues(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    gift.add("Tafel")
    for actor, refusal in (
        (gift.giver, NotFound),
        (gift.claimants["Tafel"], NotFound),
        (gift.desk, NotAllowed),
    ):
        with pytest.raises(refusal), installation.work(actor=actor) as work:
            issue_receipt(work, claim_id, make_request(), receipt_id=ReceiptId("x"))


def test_what_the_giver_states_is_private_to_both_sides(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    gift.add("Tafel")
    for actor in (gift.giver, gift.claimants["Sportverein"]):
        with installation.work(actor=actor) as work:
            assert statement_of(work, claim_id) is not None
    for actor in (gift.desk, gift.claimants["Tafel"]):
        with pytest.raises(NotFound), installation.work(actor=actor) as work:
            statement_of(work, claim_id)
        with pytest.raises(NotFound), installation.work(actor=actor) as work:
            receipts_to(work, claim_id)
    with pytest.raises(NotFound), installation.work(actor=gift.claimants["Sportverein"]) as work:
        state_for_taxes(work, claim_id, make_answers())
    with pytest.raises(NotFound), installation.work(actor=gift.giver) as work:
        ask_for_statement(work, claim_id)


def test_the_first_question_counts_and_answers_do_not_undo_it(installation: Installation) -> None:
    gift = make_given(installation)
    claim_id = make_handed_over(gift)
    asked_at = installation.clock.now()
    ask(gift, "Sportverein", claim_id)
    installation.clock.advance(timedelta(days=3))
    ask(gift, "Sportverein", claim_id)
    state(gift, claim_id)

    with installation.work(actor=gift.giver) as work:
        statement = statement_of(work, claim_id)
        assert statement is not None
        assert (statement.asked_at, statement.origin) == (asked_at, Origin.BUSINESS)


def test_one_claim_has_one_receipt_that_stands(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    issue(gift, claim_id)

    with pytest.raises(Conflict):
        issue(gift, claim_id)


def test_the_bytes_never_change_after_issue(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    receipt = issue(gift, claim_id)
    with installation.work(actor=gift.claimants["Sportverein"]) as work:
        before = receipt_content(work, receipt.id)
    state(gift, claim_id, make_answers(make_line(value=99_99)))
    installation.clock.advance(timedelta(days=30))

    with installation.work(actor=gift.claimants["Sportverein"]) as work:
        after = receipt_content(work, receipt.id)

    assert after == before
    assert hashlib.sha256(after).hexdigest() == receipt.sha256


def test_a_file_that_was_changed_is_not_given_out(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    receipt = issue(gift, claim_id)
    installation.services.files.put(
        installation.a.id, PAPER_FOLDER, receipt_file(receipt.id), b"%PDF-1.7 another"
    )

    with (
        pytest.raises(Conflict) as refusal,
        installation.work(actor=gift.claimants["Sportverein"]) as work,
    ):
        receipt_content(work, receipt.id)

    assert refusal.value.code == "unavailable"


def test_a_receipt_is_signed_by_hand_then_handed_over(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    receipt = issue(gift, claim_id)
    actor = gift.claimants["Sportverein"]

    with pytest.raises(Conflict), installation.work(actor=actor) as work:
        deliver_receipt(work, receipt.id)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidInput), installation.work(actor=actor) as work:
            sign_receipt(work, receipt.id, day)
    with installation.work(actor=actor) as work:
        sign_receipt(work, receipt.id, TODAY)
    with installation.work(actor=actor) as work:
        delivered = deliver_receipt(work, receipt.id)
        assert (delivered.state, delivered.signed_on) == ("delivered", TODAY)
    with pytest.raises(NotFound), installation.work(actor=gift.giver) as work:
        sign_receipt(work, receipt.id, TODAY)


def test_a_void_receipt_keeps_number_reason_and_file(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    actor = gift.claimants["Sportverein"]
    first = issue(gift, claim_id)

    with pytest.raises(InvalidInput), installation.work(actor=actor) as work:
        void_receipt(work, first.id, " ")
    with installation.work(actor=actor) as work:
        void_receipt(work, first.id, "Falscher Tag.")
    second = issue(gift, claim_id)

    with installation.work(actor=actor) as work:
        newest, oldest = receipts_to(work, claim_id)
        assert (newest.id, newest.number, newest.state) == (second.id, 2, "issued")
        assert (oldest.number, oldest.state, oldest.void_reason) == (1, "voided", "Falscher Tag.")
        assert receipt_content(work, first.id)
    with pytest.raises(Conflict), installation.work(actor=actor) as work:
        void_receipt(work, first.id, "Noch einmal.")


def test_a_receipt_is_replaced_by_what_is_stated_now_or_not_at_all(
    installation: Installation,
) -> None:
    gift, claim_id = ready(installation)
    actor = gift.claimants["Sportverein"]
    first = issue(gift, claim_id)
    state(gift, claim_id, make_answers(make_line(value=31_00)))

    with pytest.raises(NotReady), installation.work(actor=actor) as work:
        replace_receipt(
            work,
            first.id,
            make_request(signatory=""),
            reason="Der Wert war falsch.",
            new_receipt_id=ReceiptId("nothing"),
        )
    with installation.work(actor=actor) as work:
        assert work.session.get_one(Receipt, first.id).state == "issued"
        receipt_id = expect_receipt(work)
    with installation.work(actor=actor) as work:
        second = replace_receipt(
            work,
            first.id,
            make_request(),
            reason="Der Wert war falsch.",
            new_receipt_id=receipt_id,
        )

    with installation.work(actor=actor) as work:
        assert work.session.get_one(Receipt, first.id).replaced_by == second.id
        assert "736,00 €" in text_of(receipt_content(work, second.id))
        assert "Nr. 2026-0002" in text_of(receipt_content(work, second.id))


def test_a_file_whose_receipt_never_came_to_be_is_deleted(installation: Installation) -> None:
    gift, claim_id = ready(installation)
    actor = gift.claimants["Sportverein"]
    with installation.work(actor=actor) as work:
        receipt_id = expect_receipt(work)
    with pytest.raises(RuntimeError), installation.work(actor=actor) as work:
        issue_receipt(work, claim_id, make_request(), receipt_id=receipt_id)
        raise RuntimeError("the transaction fails")
    kept = issue(gift, claim_id)
    folder = installation.services.settings.files_dir / installation.a.id / PAPER_FOLDER
    assert len(list(folder.iterdir())) == 2

    installation.clock.advance(timedelta(hours=1))
    installation.run_jobs()

    assert [path.name for path in folder.iterdir()] == [receipt_file(kept.id)]
    with installation.work() as work:
        assert work.session.scalar(select(func.max(ReceiptSeries.last))) == 1


def test_the_check_of_the_stored_data_finds_gaps_and_other_files(
    installation: Installation,
) -> None:
    gift, claim_id = ready(installation)
    receipt = issue(gift, claim_id)

    with installation.work() as work:
        assert [each.id for each in INVARIANTS if list(each.check(work))] == []
        work.session.get_one(Receipt, receipt.id).number = 2
        work.session.flush()
        (gap,) = DONATION_INVARIANTS[0].check(work)
        installation.services.files.put(
            installation.a.id, PAPER_FOLDER, receipt_file(receipt.id), b"another"
        )
        found = [line for each in STORED_INVARIANTS for line in each.check(work)]

    assert "have a gap" in gap
    assert found == [f"the file of receipt {receipt.id} is another one"]
