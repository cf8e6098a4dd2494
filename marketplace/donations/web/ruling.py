"""What the district lays down for gifts: its rule of allocation, and where to find the rest."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField

from marketplace.accounts.desk import DeskLine, DeskSection, Tone
from marketplace.accounts.permissions import Action, may
from marketplace.donations.operations.ruling import set_rule
from marketplace.donations.queries.claims import rule_of_district, stored_rule
from marketplace.donations.queries.receipts import wording_for
from marketplace.donations.rules.allocation import POSSIBLE_RULES
from marketplace.donations.rules.wordings import FormVariant
from marketplace.donations.web.labels import rule_sentence
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.localisation import format_day
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.moderation.desk import register_review_section

blueprint = Blueprint("gift_rule", __name__)

_BETWEEN = ","


class RuleForm(Form):
    """In which order it is decided who comes first."""

    rule = RadioField(
        lazy_gettext("Wer kommt zuerst?"),
        choices=lambda: [(_BETWEEN.join(each), rule_sentence(each)) for each in POSSIBLE_RULES],
        validate_choice=False,  # the rules have a sentence for it
    )


def settings_section(work: UnitOfWork) -> DeskSection | None:
    """Give the administrators what the district lays down for gifts."""
    if not may(work.actor, Action.MANAGE_DONATIONS):
        return None
    lacking = sum(wording_for(work, each).is_sample for each in FormVariant)
    return DeskSection(
        key="gift-settings",
        title=gettext("Vorgaben für Spenden"),
        lines=(
            DeskLine(
                title=gettext("Regel für das Verteilen"),
                url=url_for("gift_rule.show"),
                action_label=gettext("Ansehen"),
                detail=rule_sentence(rule_of_district(work)),
            ),
            DeskLine(
                title=gettext("Wortlaut der Bestätigungen"),
                url=url_for("receipt_wordings.overview"),
                action_label=gettext("Ansehen"),
                detail=gettext("Ohne eigenen Wortlaut gibt es nur Entwürfe.") if lacking else "",
                state_label=gettext("Muster") if lacking else gettext("eigener Wortlaut"),
                tone=Tone.WARNING if lacking else Tone.SUCCESS,
            ),
        ),
        empty_text="",
    )


register_review_section(settings_section)


@blueprint.get("/moderation/gift-rule")
@requires(Action.MANAGE_DONATIONS)
def show() -> ResponseReturnValue:
    """Show the rule, as those who claim something read it."""
    current = _BETWEEN.join(rule_of_district(current_work()))
    return _page(RuleForm(formdata=None, rule=current))


@blueprint.post("/moderation/gift-rule")
@requires(Action.MANAGE_DONATIONS)
def change() -> ResponseReturnValue:
    """Lay another rule down, or show the page again with what has to be changed."""
    form = RuleForm()
    if not form.validate():
        return _page(form), 422
    try:
        set_rule(writing_work(), (form.rule.data or "").split(_BETWEEN))
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(form), 422
    flash(gettext("Gespeichert. Vorschläge folgen ab jetzt dieser Regel."))
    return redirect(url_for("gift_rule.show"), 303)


def _page(form: RuleForm) -> str:
    work = current_work()
    stored = stored_rule(work)
    return render_template(
        "donations/rule.html",
        form=form,
        rule=rule_sentence(rule_of_district(work)),
        since=format_day(stored.updated_at) if stored else "",
    )
