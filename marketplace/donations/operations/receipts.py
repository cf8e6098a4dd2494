"""State what papers need, and issue, sign, hand over, void and replace receipts for goods."""

import hashlib
from datetime import date, timedelta

from sqlalchemy import select

from marketplace.accounts.permissions import Action, check_may
from marketplace.bookings.queries import asking_organisation
from marketplace.bookings.rules.requests import checked_reason
from marketplace.donations.models import Receipt, ReceiptSeries, ReceiptWording, TaxStatement
from marketplace.donations.queries.claims import lock_gift_of, visible_claim
from marketplace.donations.queries.notices import today_of
from marketplace.donations.queries.receipts import (
    PAPER_FOLDER,
    ReceiptBasis,
    ReceiptRequest,
    basis_of,
    own_receipt,
    receipt_file,
    render_receipt,
    standing_receipt,
    statement_of,
)
from marketplace.donations.rules.receipts import (
    LONGEST_NAME,
    LONGEST_PURPOSES,
    ReceiptState,
    check_may_become,
    hindrances,
    receipt_number,
    total_of,
)
from marketplace.donations.rules.states import ClaimState, Side
from marketplace.donations.rules.taxes import Origin, TaxAnswers, checked_answers
from marketplace.donations.rules.wordings import FormVariant, checked_texts
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound, Sentence
from marketplace.foundation.identifiers import ClaimId, OrganisationId, ReceiptId, new_id
from marketplace.listings.rules.drafts import ZONE

# Longer than any request lasts, so that no file is taken for left over while its row comes.
_UNTIL_LEFT_OVER = timedelta(hours=1)
_LONGEST_VERSION = 120
_LONGEST_SOURCE = 300


class NotReady(Conflict):
    """A receipt cannot be issued yet; `reasons` are marked sentences, one for each cause."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep the sentences."""
        super().__init__(
            N_("Die Bestätigung kann noch nicht ausgestellt werden."), code="not_eligible"
        )
        self.reasons = reasons


def ask_for_statement(work: UnitOfWork, claim_id: ClaimId) -> TaxStatement:
    """Note that the recipient asks the giver for origin and value; the first time counts.

    Raises NotFound for everybody but the recipient, and Conflict before the handover.
    """
    lock_gift_of(work, claim_id)
    claim, side = visible_claim(work, claim_id)
    if side is not Side.CLAIMANT:
        raise NotFound
    if claim.state not in (ClaimState.COLLECTED, ClaimState.CONFIRMED):
        raise Conflict(N_("Fragen können Sie danach, sobald die Übergabe eingetragen ist."))
    statement = statement_of(work, claim_id) or _new_statement(work, claim_id)
    if statement.asked_at is None:
        statement.asked_at = work.now()
        work.record("ask_for_tax_statement", "claim", claim_id)
    work.session.flush()
    return statement


def state_for_taxes(work: UnitOfWork, claim_id: ClaimId, answers: TaxAnswers) -> TaxStatement:
    """Keep what the giver states; papers that were issued before stay as they are.

    Raises NotFound for everybody but the giver, Conflict where nothing is agreed, and
    InvalidInput (see checked_answers).
    """
    lock_gift_of(work, claim_id)
    claim, side = visible_claim(work, claim_id)
    if side is not Side.GIVER:
        raise NotFound
    if claim.state not in (ClaimState.ACCEPTED, ClaimState.COLLECTED, ClaimState.CONFIRMED):
        raise Conflict(N_("Angaben dazu gibt es, sobald die Menge vereinbart ist."))
    checked = checked_answers(answers, today=today_of(work))
    statement = statement_of(work, claim_id) or _new_statement(work, claim_id)
    statement.origin = checked.origin
    statement.lines = [each.stored() for each in checked.lines]
    statement.evidence = list(checked.evidence)
    statement.stated_at = work.now()
    work.record("state_for_taxes", "claim", claim_id)
    work.session.flush()
    return statement


