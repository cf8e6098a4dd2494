"""The papers of a gift: downloads, what the giver states, and the recipient's receipt."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.permissions import Action, may
from marketplace.accounts.web.labels import organisation_label
from marketplace.bookings.queries import booking_in_thread
from marketplace.bookings.rules.states import BookingState
from marketplace.donations.models import Claim, Receipt
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
from marketplace.donations.queries.claims import across_from, claim_in_thread, visible_claim
from marketplace.donations.queries.lines import lines_of
from marketplace.donations.queries.papers import (
    FREE_OF_CHARGE,
    handover_record,
    proof_of_giving,
    thanks_for,
)
from marketplace.donations.queries.receipts import (
    ReceiptRequest,
    basis_of,
    draft_of,
    own_receipt,
    receipt_content,
    receipts_to,
    standing_receipt,
    stated_lines,
    statement_of,
)
from marketplace.donations.rules.amounts import amount_in_digits
from marketplace.donations.rules.receipts import (
    ReceiptState,
    hindrances,
    receipt_number,
    warnings,
)
from marketplace.donations.rules.states import CONTACT_SHOWN, Side
from marketplace.donations.rules.taxes import ValuedLine
from marketplace.donations.web.tax_forms import (
    IssueForm,
    SignedForm,
    StatementForm,
    VoidForm,
    typed_lines,
)
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import BookingId, ClaimId, ReceiptId
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.localisation import format_day, say, say_message
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work
from marketplace.listings.kinds import KINDS
from marketplace.listings.queries import is_unnamed
from marketplace.listings.resource_kind import ChoiceAttribute
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.messaging.models import Thread
from marketplace.messaging.web.panels import ThreadPanel, register_thread_panel

blueprint = Blueprint("papers", __name__)

_STATES = {
    ReceiptState.ISSUED: N_("ausgestellt, noch nicht unterschrieben"),
    ReceiptState.SIGNED: N_("von Hand unterschrieben"),
    ReceiptState.DELIVERED: N_("übergeben"),
    ReceiptState.VOIDED: N_("ungültig"),
}


@dataclass(frozen=True, kw_only=True)
class ReceiptView:
    """A receipt as the page lists it."""

    id: str
    number: str
    amount: str
    facts: str
    pdf_url: str  # empty: it is the other side's
    can_be_signed: bool
    can_be_delivered: bool
    can_be_voided: bool


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The forms of the page that came back with something to change."""

    statement: StatementForm | None = None
    issue: IssueForm | None = None
    signed: SignedForm | None = None
    void: VoidForm | None = None


def papers_panel(work: UnitOfWork, thread: Thread) -> ThreadPanel | None:
    """Lead from a conversation to its papers."""
    claim = claim_in_thread(work, thread.id)
    if claim is not None and claim.state in CONTACT_SHOWN:
        url, label = url_for("papers.show", claim_id=claim.id), gettext("Papiere zur Übergabe")
        return ThreadPanel(template="donations/papers_panel.html", context=_link(url, label))
    booking = booking_in_thread(work, thread.id)
    if (
        booking is not None
        and booking.state == BookingState.COMPLETED
        and booking.listing.terms_mode in FREE_OF_CHARGE
    ):
        url, label = url_for("papers.thanks", booking_id=booking.id), gettext("Dankschreiben (PDF)")
        return ThreadPanel(template="donations/papers_panel.html", context=_link(url, label))
    return None


register_thread_panel(papers_panel)


def _link(url: str, label: str) -> dict[str, str]:
    return {"url": url, "label": label}


@blueprint.get("/claims/<claim_id>/papers")
@requires(Action.CLAIM_GIFT)
def show(claim_id: str) -> ResponseReturnValue:
    """Show what papers there are, and what is still needed for a receipt."""
    return _page(ClaimId(claim_id))


