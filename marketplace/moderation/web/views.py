"""The staff's queue: organisations that wait to be checked, and what was decided."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, TextAreaField

from marketplace.accounts.operations.verification import refuse_organisation, verify_organisation
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import (
    count_of_organisations,
    decisions_about,
    organisation_by_id,
    organisations_in,
    people_of,
)
from marketplace.accounts.rules.organisations import LONGEST_NOTE, VerificationState
from marketplace.accounts.web.forms import KIND_LABELS
from marketplace.districts.web.context import register_navigation
from marketplace.foundation.errors import N_, Conflict, InvalidInput
from marketplace.foundation.identifiers import OrganisationId
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.moderation.desk import review_sections
from marketplace.moderation.web import reports, undelivered
from marketplace.moderation.web.blueprint import blueprint
from marketplace.moderation.web.panels import organisation_panels

__all__ = ["blueprint", "reports", "undelivered"]

register_navigation(N_("Prüfen"), "moderation.queue", order=40, action=Action.VERIFY_ORGANISATION)


class VerifyForm(Form):
    """What the staff have looked at."""

    seen = TextAreaField(
        lazy_gettext("Was haben Sie eingesehen?"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie, was Sie eingesehen haben.")),
            TextLength(most=LONGEST_NOTE),
        ],
    )
    version = HiddenField()


class RefuseForm(Form):
    """Why the organisation is refused."""

    reason = TextAreaField(
        lazy_gettext("Warum lehnen Sie ab?"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie den Grund auf. Die Organisation liest ihn.")),
            TextLength(most=LONGEST_NOTE),
        ],
    )
    version = HiddenField()


@blueprint.get("/moderation")
@requires(Action.VERIFY_ORGANISATION)
def queue() -> ResponseReturnValue:
    """Show who waits, the longest first, and below who was decided on."""
    work = current_work()
    return render_template(
        "moderation/queue.html",
        sections=review_sections(work),
        counts=count_of_organisations(work),
        waiting=organisations_in(work, VerificationState.SUBMITTED),
        refused=organisations_in(work, VerificationState.REFUSED),
        verified=organisations_in(work, VerificationState.VERIFIED),
    )


@blueprint.get("/moderation/organisations/<organisation_id>")
@requires(Action.VERIFY_ORGANISATION)
def organisation(organisation_id: str) -> ResponseReturnValue:
    """Show all that an organisation states, to be compared with what can be seen elsewhere."""
    return _page(OrganisationId(organisation_id))


@blueprint.post("/moderation/organisations/<organisation_id>/verify")
@requires(Action.VERIFY_ORGANISATION)
def verify(organisation_id: str) -> ResponseReturnValue:
    """Open publishing for the organisation."""
    identity, form = OrganisationId(organisation_id), VerifyForm()
    if not form.validate():
        return _page(identity, verify_form=form), 422
    try:
        verify_organisation(
            writing_work(), identity, seen=form.seen.data or "", version=_version(form)
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(identity, verify_form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _page(identity, verify_form=form), 409
    flash(gettext("Geprüft. Die Organisation kann ab jetzt veröffentlichen und weiß das per Mail."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.post("/moderation/organisations/<organisation_id>/refuse")
@requires(Action.VERIFY_ORGANISATION)
def refuse(organisation_id: str) -> ResponseReturnValue:
    """Refuse the organisation, with the reason that it will read."""
    identity, form = OrganisationId(organisation_id), RefuseForm()
    if not form.validate():
        return _page(identity, refuse_form=form), 422
    try:
        refuse_organisation(
            writing_work(), identity, reason=form.reason.data or "", version=_version(form)
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(identity, refuse_form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _page(identity, refuse_form=form), 409
    flash(gettext("Abgelehnt. Die Organisation liest den Grund in ihrer Mail."))
    return redirect(url_for("moderation.queue"), 303)


def _version(form: VerifyForm | RefuseForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isdecimal() else 0


def _page(
    organisation_id: OrganisationId,
    *,
    verify_form: VerifyForm | None = None,
    refuse_form: RefuseForm | None = None,
) -> str:
    work = current_work()
    stored = organisation_by_id(work, organisation_id)
    verify_form = verify_form or VerifyForm(formdata=None)
    refuse_form = refuse_form or RefuseForm(formdata=None)
    # Whoever reads a refusal because of a newer version has that version before them now.
    verify_form.version.data = refuse_form.version.data = str(stored.version)
    return render_template(
        "moderation/organisation.html",
        organisation=stored,
        kind=KIND_LABELS[stored.details.kind],
        people=people_of(work, stored.id),
        decisions=decisions_about(work, stored.id),
        panels=organisation_panels(work, stored),
        is_waiting=stored.state == VerificationState.SUBMITTED,
        is_verified=stored.state == VerificationState.VERIFIED,
        is_own=work.actor.organisation_id == stored.id,
        verify_form=verify_form,
        refuse_form=refuse_form,
    )