def expect_receipt(work: UnitOfWork) -> ReceiptId:
    """Give a receipt its id before anything of it is stored.

    Commit this before `issue_receipt`: should that one fail after it stored the file, the worker
    finds it by this id and deletes it.
    """
    check_may(work.actor, Action.CLAIM_GIFT)
    receipt_id = ReceiptId(new_id())
    work.enqueue(
        "delete_left_over_paper",
        due_at=work.now() + _UNTIL_LEFT_OVER,
        receipt_id=receipt_id,
    )
    return receipt_id


def issue_receipt(
    work: UnitOfWork, claim_id: ClaimId, request: ReceiptRequest, *, receipt_id: ReceiptId
) -> Receipt:
    """Issue the receipt to a claim of the acting organisation, for a signature by hand.

    The number exists only with the commit, and the file is on the disk before it. Raises NotFound
    for everybody but the recipient, NotReady with all reasons, Conflict where one stands already,
    and InvalidInput (`signatory`, `purposes`, "" where it does not fit on a page).
    """
    check_may(work.actor, Action.CLAIM_GIFT)
    asking_organisation(work)  # before the gift, in the order in which claims lock them
    lock_gift_of(work, claim_id)
    if standing_receipt(work, claim_id) is not None:
        basis_of(work, claim_id, request)  # a stranger does not learn of it
        raise Conflict(N_("Dazu ist schon eine Bestätigung ausgestellt."))
    return _issue(work, claim_id, request, receipt_id)


def sign_receipt(work: UnitOfWork, receipt_id: ReceiptId, day: date) -> Receipt:
    """Note on which day the paper was signed by hand.

    Raises NotFound, Conflict, and InvalidInput (`signed_on`).
    """
    receipt = own_receipt(work, receipt_id, lock=True)
    check_may_become(ReceiptState(receipt.state), ReceiptState.SIGNED)
    if not receipt.issued_at.astimezone(ZONE).date() <= day <= today_of(work):
        raise InvalidInput(
            {"signed_on": N_("Möglich sind die Tage von der Ausstellung bis heute.")}
        )
    receipt.state, receipt.signed_on = ReceiptState.SIGNED, day
    return _recorded(work, receipt)


def deliver_receipt(work: UnitOfWork, receipt_id: ReceiptId) -> Receipt:
    """Note that the signed paper was handed to the giver; raises NotFound and Conflict."""
    receipt = own_receipt(work, receipt_id, lock=True)
    check_may_become(ReceiptState(receipt.state), ReceiptState.DELIVERED)
    receipt.state, receipt.delivered_at = ReceiptState.DELIVERED, work.now()
    return _recorded(work, receipt)


def void_receipt(work: UnitOfWork, receipt_id: ReceiptId, reason: str) -> Receipt:
    """Void a receipt; it keeps its number, its file and the reason.

    Raises NotFound, Conflict and InvalidInput (`reason`).
    """
    text = checked_reason(reason)
    receipt = own_receipt(work, receipt_id, lock=True)
    check_may_become(ReceiptState(receipt.state), ReceiptState.VOIDED)
    receipt.state, receipt.voided_at, receipt.void_reason = ReceiptState.VOIDED, work.now(), text
    return _recorded(work, receipt)


def replace_receipt(
    work: UnitOfWork,
    receipt_id: ReceiptId,
    request: ReceiptRequest,
    *,
    reason: str,
    new_receipt_id: ReceiptId,
) -> Receipt:
    """Void a receipt and issue another by what is stated now, both or none; gives the new one.

    Raises as `void_receipt` and `issue_receipt`.
    """
    claim_id = own_receipt(work, receipt_id).claim_id
    asking_organisation(work)  # before the gift, in the order in which claims lock them
    lock_gift_of(work, claim_id)
    old = void_receipt(work, receipt_id, reason)
    new = _issue(work, claim_id, request, new_receipt_id)
    old.replaced_by = new.id
    work.session.flush()
    return new


