"""The lines of an own lot: what it consists of, thing by thing."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Optional

from marketplace.accounts.permissions import Action
from marketplace.donations.models import GiftLine
from marketplace.donations.operations.lines import add_line, change_line, own_gift, remove_line
from marketplace.donations.queries.lines import line_of, lines_of
from marketplace.donations.queries.notices import today_of
from marketplace.donations.rules.lines import CONDITIONS, DATA_CARRIERS, ItemLine, checked_line
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import Conflict, InvalidInput
from marketplace.foundation.identifiers import GiftLineId, ListingId
from marketplace.foundation.web.forms import DayField, DecimalCommaField, Form
from marketplace.foundation.web.localisation import format_day, say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_gift
from marketplace.listings.resource_kind import ChoiceAttribute
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.listings.web.panels import (
    DetailPanel,
    OwnLink,
    register_detail_panel,
    register_own_link,
)

blueprint = Blueprint("gift_lines", __name__)


class LineForm(Form):
    """One sort of thing."""

    name = StringField(lazy_gettext("Was ist es?"))
    quantity = IntegerField(lazy_gettext("Wie viele?"), [Optional()])
    condition = SelectField(lazy_gettext("Zustand"), choices=[], validate_choice=False)
    year_of_make = IntegerField(lazy_gettext("Baujahr"), [Optional()])
    dimensions = StringField(lazy_gettext("Maße"))
    weight = DecimalCommaField(lazy_gettext("Gewicht je Stück"))
    is_weight_estimated = BooleanField(lazy_gettext("Das Gewicht ist geschätzt"))
    data_carriers = SelectField(
        lazy_gettext("Sind Datenträger dabei?"), choices=[], validate_choice=False
    )
    inspected_on = DayField(lazy_gettext("Letzte elektrische Prüfung"), [Optional()])

    def line(self, work: UnitOfWork) -> ItemLine | None:
        """Give the line; None with its sentences at the fields."""
        if not self.validate():
            return None
        try:
            return checked_line(
                name=self.name.data or "",
                quantity=self.quantity.data,
                condition=self.condition.data or "",
                year_of_make=self.year_of_make.data,
                dimensions=self.dimensions.data or "",
                weight=(self.weight.raw_data or [""])[0],
                is_weight_estimated=bool(self.is_weight_estimated.data),
                data_carriers=self.data_carriers.data or "",
                inspected_on=self.inspected_on.data,
                today=today_of(work),
            )
        except InvalidInput as refusal:
            self.show_refusal(refusal)
            return None


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A line as the pages write it."""

    id: str
    name: str
    facts: str


@register_own_link
def lines_link(listing: Listing) -> OwnLink | None:
    """Lead from an own gift to what it consists of."""
    if not is_gift(listing):
        return None
    return OwnLink(gettext("Einzelne Posten"), url_for("gift_lines.show", listing_id=listing.id))


def lines_panel(work: UnitOfWork, listing: Listing) -> DetailPanel | None:
    """Give what a lot consists of, for everybody who sees it."""
    lines = lines_of(work, listing.id) if is_gift(listing) else ()
    if not lines:
        return None
    return DetailPanel(
        template="donations/lines_panel.html",
        context={"lines": [_view(listing, line) for line in lines]},
    )


register_detail_panel(lines_panel, order=5)


@blueprint.get("/listings/<listing_id>/lines")
@requires(Action.WRITE_LISTING)
def show(listing_id: str) -> ResponseReturnValue:
    """Show the lines, and the form for one more."""
    return _page(ListingId(listing_id))


@blueprint.post("/listings/<listing_id>/lines")
@requires(Action.WRITE_LISTING)
def add(listing_id: str) -> ResponseReturnValue:
    """Keep one more line, or show the page again with what has to be changed."""
    return _keep(ListingId(listing_id), None)


@blueprint.get("/listings/<listing_id>/lines/<line_id>")
@requires(Action.WRITE_LISTING)
def show_line(listing_id: str, line_id: str) -> ResponseReturnValue:
    """Show the lines, and the form for the one that is to be changed."""
    return _page(ListingId(listing_id), GiftLineId(line_id))


