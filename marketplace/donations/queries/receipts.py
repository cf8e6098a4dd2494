"""What is known about receipts for goods, and what they would say."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.models import (
    Claim,
    ExemptionNotice,
    Receipt,
    ReceiptWording,
    TaxStatement,
)
from marketplace.donations.queries.claims import steps_of, visible_claim
from marketplace.donations.queries.notices import today_of
from marketplace.donations.rules.amounts import amount_in_digits, amount_in_words
from marketplace.donations.rules.receipts import ReceiptCase, ReceiptState, total_of
from marketplace.donations.rules.recipients import (
    NoticeState,
    counting_notice,
    is_public,
)
from marketplace.donations.rules.requests import IntendedUse
from marketplace.donations.rules.states import CONTACT_SHOWN, ClaimState, Side
from marketplace.donations.rules.taxes import Evidence, Origin, ValuedLine, line_from
from marketplace.donations.rules.wordings import (
    FormVariant,
    Wording,
    filled_texts,
    sample_wording,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import ClaimId, ReceiptId
from marketplace.foundation.papers import PaperData, PaperTooLong, render_paper
from marketplace.listings.rules.drafts import ZONE

PAPER_FOLDER = "papers"
# The face of the receipt has one page; who says much gets it smaller, never below 9 points.
_SIZES = (10.5, 10.0, 9.5, 9.0)
_PIECES = "piece"


@dataclass(frozen=True, kw_only=True)
class ReceiptRequest:
    """What the recipient says when it issues: who signs; the purpose, where no notice names it."""

    signatory: str
    purposes: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptBasis:
    """What a receipt to a claim would be made of."""

    claim: Claim
    notice: ExemptionNotice | None
    statement: TaxStatement | None
    wording: Wording
    case: ReceiptCase


def statement_of(work: UnitOfWork, claim_id: ClaimId) -> TaxStatement | None:
    """Give what the giver has stated or was asked; only giver and recipient see it.

    Raises NotFound for everybody else, the district's staff too.
    """
    _, side = visible_claim(work, claim_id)
    if side is Side.DESK:
        raise NotFound
    return _statement(work, claim_id)


def stated_lines(statement: TaxStatement | None) -> list[ValuedLine]:
    """Give what was stated, line by line."""
    return [line_from(each) for each in statement.lines] if statement else []


def basis_of(work: UnitOfWork, claim_id: ClaimId, request: ReceiptRequest) -> ReceiptBasis:
    """Give what a receipt to a claim of the acting organisation would be made of.

    Raises NotFound for everybody but the recipient.
    """
    claim, _ = visible_claim(work, claim_id)
    if claim.organisation_id != work.actor.organisation_id:
        raise NotFound
    organisation = claim.organisation
    kind = OrganisationKind(organisation.kind)
    notices = _accepted_notices(work, organisation)
    counting = counting_notice([each.notice for each in notices], today_of(work))
    notice = next((each for each in notices if each.notice == counting), None)
    statement = _statement(work, claim_id)
    wording = wording_for(work, FormVariant.PUBLIC if is_public(kind) else FormVariant.ASSOCIATION)
    case = ReceiptCase(
        may_ever_issue=is_public(kind) or bool(notices),
        is_status_valid=is_public(kind) or notice is not None,
        intended_use=IntendedUse(claim.intended_use),
        is_confirmed=claim.state == ClaimState.CONFIRMED,
        handed_over=claim.granted,
        is_counted_in_pieces=claim.unit == _PIECES,
        origin=Origin(statement.origin) if statement else Origin.NOT_STATED,
        was_asked=statement is not None and statement.asked_at is not None,
        lines=stated_lines(statement),
        evidence=frozenset(Evidence(each) for each in statement.evidence)
        if statement
        else frozenset(),
        signatory=" ".join(request.signatory.split()),
        purposes=", ".join(notice.purposes) if notice else " ".join(request.purposes.split()),
        is_sample_wording=wording.is_sample,
    )
    return ReceiptBasis(claim=claim, notice=notice, statement=statement, wording=wording, case=case)


def wording_for(work: UnitOfWork, variant: FormVariant) -> Wording:
    """Give the district's newest words of a form; the sample where it has none of its own."""
    stored = next(iter(stored_wordings(work, variant)), None)
    if stored is None:
        return sample_wording(variant)
    return Wording(
        variant=variant, version=stored.version, source=stored.source, texts=stored.texts
    )


