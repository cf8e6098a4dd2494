"""Sign in and out, and set a forgotten password anew."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.models import Person
from marketplace.accounts.operations.passwords import (
    ask_for_reset,
    hash_new_password,
    set_password_with_link,
)
from marketplace.accounts.operations.sign_in import (
    Outcome,
    PasswordCheck,
    check_password,
    end_sign_in,
    note_failed_sign_in,
    start_sign_in,
)
from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import actor_for, link_with_secret, names_around
from marketplace.accounts.rules.links import PASSWORD_PURPOSES, LinkState
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.forms import AddressForm, NewPasswordForm, SignInForm
from marketplace.accounts.web.session import (
    current_sign_in,
    forget_sign_in,
    remember_sign_in,
)
from marketplace.foundation.destinations import local_path
from marketplace.foundation.errors import Conflict, InvalidInput
from marketplace.foundation.identifiers import PersonId
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work


def _typed_address() -> str:
    return f"{current_scope().district_id} {request.form.get('email', '').strip().lower()[:254]}"


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """Ask who signs in; those who are signed in already go on."""
    wanted = local_path(request.args.get("next", "")) or ""
    if current_sign_in() is not None:
        return redirect(wanted or url_for("accounts.account"))
    return _login_page(SignInForm(formdata=None, next=wanted))


@blueprint.post("/login")
@limiter.limit(lambda: at_most(20, 5))
@limiter.limit(lambda: at_most(10, 15), key_func=_typed_address)
@public
def sign_in() -> ResponseReturnValue:
    """Begin a session, or say what is wrong without saying whether the account exists."""
    form = SignInForm()
    if not form.validate():
        return _login_page(form), 422
    checked = check_password(current_work(), form.email.data or "", form.password.data or "")
    if checked.outcome is not Outcome.RIGHT or checked.person_id is None:
        _note(checked)
        is_unconfirmed = checked.outcome is Outcome.UNCONFIRMED
        if not is_unconfirmed:
            form.form_errors.append(gettext("E-Mail-Adresse oder Passwort stimmt nicht."))
        return _login_page(form, is_unconfirmed=is_unconfirmed), 422
    work = writing_work()
    secret = start_sign_in(work, checked.person_id, new_hash=checked.new_hash)
    destination = local_path(form.next.data or "") or _desk_of(checked.person_id)
    remember_sign_in(secret)
    return redirect(destination, 303)


@blueprint.post("/logout")
@requires(Action.USE_ACCOUNT)
def logout() -> ResponseReturnValue:
    """End this session."""
    running = current_sign_in()
    if running is not None:
        end_sign_in(writing_work(), running.id)
    forget_sign_in()
    flash(gettext("Sie sind abgemeldet."))
    return redirect("/", 303)


@blueprint.get("/forgot-password")
@public
def forgot_password() -> ResponseReturnValue:
    """Ask for the address to which a link is sent."""
    return render_template("accounts/forgot_password.html", form=AddressForm())


@blueprint.post("/forgot-password")
@limiter.limit(lambda: at_most(5, 60))
@public
def send_reset() -> ResponseReturnValue:
    """Send the link; outsiders see no difference."""
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/forgot_password.html", form=form), 422
    ask_for_reset(writing_work(), form.email.data or "")
    flash(gettext("Wenn es zu dieser Adresse ein Konto gibt, haben wir eben geschrieben."))
    return redirect(url_for("accounts.login"), 303)


@blueprint.get("/reset-password/<secret>")
@public
def reset_password(secret: str) -> ResponseReturnValue:
    """Ask for the new password, if the link still works."""
    return _reset_page(secret, NewPasswordForm())


@blueprint.post("/reset-password/<secret>")
@limiter.limit(lambda: at_most(20, 15))
@public
def set_password(secret: str) -> ResponseReturnValue:
    """Set the new password; all sessions of that person end."""
    form = NewPasswordForm()
    if not form.validate():
        return _reset_page(secret, form), 422
    work = current_work()
    link, _ = link_with_secret(work, secret, PASSWORD_PURPOSES)
    names = names_around(work, work.session.get_one(Person, link.person_id))
    try:
        password_hash = hash_new_password(work, form.password.data or "", names=names)
        set_password_with_link(writing_work(), secret, password_hash)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _reset_page(secret, form), 422
    except Conflict:
        return _reset_page(secret, form), 409
    forget_sign_in()
    flash(gettext("Ihr neues Passwort gilt ab jetzt. Bitte melden Sie sich damit an."))
    return redirect(url_for("accounts.login"), 303)


def _login_page(form: SignInForm, *, is_unconfirmed: bool = False) -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        is_unconfirmed=is_unconfirmed,
        again=AddressForm(formdata=None, email=form.email.data),
    )


def _reset_page(secret: str, form: NewPasswordForm) -> str:
    _, state = link_with_secret(current_work(), secret, PASSWORD_PURPOSES)
    return render_template(
        "accounts/reset_password.html", form=form, is_good=state is LinkState.GOOD
    )


def _note(checked: PasswordCheck) -> None:
    work = current_scope().aside()
    try:
        note_failed_sign_in(work, checked)
        work.finish()
    finally:
        work.close()


def _desk_of(person_id: PersonId) -> str:
    actor = actor_for(current_work(), person_id)
    if may(actor, Action.SEE_DESK):
        return url_for("accounts.desk")
    if may(actor, Action.VERIFY_ORGANISATION):
        return url_for("moderation.queue")
    return url_for("accounts.account")