@blueprint.post("/listings/<listing_id>/lines/<line_id>")
@requires(Action.WRITE_LISTING)
def change(listing_id: str, line_id: str) -> ResponseReturnValue:
    """Write a line anew, or show the page again with what has to be changed."""
    return _keep(ListingId(listing_id), GiftLineId(line_id))


@blueprint.post("/listings/<listing_id>/lines/<line_id>/remove")
@requires(Action.WRITE_LISTING)
def remove(listing_id: str, line_id: str) -> ResponseReturnValue:
    """Take a line away."""
    remove_line(writing_work(), ListingId(listing_id), GiftLineId(line_id))
    flash(gettext("Entfernt."))
    return redirect(url_for("gift_lines.show", listing_id=listing_id), 303)


def _keep(listing_id: ListingId, line_id: GiftLineId | None) -> ResponseReturnValue:
    form = _form(request.form)
    own_gift(current_work(), listing_id)
    line = form.line(current_work())
    if line is None:
        return _page(listing_id, line_id, form=form), 422
    try:
        if line_id is None:
            add_line(writing_work(), listing_id, line)
        else:
            change_line(writing_work(), listing_id, line_id, line)
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _page(listing_id, line_id, form=form), 409
    flash(gettext("Gespeichert."))
    return redirect(url_for("gift_lines.show", listing_id=listing_id), 303)


def _page(
    listing_id: ListingId, line_id: GiftLineId | None = None, *, form: LineForm | None = None
) -> str:
    work = current_work()
    listing = own_gift(work, listing_id)
    lines = lines_of(work, listing_id)
    stored = line_of(work, listing_id, line_id) if line_id else None
    kind = KINDS[listing.kind]
    total = sum(line.quantity for line in lines)
    return render_template(
        "donations/lines.html",
        title=title_of(listing),
        listing_url=url_for("listings.show", listing_id=listing_id),
        lines=[_view(listing, line) for line in lines],
        form=form or _form(None, stored),
        is_change=stored is not None,
        lines_url=url_for("gift_lines.show", listing_id=listing_id),
        total=quantity_label(kind, total, listing.unit),
        offered=quantity_label(kind, listing.quantity, listing.unit),
        differs=bool(lines) and total != listing.quantity,
    )


def _form(data: object, stored: GiftLine | None = None) -> LineForm:
    values = (
        {
            **{name: getattr(stored, name) for name in ItemLine.__dataclass_fields__},
            "weight": stored.weight_kg,
        }
        if stored
        else {"data_carriers": DATA_CARRIERS[0], "condition": ""}
    )
    form = LineForm(data, **values)
    form.condition.choices = [("", gettext("bitte wählen")), *_choices("condition", CONDITIONS)]
    form.data_carriers.choices = _choices("data_carriers", DATA_CARRIERS)
    return form


def _choices(key: str, wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    """Give the answers of a question of goods that count here, in words."""
    attribute = KINDS["goods"].attribute(key)
    assert isinstance(attribute, ChoiceAttribute)  # noqa: S101 (the kind declares it)
    return [(each.key, gettext(each.label)) for each in attribute.options if each.key in wanted]


def _view(listing: Listing, line: GiftLine) -> LineView:
    conditions = dict(_choices("condition", CONDITIONS))
    facts = [
        quantity_label(KINDS[listing.kind], line.quantity, listing.unit),
        conditions.get(line.condition, ""),
    ]
    if line.year_of_make:
        facts.append(gettext("Baujahr %(year)s", year=line.year_of_make))
    if line.dimensions:
        facts.append(line.dimensions)
    if line.weight_kg:
        weight = f"{line.weight_kg:g}".replace(".", ",")
        facts.append(
            gettext("etwa %(weight)s kg je Stück", weight=weight)
            if line.is_weight_estimated
            else gettext("%(weight)s kg je Stück", weight=weight)
        )
    if line.inspected_on:
        facts.append(gettext("geprüft am %(day)s", day=format_day(line.inspected_on)))
    return LineView(id=line.id, name=line.name, facts=", ".join(each for each in facts if each))