def adopt_wording(
    work: UnitOfWork, variant: FormVariant, *, version: str, source: str, texts: dict[str, str]
) -> ReceiptWording:
    """Have a district's papers use its own words of a form from now on; earlier ones stay readable.

    Raises NotAllowed for everybody but the district's administrators, and InvalidInput (`version`,
    `source`, and the texts by name).
    """
    check_may(work.actor, Action.MANAGE_DONATIONS)
    named = {"version": " ".join(version.split()), "source": " ".join(source.split())}
    problems: dict[str, str] = {}
    try:
        checked = checked_texts(variant, texts)
    except InvalidInput as refusal:
        problems |= refusal.errors
    for name, longest in (("version", _LONGEST_VERSION), ("source", _LONGEST_SOURCE)):
        if not 1 <= len(named[name]) <= longest:
            problems[name] = Sentence(N_("Möglich sind 1 bis %(most)s Zeichen."), most=longest)
    if "version" not in problems and _has_version(work, variant, named["version"]):
        problems["version"] = N_("Diese Fassung gibt es schon.")
    if problems:
        raise InvalidInput(problems)
    wording = ReceiptWording(
        variant=variant,
        **named,
        texts=checked,
        person_id=work.actor.person_id,
        created_at=work.now(),
    )
    work.session.add(wording)
    work.session.flush()
    work.record("adopt_wording", "receipt_wording", wording.id, {"variant": variant, **named})
    return wording


def _issue(
    work: UnitOfWork, claim_id: ClaimId, request: ReceiptRequest, receipt_id: ReceiptId
) -> Receipt:
    if work.actor.person_id is None:
        raise NotAllowed(N_("Dafür müssen Sie für eine Organisation angemeldet sein."))
    _check_lengths(request)
    basis = basis_of(work, claim_id, request)
    reasons = hindrances(basis.case)
    if reasons:
        raise NotReady(reasons)
    year, number = _next_number(work, basis.claim.organisation_id)
    content = render_receipt(work, basis, number=receipt_number(year, number))
    work.services.files.put(work.district_id, PAPER_FOLDER, receipt_file(receipt_id), content)
    receipt = Receipt(
        id=receipt_id,
        claim_id=claim_id,
        organisation_id=basis.claim.organisation_id,
        person_id=work.actor.person_id,
        year=year,
        number=number,
        state=ReceiptState.ISSUED,
        amount=total_of(basis.case.lines),
        wording_version=basis.wording.version,
        wording_source=basis.wording.source,
        signatory=basis.case.signatory,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_at=work.now(),
        void_reason="",
    )
    work.session.add(receipt)
    return _recorded(work, receipt, basis)


def _next_number(work: UnitOfWork, organisation_id: OrganisationId) -> tuple[int, int]:
    """Draw the recipient's next number; it is locked, so whoever comes second waits."""
    year = today_of(work).year
    series = work.session.scalars(
        select(ReceiptSeries)
        .where(ReceiptSeries.organisation_id == organisation_id, ReceiptSeries.year == year)
        .with_for_update()
    ).first()
    if series is None:
        series = ReceiptSeries(organisation_id=organisation_id, year=year, last=0)
        work.session.add(series)
    series.last += 1
    return year, series.last


def _check_lengths(request: ReceiptRequest) -> None:
    problems: dict[str, str] = {}
    for name, text, longest in (
        ("signatory", request.signatory, LONGEST_NAME),
        ("purposes", request.purposes, LONGEST_PURPOSES),
    ):
        if len(text) > longest:
            problems[name] = Sentence(N_("Höchstens %(most)s Zeichen."), most=longest)
    if problems:
        raise InvalidInput(problems)


def _has_version(work: UnitOfWork, variant: FormVariant, version: str) -> bool:
    return (
        work.session.scalars(
            select(ReceiptWording.id).where(
                ReceiptWording.variant == variant, ReceiptWording.version == version
            )
        ).first()
        is not None
    )


def _new_statement(work: UnitOfWork, claim_id: ClaimId) -> TaxStatement:
    statement = TaxStatement(
        claim_id=claim_id, origin=Origin.NOT_STATED, lines=[], evidence=[], asked_at=None
    )
    work.session.add(statement)
    return statement


def _recorded(work: UnitOfWork, receipt: Receipt, basis: ReceiptBasis | None = None) -> Receipt:
    work.session.flush()
    details = {
        "state": receipt.state,
        "number": receipt_number(receipt.year, receipt.number),
        **({"wording": basis.wording.version, "sha256": receipt.sha256} if basis else {}),
    }
    work.record("step_receipt", "receipt", receipt.id, details)
    return receipt
