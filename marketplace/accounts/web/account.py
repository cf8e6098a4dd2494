"""One's own account and organisation, and the desk."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.desk import desk_sections
from marketplace.accounts.models import Organisation
from marketplace.accounts.operations.mail_choices import choose_mails
from marketplace.accounts.operations.organisations import change_organisation
from marketplace.accounts.operations.passwords import (
    change_password,
    check_current_password,
    hash_new_password,
)
from marketplace.accounts.operations.sign_in import end_other_sign_ins, end_sign_in
from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import (
    decisions_about,
    mail_choices_of,
    names_around,
    organisation_of,
    own_organisation,
    own_person,
    sign_ins_of,
    unreachable_address,
)
from marketplace.accounts.rules.organisations import VerificationState
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.forms import (
    DETAIL_FIELDS,
    KIND_LABELS,
    ChangeOrganisationForm,
    ChangePasswordForm,
    MailChoicesForm,
    stated_by,
)
from marketplace.accounts.web.panels import account_links
from marketplace.accounts.web.session import current_sign_in
from marketplace.districts.web.context import register_navigation
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, StaleVersion
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work

register_navigation(N_("Schreibtisch"), "accounts.desk", order=30, action=Action.SEE_DESK)

# What a stale form shows of the stored organisation; the rest is the pin and its note.
_COMPARED = tuple(name for name in DETAIL_FIELDS if name != "place_choice")


@blueprint.get("/desk")
@requires(Action.SEE_DESK)
def desk() -> ResponseReturnValue:
    """Show what the organisation has open."""
    work = current_work()
    organisation = own_organisation(work)
    return render_template(
        "accounts/desk.html",
        organisation=organisation,
        sections=desk_sections(work),
        is_waiting=organisation.state == VerificationState.SUBMITTED,
        refusal=_refusal_of(work, organisation),
        may_edit=may(work.actor, Action.EDIT_ORGANISATION),
        unreachable=unreachable_address(work),
    )


@blueprint.get("/account")
@requires(Action.USE_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show one's own account."""
    return _account_page(ChangePasswordForm())


@blueprint.post("/account/password")
@limiter.limit(lambda: at_most(10, 15))
@requires(Action.USE_ACCOUNT)
def new_password() -> ResponseReturnValue:
    """Change the password; all other sessions end."""
    form = ChangePasswordForm()
    running = current_sign_in()
    if not form.validate() or running is None:
        return _account_page(form), 422
    work = current_work()
    try:
        check_current_password(work, form.current_password.data or "")
        names = names_around(work, own_person(work))
        password_hash = hash_new_password(work, form.password.data or "", names=names)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _account_page(form), 422
    change_password(writing_work(), password_hash, keep=running.id)
    flash(gettext("Ihr neues Passwort gilt ab jetzt. Auf anderen Geräten sind Sie abgemeldet."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/mails")
@requires(Action.USE_ACCOUNT)
def mail_choices() -> ResponseReturnValue:
    """Store which mails the person wants, and how soon."""
    form = MailChoicesForm()
    if not form.validate():
        return _account_page(ChangePasswordForm(formdata=None), form), 422
    choose_mails(writing_work(), form.choices)
    flash(gettext("Gespeichert. So bekommen Sie ab jetzt Ihre Mails."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/sign-ins/<sign_in_id>/end")
@requires(Action.USE_ACCOUNT)
def end_one(sign_in_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    end_sign_in(writing_work(), sign_in_id)
    flash(gettext("Diese Anmeldung ist beendet."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/sign-ins/end-others")
@requires(Action.USE_ACCOUNT)
def end_others() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    running = current_sign_in()
    end_other_sign_ins(writing_work(), keep=running.id if running else "")
    flash(gettext("Auf allen anderen Geräten sind Sie abgemeldet."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/account/organisation")
@requires(Action.EDIT_ORGANISATION)
def organisation() -> ResponseReturnValue:
    """Show what one's own organisation states."""
    stored = own_organisation(current_work())
    return _organisation_page(ChangeOrganisationForm(formdata=None, data=stated_by(stored)))


@blueprint.post("/account/organisation")
@requires(Action.EDIT_ORGANISATION)
def save_organisation() -> ResponseReturnValue:
    """Store what it states now; a new address is shown on the map before it counts."""
    form = ChangeOrganisationForm()
    if not form.validate():
        return _organisation_page(form), 422
    if not form.is_located:
        if form.locate(current_work()):
            form.form_errors.append(
                gettext("Die Anschrift ist neu. Bitte prüfen Sie die Markierung auf der Karte.")
            )
        return _organisation_page(form), 422
    version = form.version.data or ""
    try:
        change_organisation(
            writing_work(),
            form.details,
            form.place_claim,
            version=int(version) if version.isdecimal() else 0,
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _organisation_page(form), 422
    except StaleVersion as refusal:
        form.form_errors.append(say(refusal))
        stored = own_organisation(current_work())
        differences = _differences(form, stored)
        form.version.data = str(stored.version)
        return _organisation_page(form, differences), 409
    flash(gettext("Gespeichert."))
    return redirect(url_for("accounts.desk"), 303)


def _account_page(form: ChangePasswordForm, mails_form: MailChoicesForm | None = None) -> str:
    work = current_work()
    person = own_person(work)
    running = current_sign_in()
    chosen = mail_choices_of(work, person.id)
    return render_template(
        "accounts/account.html",
        person=person,
        organisation=organisation_of(work, person.id),
        may_edit=may(work.actor, Action.EDIT_ORGANISATION),
        may_see_desk=may(work.actor, Action.SEE_DESK),
        links=account_links(work),
        sign_ins=sign_ins_of(work, person.id),
        this_sign_in=running.id if running else "",
        form=form,
        mails_form=mails_form or MailChoicesForm(formdata=None, data=chosen),
    )


def _organisation_page(
    form: ChangeOrganisationForm, differences: list[tuple[str, str]] | None = None
) -> str:
    return render_template(
        "accounts/organisation.html",
        form=form,
        differences=differences or [],
        lies_inside=form.lies_inside(current_work()),
    )


def _differences(form: ChangeOrganisationForm, stored: Organisation) -> list[tuple[str, str]]:
    """Give label and stored value of each field in which the form says something else."""
    values = stated_by(stored)
    return [
        (
            str(form[name].label.text),
            str(KIND_LABELS[stored.details.kind] if name == "kind" else values[name]),
        )
        for name in _COMPARED
        if (form[name].data or "") != values[name]
    ]


def _refusal_of(work: UnitOfWork, stored: Organisation) -> str:
    """Give why the staff refused the organisation; empty where they did not."""
    if stored.state != VerificationState.REFUSED:
        return ""
    return next((each.reason for each in decisions_about(work, stored.id) if not each.verified), "")