def stored_wordings(work: UnitOfWork, variant: FormVariant) -> Sequence[ReceiptWording]:
    """Give the district's words of a form, the newest first; that one counts."""
    return work.session.scalars(
        select(ReceiptWording)
        .where(ReceiptWording.variant == variant)
        .order_by(ReceiptWording.created_at.desc(), ReceiptWording.id)
    ).all()


def wording_line(wording: Wording) -> str:
    """Say on a paper whose words it bears."""
    return f"Wortlaut: {wording.version}"


def receipts_to(work: UnitOfWork, claim_id: ClaimId) -> Sequence[Receipt]:
    """Give the receipts to a claim that its two sides may know of, the newest first.

    Raises NotFound for everybody else.
    """
    _, side = visible_claim(work, claim_id)
    if side is Side.DESK:
        raise NotFound
    return work.session.scalars(
        select(Receipt)
        .where(Receipt.claim_id == claim_id)
        .order_by(Receipt.issued_at.desc(), Receipt.number.desc())
    ).all()


def own_receipt(work: UnitOfWork, receipt_id: ReceiptId, *, lock: bool = False) -> Receipt:
    """Give a receipt that the acting organisation has issued; raises NotFound."""
    statement = select(Receipt).where(
        Receipt.id == receipt_id, Receipt.organisation_id == work.actor.organisation_id
    )
    receipt = work.session.scalars(statement.with_for_update() if lock else statement).first()
    if receipt is None:
        raise NotFound
    return receipt


def standing_receipt(work: UnitOfWork, claim_id: ClaimId) -> Receipt | None:
    """Give the receipt to a claim that is not void."""
    return work.session.scalars(
        select(Receipt).where(Receipt.claim_id == claim_id, Receipt.state != ReceiptState.VOIDED)
    ).first()


def receipt_content(work: UnitOfWork, receipt_id: ReceiptId) -> bytes:
    """Give the file of a receipt of one's own, the very bytes that were issued.

    Raises NotFound, and Conflict (unavailable) where the file is not what was issued.
    """
    receipt = own_receipt(work, receipt_id)
    content = work.services.files.read(work.district_id, PAPER_FOLDER, receipt_file(receipt_id))
    if hashlib.sha256(content).hexdigest() != receipt.sha256:
        raise Conflict(
            N_(
                "Die gespeicherte Datei ist nicht mehr die ausgestellte und wird deshalb nicht "
                "herausgegeben. Bitte wenden Sie sich an die Stelle, die diese Seite betreibt."
            ),
            code="unavailable",
        )
    return content


def receipt_file(receipt_id: ReceiptId) -> str:
    """Name the file of a receipt."""
    return f"{receipt_id}.pdf"


def draft_of(work: UnitOfWork, claim_id: ClaimId, request: ReceiptRequest) -> bytes:
    """Give the receipt as it would be now, marked as a draft and without a number.

    Raises NotFound for everybody but the recipient, Conflict as long as nothing is agreed (it
    names the giver), and InvalidInput as `render_receipt`.
    """
    basis = basis_of(work, claim_id, request)
    if basis.claim.state not in CONTACT_SHOWN:
        raise Conflict(N_("Einen Entwurf gibt es, sobald die Menge vereinbart ist."))
    return render_receipt(work, basis, number="")


def render_receipt(work: UnitOfWork, basis: ReceiptBasis, *, number: str) -> bytes:
    """Make the paper; without a number it is a draft.

    Raises InvalidInput where it does not fit on a page.
    """
    return fitted_receipt(_receipt_data(work, basis, number=number), at=work.now())


def fitted_receipt(data: Mapping[str, PaperData], *, at: datetime) -> bytes:
    """Make the paper as large as it fits; raises InvalidInput where it does not on one page."""
    for size in _SIZES:
        try:
            return render_paper("receipt", {**data, "size": size}, at=at)
        except PaperTooLong:
            continue
    raise InvalidInput(
        {"": N_("Das passt nicht auf eine Seite. Bitte kürzen Sie Zwecke und Bezeichnung.")}
    )


