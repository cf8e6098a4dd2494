"""Further addresses of one's own organisation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import Optional, Regexp

from marketplace.accounts.operations.locations import find_address
from marketplace.accounts.operations.sites import add_site, close_site
from marketplace.accounts.permissions import Action, may
from marketplace.accounts.queries import own_sites
from marketplace.accounts.rules.locations import Address
from marketplace.accounts.rules.organisations import LONGEST_LINE, LONGEST_NAME
from marketplace.accounts.web.blueprint import blueprint
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.identifiers import SiteId
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.geo.interfaces import Ambiguous


class SiteForm(Form):
    """A name and an address."""

    name = StringField(
        lazy_gettext("Wie nennen Sie den Standort?"), [Needed(), TextLength(most=LONGEST_NAME)]
    )
    street = StringField(
        lazy_gettext("Straße und Hausnummer"), [Needed(), TextLength(most=LONGEST_LINE)]
    )
    postcode = StringField(
        lazy_gettext("Postleitzahl"),
        [Needed(), Regexp(r"^\s*\d{5}\s*$", message=lazy_gettext("Bitte fünf Ziffern."))],
    )
    place = StringField(lazy_gettext("Ort"), [Needed(), TextLength(most=LONGEST_NAME)])
    place_choice = RadioField(
        lazy_gettext("Welcher Ort ist es?"), [Optional()], choices=[], validate_choice=False
    )

    @property
    def address(self) -> Address:
        """What was typed."""
        return Address(
            street=(self.street.data or "").strip(),
            postcode=(self.postcode.data or "").strip(),
            place=(self.place.data or "").strip(),
        )


@blueprint.get("/account/sites")
@requires(Action.SEE_DESK)
def sites() -> ResponseReturnValue:
    """List the addresses; the owner adds and closes them."""
    return _page(SiteForm(formdata=None))


@blueprint.post("/account/sites")
@requires(Action.EDIT_ORGANISATION)
def new_site() -> ResponseReturnValue:
    """Add an address."""
    form = SiteForm()
    if not form.validate():
        return _page(form), 422
    chosen = form.place_choice.data or ""
    answer = find_address(current_work(), form.address, chosen=chosen)
    if isinstance(answer, Ambiguous):
        form.place_choice.choices = [
            SelectChoice(each.label, each.label) for each in answer.choices
        ]
    try:
        add_site(
            writing_work(), name=(form.name.data or "").strip(), address=form.address, chosen=chosen
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(form), 422
    flash(gettext("Der Standort ist angelegt. Sie können ihn jetzt bei Einträgen wählen."))
    return redirect(url_for("accounts.sites"), 303)


@blueprint.post("/account/sites/<site_id>/close")
@requires(Action.EDIT_ORGANISATION)
def close(site_id: str) -> ResponseReturnValue:
    """Offer an address no longer."""
    close_site(writing_work(), SiteId(site_id))
    flash(gettext("Der Standort ist geschlossen. Einträge, die dort stehen, bleiben."))
    return redirect(url_for("accounts.sites"), 303)


def _page(form: SiteForm) -> str:
    work = current_work()
    return render_template(
        "accounts/sites.html",
        sites=own_sites(work),
        form=form,
        may_edit=may(work.actor, Action.EDIT_ORGANISATION),
    )