@blueprint.get("/claims/<claim_id>/papers/handover.pdf")
@requires(Action.CLAIM_GIFT)
def handover(claim_id: str) -> ResponseReturnValue:
    """Give the record of the handover."""
    content = handover_record(current_work(), ClaimId(claim_id))
    return pdf_response(content, gettext("Übergabeprotokoll"))


@blueprint.get("/claims/<claim_id>/papers/proof.pdf")
@requires(Action.CLAIM_GIFT)
def proof(claim_id: str) -> ResponseReturnValue:
    """Give the proof for the giver's books."""
    content = proof_of_giving(current_work(), ClaimId(claim_id))
    return pdf_response(content, gettext("Überlassungsnachweis"))


@blueprint.get("/claims/<claim_id>/papers/draft.pdf")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.CLAIM_GIFT)
def draft(claim_id: str) -> ResponseReturnValue:
    """Give the receipt as it would be now, marked as a draft."""
    content = draft_of(current_work(), ClaimId(claim_id), ReceiptRequest(signatory=""))
    return pdf_response(content, gettext("Entwurf"))


@blueprint.get("/bookings/<booking_id>/thanks.pdf")
@requires(Action.ASK_FOR_LISTING)
def thanks(booking_id: str) -> ResponseReturnValue:
    """Give the thanks for something lent or done for nothing."""
    return pdf_response(thanks_for(current_work(), BookingId(booking_id)), gettext("Dankschreiben"))


@blueprint.get("/receipts/<receipt_id>.pdf")
@requires(Action.CLAIM_GIFT)
def receipt(receipt_id: str) -> ResponseReturnValue:
    """Give a receipt as it was issued."""
    work, identity = current_work(), ReceiptId(receipt_id)
    content = receipt_content(work, identity)
    return pdf_response(content, _number_of(own_receipt(work, identity)))


@blueprint.post("/claims/<claim_id>/statement/ask")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.CLAIM_GIFT)
def ask(claim_id: str) -> ResponseReturnValue:
    """Ask the giver where the thing came from and what it is worth."""
    ask_for_statement(writing_work(), ClaimId(claim_id))
    flash(gettext("Festgehalten. Die gebende Seite sieht es auf dieser Seite."))
    return _back(ClaimId(claim_id))


@blueprint.post("/claims/<claim_id>/statement")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.CLAIM_GIFT)
def keep_statement(claim_id: str) -> ResponseReturnValue:
    """Keep what the giver states, or show the page again with what has to be changed."""
    identity, form = ClaimId(claim_id), StatementForm()
    _claim_of_a_side(identity)
    if not form.validate():
        form.show_typing_errors()
        return _page(identity, Typed(statement=form)), 422
    try:
        state_for_taxes(writing_work(), identity, form.answers())
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(identity, Typed(statement=form)), 422
    flash(gettext("Gespeichert. Nur Sie und der Empfänger sehen es."))
    return _back(identity)


@blueprint.post("/claims/<claim_id>/receipts")
@limiter.limit(lambda: at_most(30, 60))
@requires(Action.CLAIM_GIFT)
def issue(claim_id: str) -> ResponseReturnValue:
    """Issue the receipt, or another in its place; else show what hinders it."""
    identity, form = ClaimId(claim_id), IssueForm()
    _claim_of_a_side(identity)
    if not form.validate():
        return _page(identity, Typed(issue=form)), 422
    try:
        _issue(identity, form)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(identity, Typed(issue=form)), 422
    except NotReady as refusal:
        form.form_errors += [say_message(each, {}) for each in refusal.reasons]
        return _page(identity, Typed(issue=form)), 409
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _page(identity, Typed(issue=form)), 409
    flash(gettext("Ausgestellt. Bitte ausdrucken und eigenhändig unterschreiben."))
    return _back(identity)


def _issue(claim_id: ClaimId, form: IssueForm) -> Receipt:
    wanted = ReceiptRequest(signatory=form.signatory.data or "", purposes=form.purposes.data or "")
    standing = standing_receipt(current_work(), claim_id)
    receipt_id = _expected()
    if standing is None:
        return issue_receipt(writing_work(), claim_id, wanted, receipt_id=receipt_id)
    return replace_receipt(
        writing_work(),
        standing.id,
        wanted,
        reason=form.reason.data or "",
        new_receipt_id=receipt_id,
    )