def handover_instant(work: UnitOfWork, claim: Claim) -> datetime | None:
    """Give when it was handed over; None: not yet."""
    return next(
        (each.at for each in steps_of(work, claim.id) if each.state == ClaimState.COLLECTED), None
    )


def _receipt_data(work: UnitOfWork, basis: ReceiptBasis, *, number: str) -> dict[str, PaperData]:
    case, claim, wording = basis.case, basis.claim, basis.wording
    total = total_of(case.lines)
    handed_over = handover_instant(work, claim)
    return {
        "is_draft": not number,
        "number": number,
        "wording": wording_line(wording),
        "words": _words(basis),
        "issuer": party_data(claim.organisation),
        "giver": party_data(claim.listing.organisation),
        "amount": amount_in_digits(total),
        "amount_in_words": amount_in_words(total),
        "day": day_text(handed_over) if handed_over else "–",
        "description": _description(case.lines),
        "has_annex": len(case.lines) > 1,
        "lines": [_line_data(each) for each in case.lines],
        "origin": case.origin,
        "has_evidence": bool(case.evidence),
        "place": claim.organisation.place,
        "issued_on": day_text(work.now()),
        "signatory": case.signatory,
    }


def _words(basis: ReceiptBasis) -> dict[str, str]:
    notice = basis.notice
    return filled_texts(
        basis.wording,
        {
            "purposes": basis.case.purposes or "–",
            "tax_office": notice.tax_office if notice else "–",
            "tax_number": notice.tax_number if notice else "–",
            "notice_day": f"{notice.day:%d.%m.%Y}" if notice else "–",
            "assessment_period": (notice.assessment_period if notice else "") or "–",
        },
        notice.notice.kind if notice else None,
    )


def _description(lines: Sequence[ValuedLine]) -> str:
    if len(lines) != 1:
        return f"{sum(each.quantity for each in lines)} Stück, einzeln aufgeführt"
    (line,) = lines
    bought = _purchase(line)
    parts = [f"{line.quantity} × {line.description}", line.age, line.condition]
    if line.quantity > 1:
        parts.append(f"je {amount_in_digits(line.each)}")
    return ", ".join([*parts, *([f"Kaufpreis {bought}"] if bought else [])])


def _line_data(line: ValuedLine) -> dict[str, PaperData]:
    return {
        "description": line.description,
        "quantity": str(line.quantity),
        "age": line.age,
        "condition": line.condition,
        "purchase": _purchase(line),
        "value": amount_in_digits(line.each),
        "sum": amount_in_digits(line.total),
    }


def _purchase(line: ValuedLine) -> str:
    price = amount_in_digits(line.purchase_price) if line.purchase_price is not None else ""
    day = f"{line.purchase_day:%d.%m.%Y}" if line.purchase_day else ""
    return ", ".join(each for each in (price, day) if each)


def party_data(organisation: Organisation) -> dict[str, str]:
    """Give name and address as papers show them."""
    return {
        "name": organisation.name,
        "street": organisation.street,
        "place": f"{organisation.postcode} {organisation.place}",
    }


def day_text(instant: datetime) -> str:
    """Give the day of an instant by Berlin's calendar."""
    return f"{instant.astimezone(ZONE):%d.%m.%Y}"


def _accepted_notices(work: UnitOfWork, organisation: Organisation) -> list[ExemptionNotice]:
    return list(
        work.session.scalars(
            select(ExemptionNotice)
            .where(
                ExemptionNotice.organisation_id == organisation.id,
                ExemptionNotice.state == NoticeState.ACCEPTED,
            )
            .order_by(ExemptionNotice.submitted_at.desc(), ExemptionNotice.id)
        )
    )


def _statement(work: UnitOfWork, claim_id: ClaimId) -> TaxStatement | None:
    return work.session.scalars(
        select(TaxStatement).where(TaxStatement.claim_id == claim_id)
    ).first()
