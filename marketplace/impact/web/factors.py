"""The district's administrators enter factors of emissions, each with its source."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs

from marketplace.accounts.permissions import Action
from marketplace.foundation.errors import InvalidInput
from marketplace.foundation.typed_input import parse_count
from marketplace.foundation.web.forms import DecimalCommaField, Form, Needed, TextLength
from marketplace.foundation.web.localisation import current_language
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.impact.operations.factors import enter_factor, remove_factor
from marketplace.impact.queries.factors import all_factors
from marketplace.impact.rules.emissions import LONGEST_TEXT, FactorEntry
from marketplace.impact.web.blueprint import blueprint
from marketplace.impact.web.labels import category_label
from marketplace.listings.rules.categories import groups_of

# domain.md 8.2: an assumption, shown as one, that the staff may change.
_DISPLACEMENT: Mapping[str, str] = {"displacement_low": "20", "displacement_high": "80"}


class FactorForm(Form):
    """A factor with its source."""

    category = SelectField(lazy_gettext("Kategorie"), validate_choice=False)
    low = DecimalCommaField(lazy_gettext("kg CO2e je kg, unteres Ende"), [Needed()])
    high = DecimalCommaField(lazy_gettext("kg CO2e je kg, oberes Ende"), [Needed()])
    displacement_low = DecimalCommaField(
        lazy_gettext("Ersetzt einen Neukauf, unteres Ende"), [Needed()]
    )
    displacement_high = DecimalCommaField(
        lazy_gettext("Ersetzt einen Neukauf, oberes Ende"), [Needed()]
    )
    source_title = StringField(
        lazy_gettext("Titel der Quelle"), [Needed(), TextLength(most=LONGEST_TEXT)]
    )
    source_url = StringField(
        lazy_gettext("Adresse der Quelle"), [Needed(), TextLength(most=LONGEST_TEXT)]
    )
    year = StringField(lazy_gettext("Jahr, von dem die Quelle spricht"), [Needed()])
    licence = StringField(
        lazy_gettext("Lizenz der Quelle"), [Needed(), TextLength(most=LONGEST_TEXT)]
    )

    def offer_categories(self) -> None:
        """Offer the categories of goods, groups and leaves."""
        language = current_language()
        self.category.choices = [SelectChoice("", gettext("Bitte wählen"))]
        for group, leaves in groups_of("goods"):
            self.category.choices.append(SelectChoice(group.key, group.name_in(language)))
            self.category.choices += [
                SelectChoice(leaf.key, f"{group.name_in(language)}: {leaf.name_in(language)}")
                for leaf in leaves
            ]

    @property
    def entry(self) -> FactorEntry:
        """What was typed."""
        return FactorEntry(
            category=self.category.data or "",
            low=_number(self.low),
            high=_number(self.high),
            displacement_low=_number(self.displacement_low),
            displacement_high=_number(self.displacement_high),
            source_title=self.source_title.data or "",
            source_url=self.source_url.data or "",
            year=parse_count((self.year.data or "").strip()),
            licence=self.licence.data or "",
        )


@blueprint.get("/moderation/impact/factors")
@requires(Action.MANAGE_IMPACT)
def factors() -> ResponseReturnValue:
    """List the factors, and the form for another one."""
    return _page(FactorForm(formdata=None, data=_DISPLACEMENT))


@blueprint.post("/moderation/impact/factors")
@requires(Action.MANAGE_IMPACT)
def new_factor() -> ResponseReturnValue:
    """Keep a factor, or show the form again with what has to be changed."""
    form = FactorForm()
    form.offer_categories()
    if not form.validate():
        return _page(form), 422
    try:
        enter_factor(writing_work(), form.entry)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(form), 422
    flash(gettext("Gespeichert. Die Spanne steht ab jetzt bei den Zahlen, mit ihrer Quelle."))
    return redirect(url_for("impact.factors"), 303)


@blueprint.post("/moderation/impact/factors/<factor_id>/remove")
@requires(Action.MANAGE_IMPACT)
def drop_factor(factor_id: str) -> ResponseReturnValue:
    """Estimate nothing for its category any longer."""
    remove_factor(writing_work(), factor_id)
    flash(gettext("Entfernt. Für diese Kategorie stehen jetzt nur noch Kilogramm da."))
    return redirect(url_for("impact.factors"), 303)


def _number(field: DecimalCommaField) -> float | None:
    return None if field.data is None else float(field.data)


def _page(form: FactorForm) -> str:
    form.offer_categories()
    stored = [(each, category_label(each.category)) for each in all_factors(current_work())]
    return render_template("impact/factors.html", form=form, factors=stored)
