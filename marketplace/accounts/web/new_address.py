"""Change the address at which one gets mails and signs in."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.operations.new_address import (
    ask_for_new_address,
    new_address_of_link,
    take_new_address,
)
from marketplace.accounts.operations.passwords import check_current_password
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import own_person
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.forms import NewAddressForm
from marketplace.foundation.errors import Conflict, InvalidInput
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work


@blueprint.get("/account/email")
@requires(Action.USE_ACCOUNT)
def new_address() -> ResponseReturnValue:
    """Ask for the new address."""
    return _form_page(NewAddressForm())


@blueprint.post("/account/email")
@limiter.limit(lambda: at_most(10, 15))
@requires(Action.USE_ACCOUNT)
def ask_new_address() -> ResponseReturnValue:
    """Send a link to the new address, or show the form again with what is wrong."""
    form = NewAddressForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        check_current_password(current_work(), form.current_password.data or "")
        typed = form.email.data or ""
        ask_for_new_address(writing_work(), typed)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _form_page(form), 422
    # Named, so that a mistyped address is noticed before somebody waits for its mail.
    flash(gettext("Bitte öffnen Sie den Link, den wir an %(email)s geschickt haben.", email=typed))
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/new-address/<secret>")
@public
def new_address_by_link(secret: str) -> ResponseReturnValue:
    """Show the button that changes it: programs that check mails follow links, but press none."""
    return _link_page(secret)


@blueprint.post("/new-address/<secret>")
@public
def new_address_with_link(secret: str) -> ResponseReturnValue:
    """Change it."""
    try:
        take_new_address(writing_work(), secret)
    except Conflict as conflict:
        return _refused(conflict)
    flash(gettext("Ihre neue Adresse gilt ab jetzt, auch für die Anmeldung."))
    return redirect(url_for("accounts.account"), 303)


def _form_page(form: NewAddressForm) -> str:
    return render_template(
        "accounts/new_address.html", form=form, email=own_person(current_work()).email
    )


def _link_page(secret: str) -> ResponseReturnValue:
    try:
        asked = new_address_of_link(current_work(), secret)
    except Conflict as conflict:
        return _refused(conflict)
    return render_template("accounts/new_address_link.html", asked=asked)


def _refused(conflict: Conflict) -> ResponseReturnValue:
    return render_template("accounts/new_address_link.html", refusal=say(conflict)), 409
