"""The owner of an organisation says where it may be named, and sees what would stand there."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField

from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import own_organisation
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.impact.operations.choices import choose_engagement
from marketplace.impact.queries.engagement import own_choice
from marketplace.impact.web.badges import badge_of
from marketplace.impact.web.blueprint import blueprint


class EngagementForm(Form):
    """Two choices that do not depend on each other."""

    as_giver = BooleanField(lazy_gettext("Wir möchten als Gebende genannt werden"))
    as_recipient = BooleanField(lazy_gettext("Wir möchten als Empfangende genannt werden"))


@blueprint.get("/account/engagement")
@requires(Action.EDIT_ORGANISATION)
def choices() -> ResponseReturnValue:
    """Show what is chosen now."""
    choice = own_choice(current_work())
    chosen = {
        "as_giver": bool(choice and choice.as_giver),
        "as_recipient": bool(choice and choice.as_recipient),
    }
    return _page(EngagementForm(formdata=None, data=chosen))


@blueprint.post("/account/engagement")
@requires(Action.EDIT_ORGANISATION)
def choose() -> ResponseReturnValue:
    """Keep the choice; it counts at once."""
    form = EngagementForm()
    if not form.validate():
        return _page(form), 422
    choose_engagement(
        writing_work(),
        as_giver=bool(form.as_giver.data),
        as_recipient=bool(form.as_recipient.data),
    )
    flash(gettext("Gespeichert. Das gilt ab sofort."))
    return redirect(url_for("impact.choices"), 303)


@blueprint.get("/account/engagement/badge")
@requires(Action.EDIT_ORGANISATION)
def badge_snippet() -> ResponseReturnValue:
    """Show the badge for the own website and the lines that put it there."""
    work = current_work()
    organisation = own_organisation(work)
    badge = badge_of(work, organisation.id)
    choice = own_choice(work)
    return render_template(
        "impact/badge.html",
        badge=badge,
        address=f"{work.origin}{badge.path}" if badge else "",
        page=f"{work.origin}{url_for('impact.engagement')}",
        is_named=bool(choice and choice.as_giver),
    )


def _page(form: EngagementForm) -> str:
    organisation = own_organisation(current_work())
    return render_template("impact/choices.html", form=form, organisation=organisation)