def _expected() -> ReceiptId:
    """Name the file in a transaction of its own: it is found should the receipt's one fail."""
    work = current_scope().aside()
    try:
        receipt_id = expect_receipt(work)
        work.finish()
    finally:
        work.close()
    return receipt_id


@blueprint.post("/receipts/<receipt_id>/sign")
@requires(Action.CLAIM_GIFT)
def sign(receipt_id: str) -> ResponseReturnValue:
    """Note when the paper was signed."""
    form, identity = SignedForm(), ReceiptId(receipt_id)
    claim_id = own_receipt(current_work(), identity).claim_id
    day = form.signed_on.data if form.validate() else None
    if day is None:
        if not form.errors:
            form.signed_on.errors = [gettext("Bitte geben Sie den Tag an.")]
        return _page(claim_id, Typed(signed=form)), 422
    return _stepped(
        claim_id, form, Typed(signed=form), lambda: sign_receipt(writing_work(), identity, day)
    )


@blueprint.post("/receipts/<receipt_id>/deliver")
@requires(Action.CLAIM_GIFT)
def deliver(receipt_id: str) -> ResponseReturnValue:
    """Note that the signed paper was handed over."""
    identity = ReceiptId(receipt_id)
    delivered = deliver_receipt(writing_work(), identity)
    flash(gettext("Festgehalten."))
    return _back(delivered.claim_id)


@blueprint.post("/receipts/<receipt_id>/void")
@requires(Action.CLAIM_GIFT)
def void(receipt_id: str) -> ResponseReturnValue:
    """Void a receipt with its reason."""
    form, identity = VoidForm(), ReceiptId(receipt_id)
    claim_id = own_receipt(current_work(), identity).claim_id
    if not form.validate():
        return _page(claim_id, Typed(void=form)), 422
    reason = form.reason.data or ""
    return _stepped(
        claim_id, form, Typed(void=form), lambda: void_receipt(writing_work(), identity, reason)
    )


def _stepped(
    claim_id: ClaimId, form: Form, typed: Typed, step: Callable[[], Receipt]
) -> ResponseReturnValue:
    try:
        step()
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(claim_id, typed), 422
    flash(gettext("Festgehalten."))
    return _back(claim_id)


def _back(claim_id: ClaimId) -> ResponseReturnValue:
    return redirect(url_for("papers.show", claim_id=claim_id), 303)


def _claim_of_a_side(claim_id: ClaimId) -> tuple[Claim, Side]:
    claim, side = visible_claim(current_work(), claim_id)
    if side is Side.DESK:
        raise NotFound
    return claim, side


def _page(claim_id: ClaimId, typed: Typed = Typed()) -> str:
    work = current_work()
    claim, side = _claim_of_a_side(claim_id)
    is_giver = side is Side.GIVER
    statement = statement_of(work, claim_id)
    return render_template(
        "donations/papers.html",
        claim_id=claim.id,
        title=title_of(claim.listing),
        quantity=quantity_label(
            KINDS[claim.listing.kind], claim.granted or claim.wanted, claim.unit
        ),
        other=organisation_label(across_from(claim, side).name),
        is_unnamed=not is_giver and is_unnamed(claim.listing),
        is_giver=is_giver,
        is_agreed=claim.state in CONTACT_SHOWN,
        is_asked=statement is not None and statement.asked_at is not None,
        is_stated=statement is not None and statement.stated_at is not None,
        receipts=[_receipt_view(each, is_giver=is_giver) for each in receipts_to(work, claim_id)],
        statement=(typed.statement or _statement_form(work, claim)) if is_giver else None,
        signed=typed.signed or SignedForm(formdata=None),
        void=typed.void or VoidForm(formdata=None),
        back_url=url_for("messaging.show", thread_id=claim.thread_id),
        **({} if is_giver else _receipt_part(work, claim_id, typed.issue)),
    )


