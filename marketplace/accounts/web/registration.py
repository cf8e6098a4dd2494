"""Register an organisation in two steps, and confirm the address of its first person."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from marketplace.accounts.operations.passwords import hash_new_password
from marketplace.accounts.operations.registration import (
    FirstPerson,
    confirm_email,
    register_organisation,
    resend_confirmation,
)
from marketplace.accounts.queries import link_with_secret
from marketplace.accounts.rules.links import LinkPurpose, LinkState
from marketplace.accounts.web.blueprint import blueprint
from marketplace.accounts.web.forms import (
    AddressForm,
    ButtonForm,
    OrganisationForm,
    RegistrationForm,
)
from marketplace.districts.queries import current_text
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.errors import Conflict, InvalidInput
from marketplace.foundation.web.localisation import current_language
from marketplace.foundation.web.permissions import public
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import (
    current_services,
    current_work,
    writing_work,
)

_AN_HOUR = 60


_DETAILS = "accounts/register_details.html"
_PERSON = "accounts/register_person.html"


def _sign_ups() -> str:
    return at_most(current_services().settings.limits.sign_ups_per_hour, _AN_HOUR)


@blueprint.get("/register")
@public
def register() -> ResponseReturnValue:
    """Ask what the organisation is and where."""
    return _page(_DETAILS, OrganisationForm())


@blueprint.post("/register")
@limiter.limit(_sign_ups)
@public
def register_step() -> ResponseReturnValue:
    """Take the step that was sent: the details, then the pin with the first person."""
    step = request.form.get("step")
    if step == "change":
        return _page(_DETAILS, OrganisationForm())
    if step == "person":
        return _take_person()
    form = OrganisationForm()
    if not form.validate() or not form.locate(current_work()):
        return _page(_DETAILS, form), 422
    second = _registration_form()
    second.put_pin_of(form)
    return _page(_PERSON, second)


def _take_person() -> ResponseReturnValue:
    form = _registration_form()
    is_valid = form.validate()
    if form.has_wrong_details:
        return _page(_DETAILS, form), 422
    if not form.is_located:
        # The address was changed behind the pin: the person looks at the new place first.
        found = form.locate(current_work())
        return _page(_PERSON if found else _DETAILS, form), 422
    if not is_valid:
        return _page(_PERSON, form), 422
    try:
        _register(form)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(_DETAILS if form.has_wrong_details else _PERSON, form), 422
    return redirect(url_for("accounts.registered"), 303)


def _register(form: RegistrationForm) -> None:
    details, place = form.details, form.place_claim
    names = (form.person_name.data or "", form.email.data or "", details.name)
    password_hash = hash_new_password(current_work(), form.password.data or "", names=names)
    register_organisation(
        writing_work(),
        details,
        place,
        FirstPerson(
            name=(form.person_name.data or "").strip(),
            email=form.email.data or "",
            password_hash=password_hash,
            terms_version=form.accepted_terms,
            language=current_language(),
        ),
    )


def _registration_form() -> RegistrationForm:
    terms = current_text(current_work(), TextKey.TERMS)
    form = RegistrationForm()
    if terms is None:
        del form.terms
    elif not form.terms_version.data:
        form.terms_version.data = str(terms.version)
    return form


def _page(template: str, form: OrganisationForm) -> str:
    work = current_work()
    terms = current_text(work, TextKey.TERMS)
    if isinstance(form, RegistrationForm) and terms is not None:
        # After a change of the terms the person reads the new version and accepts that one.
        if form.terms_version.data != str(terms.version):
            form.terms.data = False
        form.terms_version.data = str(terms.version)
    return render_template(template, form=form, lies_inside=form.lies_inside(work))


@blueprint.get("/register/sent")
@public
def registered() -> ResponseReturnValue:
    """Say that a mail is on its way; the same page whether or not the address was new."""
    return render_template("accounts/registered.html", form=AddressForm())


@blueprint.get("/confirm/<secret>")
@public
def confirm(secret: str) -> ResponseReturnValue:
    """Show the button that confirms: programs that check mails follow links, but press none."""
    return _confirm_page(secret)


@blueprint.post("/confirm/<secret>")
@public
def confirm_now(secret: str) -> ResponseReturnValue:
    """Confirm the address."""
    try:
        confirm_email(writing_work(), secret)
    except Conflict:
        return _confirm_page(secret), 409
    flash(gettext("Ihre E-Mail-Adresse ist bestätigt. Sie können sich jetzt anmelden."))
    return redirect(url_for("accounts.login"), 303)


@blueprint.post("/confirm/again")
@limiter.limit(lambda: at_most(5, _AN_HOUR))
@public
def confirm_again() -> ResponseReturnValue:
    """Send a fresh link, if the address waits for one."""
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/registered.html", form=form), 422
    resend_confirmation(writing_work(), form.email.data or "")
    flash(gettext("Wenn die Adresse noch zu bestätigen ist, haben wir eben geschrieben."))
    return redirect(url_for("accounts.registered"), 303)


def _confirm_page(secret: str) -> str:
    _, state = link_with_secret(current_work(), secret, (LinkPurpose.CONFIRM_EMAIL,))
    return render_template(
        "accounts/confirm.html",
        state=state,
        is_good=state is LinkState.GOOD,
        was_used=state is LinkState.USED,
        button=ButtonForm(),
        form=AddressForm(formdata=None),
    )
