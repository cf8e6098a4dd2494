"""The status of recipients: what an organisation states, and what an administrator decides."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection, Tone
from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import organisation_by_id, own_organisation
from marketplace.accounts.web.forms import KIND_LABELS
from marketplace.accounts.web.panels import register_account_link
from marketplace.donations.models import ExemptionNotice
from marketplace.donations.operations.notices import (
    NOTICE_FOLDER,
    ExpectedCopy,
    accept_notice,
    copy_type,
    expect_copy,
    refuse_notice,
    state_notice,
    stored_copy,
)
from marketplace.donations.queries.notices import (
    NoticeOf,
    decided_notices,
    decider_of,
    notice_by_id,
    notices_of,
    own_notice,
    status_of,
    waiting_notices,
)
from marketplace.donations.rules.recipients import NoticeState
from marketplace.donations.rules.statements import NOTICE_LABELS
from marketplace.donations.web.status_forms import AcceptForm, NoticeForm, RefuseForm
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import NoticeId
from marketplace.foundation.settings import Limits
from marketplace.foundation.web.localisation import format_day, say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import (
    current_scope,
    current_work,
    writing_work,
)
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.messaging.rules.attachments import CheckedFile
from marketplace.messaging.web.files import guarded_response, to_save
from marketplace.moderation.desk import register_review_section
from marketplace.moderation.web.panels import OrganisationPanel, register_organisation_panel

blueprint = Blueprint("donations_status", __name__)

# Twice what is taken: who sends somewhat too much gets a sentence in the form, with the text kept.
_LARGEST_UPLOAD = 2 * Limits.attachment_bytes
_STATES = {
    NoticeState.SUBMITTED: (N_("wartet"), Tone.NEUTRAL),
    NoticeState.ACCEPTED: (N_("angenommen"), Tone.SUCCESS),
    NoticeState.REFUSED: (N_("abgelehnt"), Tone.WARNING),
}


@blueprint.get("/account/status")
@requires(Action.SEE_DESK)
def show() -> ResponseReturnValue:
    """Say what counts now and until when, and list what was stated."""
    return _own_page(NoticeForm(formdata=None))


@blueprint.post("/account/status")
@limiter.limit(lambda: at_most(20, 60))
@accepts_uploads(_LARGEST_UPLOAD)
@requires(Action.STATE_STATUS)
def state() -> ResponseReturnValue:
    """Take a notice, or show the form again with what is missing."""
    form = NoticeForm()
    is_valid = form.validate()
    document = form.checked_document()
    if not is_valid or form.document.errors:
        return _own_page(form), 422
    expected = _expected(document)
    try:
        state_notice(writing_work(), form.statement, copy=expected)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _own_page(form), 422
    flash(gettext("Angegeben. Die Verwaltung des Landkreises sieht den Bescheid ein."))
    return redirect(url_for("donations_status.show"), 303)


@blueprint.get("/account/status/<notice_id>/copy")
@requires(Action.SEE_DESK)
def own_copy(notice_id: str) -> ResponseReturnValue:
    """Give the copy of a notice of one's own organisation."""
    work = current_work()
    return _copy(work, own_notice(work, NoticeId(notice_id)))


@blueprint.get("/moderation/status")
@requires(Action.DECIDE_STATUS)
def queue() -> ResponseReturnValue:
    """Show what waits, the longest first, and below what was decided last."""
    work = current_work()
    decided = DeskSection(
        key="decided",
        title=gettext("Zuletzt entschieden"),
        lines=tuple(_line(each, gettext("Ansehen")) for each in decided_notices(work)),
        empty_text=gettext("Noch keine."),
    )
    return render_template(
        "donations/status_queue.html",
        sections=[_waiting_section(work, gettext("Was wartet")), decided],
    )


@blueprint.get("/moderation/status/<notice_id>")
@requires(Action.DECIDE_STATUS)
def stated(notice_id: str) -> ResponseReturnValue:
    """Show all that was stated, to be compared with the notice itself."""
    return _decision_page(NoticeId(notice_id))