def _receipt_part(work: UnitOfWork, claim_id: ClaimId, form: IssueForm | None) -> dict[str, object]:
    """Give what the recipient sees of a receipt that could be issued now."""
    # Whoever signs, and for what, is asked in the form; it is no hindrance before.
    asked = ReceiptRequest(signatory="?", purposes="?")
    basis = basis_of(work, claim_id, asked)
    return {
        "issue": form or IssueForm(formdata=None),
        "hindrances": [say_message(each, {}) for each in hindrances(basis.case)],
        "warnings": [say_message(each, {}) for each in warnings(basis.case)],
        "lines": [_line_text(each) for each in basis.case.lines],
        "needs_purposes": basis.notice is None,
        "replaces": standing_receipt(work, claim_id) is not None,
        "wording": basis.wording.version,
        "lacks_wording": basis.wording.is_sample,
        "may_set_wording": may(work.actor, Action.MANAGE_DONATIONS),
        "wording_url": url_for("receipt_wordings.edit", kind=basis.wording.variant),
        "wording_address": current_scope().origin
        + url_for("receipt_wordings.edit", kind=basis.wording.variant),
    }


def _line_text(line: ValuedLine) -> str:
    facts = (line.age, line.condition, amount_in_digits(line.each))
    return f"{line.quantity} × {line.description}: {', '.join(facts)}"


def _statement_form(work: UnitOfWork, claim: Claim) -> StatementForm:
    """Give the form with what was stated; at first with the gift's own lines, without values."""
    statement = statement_of(work, claim.id)
    lines = stated_lines(statement) or _lines_of_gift(work, claim)
    return StatementForm(
        formdata=None,
        origin=statement.origin if statement and statement.stated_at else None,
        evidence=statement.evidence if statement else [],
        lines=typed_lines(lines),
    )


def _lines_of_gift(work: UnitOfWork, claim: Claim) -> list[ValuedLine]:
    found = lines_of(work, claim.listing_id)
    if found:
        return [
            _unvalued(each.name, each.quantity, each.year_of_make, each.condition) for each in found
        ]
    attributes = claim.listing.attributes
    return [
        _unvalued(
            title_of(claim.listing),
            claim.granted,
            attributes.get("year_of_make"),
            str(attributes.get("condition") or ""),
        )
    ]


def _unvalued(name: str, quantity: int, year: object, condition: str) -> ValuedLine:
    attribute = KINDS["goods"].attribute("condition")
    assert isinstance(attribute, ChoiceAttribute)  # noqa: S101 (the kind declares it)
    labels = {each.key: each.label for each in attribute.options}
    return ValuedLine(
        description=name,
        quantity=quantity,
        age=f"Baujahr {year}" if year else "",
        condition=labels.get(condition, ""),
        value=None,
    )


def _receipt_view(stored: Receipt, *, is_giver: bool) -> ReceiptView:
    state = ReceiptState(stored.state)
    facts = [gettext(_STATES[state])]
    if stored.signed_on:
        facts.append(format_day(stored.signed_on))
    if stored.void_reason:
        facts.append(stored.void_reason)
    return ReceiptView(
        id=stored.id,
        number=_number_of(stored),
        amount=amount_in_digits(stored.amount),
        facts=", ".join(facts),
        pdf_url="" if is_giver else url_for("papers.receipt", receipt_id=stored.id),
        can_be_signed=not is_giver and state is ReceiptState.ISSUED,
        can_be_delivered=not is_giver and state is ReceiptState.SIGNED,
        can_be_voided=not is_giver and state is not ReceiptState.VOIDED,
    )


def _number_of(stored: Receipt) -> str:
    return receipt_number(stored.year, stored.number)


def pdf_response(content: bytes, name: str) -> Response:
    """Give a paper to keep: nothing else looks at it, and nothing of it acts."""
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
