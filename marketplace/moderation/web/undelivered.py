"""Whom mails do not reach, so that the staff can ask for the right address."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from marketplace.accounts.desk import DeskLine, DeskSection
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import unreachable_people
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work
from marketplace.moderation.desk import register_review_section
from marketplace.moderation.web.blueprint import blueprint


@blueprint.get("/moderation/mails")
@requires(Action.VERIFY_ORGANISATION)
def undelivered_mails() -> ResponseReturnValue:
    """Show whom mails do not reach, since when, and what the mail servers say."""
    return render_template("moderation/mails.html", people=unreachable_people(current_work()))


def mails_section(work: UnitOfWork) -> DeskSection:
    """Lead to the page where there is somebody on it."""
    count = len(unreachable_people(work))
    line = DeskLine(
        title=ngettext(
            "%(num)s Person bekommt unsere Mails nicht",
            "%(num)s Personen bekommen unsere Mails nicht",
            count,
        ),
        url=url_for("moderation.undelivered_mails"),
        action_label=gettext("Ansehen"),
    )
    return DeskSection(
        key="mails",
        title=gettext("Unzustellbare Mails"),
        lines=(line,) if count else (),
        empty_text=gettext("Alle Mails kommen an."),
    )


register_review_section(mails_section)