@blueprint.post("/moderation/status/<notice_id>/accept")
@requires(Action.DECIDE_STATUS)
def accept(notice_id: str) -> ResponseReturnValue:
    """Let the notice count."""
    identity, form = NoticeId(notice_id), AcceptForm()
    notice_by_id(current_work(), identity)  # what is not there is not found, form or not
    if not form.validate():
        return _decision_page(identity, accept_form=form), 422
    try:
        accept_notice(writing_work(), identity, seen=form.seen.data or "")
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _decision_page(identity, accept_form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _decision_page(identity, accept_form=form), 409
    flash(gettext("Angenommen. Die Organisation weiß das per Mail."))
    return redirect(url_for("donations_status.queue"), 303)


@blueprint.post("/moderation/status/<notice_id>/refuse")
@requires(Action.DECIDE_STATUS)
def refuse(notice_id: str) -> ResponseReturnValue:
    """Refuse the notice, with the reason that the organisation will read."""
    identity, form = NoticeId(notice_id), RefuseForm()
    notice_by_id(current_work(), identity)  # what is not there is not found, form or not
    if not form.validate():
        return _decision_page(identity, refuse_form=form), 422
    try:
        refuse_notice(writing_work(), identity, reason=form.reason.data or "")
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _decision_page(identity, refuse_form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _decision_page(identity, refuse_form=form), 409
    flash(gettext("Abgelehnt. Die Organisation liest den Grund in ihrer Mail."))
    return redirect(url_for("donations_status.queue"), 303)


@blueprint.get("/moderation/status/<notice_id>/copy")
@requires(Action.DECIDE_STATUS)
def copy(notice_id: str) -> ResponseReturnValue:
    """Give the copy of a notice to an administrator."""
    work = current_work()
    return _copy(work, notice_by_id(work, NoticeId(notice_id)))


def status_section(work: UnitOfWork) -> DeskSection | None:
    """Give what waits to those who decide; others see only the result."""
    if not may(work.actor, Action.DECIDE_STATUS):
        return None
    to_all = DeskAction(label=gettext("Alle Nachweise"), url=url_for("donations_status.queue"))
    return _waiting_section(work, gettext("Nachweise des Finanzamts"), to_all)


def result_panel(work: UnitOfWork, organisation: Organisation) -> OrganisationPanel:
    """Say on the staff's page of an organisation whether its status is proven, and no more."""
    status = status_of(work, organisation)
    if status.counting is not None:
        text = gettext("Liegt vor bis %(day)s.", day=format_day(status.counting.last_day))
    elif status.is_public:
        text = gettext("Öffentliche Stellen brauchen keinen.")
    else:
        text = gettext("Liegt nicht vor.")
    return OrganisationPanel(
        key="status",
        title=gettext("Nachweis des Finanzamts"),
        text=text,
        link=(
            DeskAction(label=gettext("Alle Nachweise"), url=url_for("donations_status.queue"))
            if may(work.actor, Action.DECIDE_STATUS)
            else None
        ),
    )


def status_link(work: UnitOfWork) -> DeskAction | None:
    """Lead from the account to the organisation's status."""
    if not may(work.actor, Action.SEE_DESK):
        return None
    return DeskAction(
        label=gettext("Nachweis des Finanzamts"), url=url_for("donations_status.show")
    )


register_review_section(status_section)
register_organisation_panel(result_panel)
register_account_link(status_link)


def _expected(document: CheckedFile | None) -> ExpectedCopy | None:
    """Name the copy in a transaction of its own: it is found should the notice's one fail."""
    if document is None:
        return None
    work = current_scope().aside()
    try:
        expected = expect_copy(work, document)
        work.finish()
    finally:
        work.close()
    return expected


def _copy(work: UnitOfWork, notice: ExemptionNotice) -> Response:
    if not notice.document_name:
        raise NotFound
    name = stored_copy(notice)
    response = guarded_response(
        work.services.files.read(work.district_id, NOTICE_FOLDER, name),
        media_type=copy_type(notice),
        disposition=to_save(notice.document_name),
        etag=f"{notice.document_sha256}-{name}",
    )
    response.headers["Cache-Control"] = "no-store"  # tax papers stay on no shared computer
    return response


def _waiting_section(work: UnitOfWork, title: str, *actions: DeskAction) -> DeskSection:
    return DeskSection(
        key="notices",
        title=title,
        lines=tuple(_line(each, gettext("Prüfen")) for each in waiting_notices(work)),
        empty_text=gettext("Zurzeit wartet kein Nachweis."),
        actions=actions,
    )


def _line(found: NoticeOf, action_label: str) -> DeskLine:
    notice = found.notice
    label, tone = _STATES[NoticeState(notice.state)]
    return DeskLine(
        title=found.organisation.name,
        url=url_for("donations_status.stated", notice_id=notice.id),
        action_label=action_label,
        detail=_name(notice),
        state_label=gettext(label),
        tone=tone,
        when=notice.decided_at or notice.submitted_at,
    )


def _name(notice: ExemptionNotice) -> str:
    return gettext(
        "%(kind)s vom %(day)s",
        kind=gettext(NOTICE_LABELS[notice.notice.kind]),
        day=format_day(notice.day),
    )


def _own_page(form: NoticeForm) -> str:
    form.ask_again_for_document()
    work = current_work()
    organisation = own_organisation(work)
    status = status_of(work, organisation)
    return render_template(
        "donations/status.html",
        organisation=organisation,
        status=status,
        counting_label=NOTICE_LABELS[status.counting.kind] if status.counting else "",
        notices=[
            (each, _name(each), *_STATES[NoticeState(each.state)])
            for each in notices_of(work, organisation.id)
        ],
        may_state=may(work.actor, Action.STATE_STATUS),
        form=form,
    )


def _decision_page(
    notice_id: NoticeId,
    *,
    accept_form: AcceptForm | None = None,
    refuse_form: RefuseForm | None = None,
) -> str:
    work = current_work()
    notice = notice_by_id(work, notice_id)
    organisation = organisation_by_id(work, notice.organisation_id)
    return render_template(
        "donations/status_notice.html",
        notice=notice,
        organisation=organisation,
        organisation_kind=KIND_LABELS[organisation.details.kind],
        name=_name(notice),
        kind=NOTICE_LABELS[notice.notice.kind],
        last_day=notice.notice.last_day,
        is_waiting=notice.state == NoticeState.SUBMITTED,
        is_accepted=notice.state == NoticeState.ACCEPTED,
        is_own=work.actor.organisation_id == organisation.id,
        decided_by=decider_of(work, notice),
        others=[
            (each, _name(each), *_STATES[NoticeState(each.state)])
            for each in notices_of(work, organisation.id)
            if each.id != notice.id
        ],
        accept_form=accept_form or AcceptForm(formdata=None),
        refuse_form=refuse_form or RefuseForm(formdata=None),
    )
