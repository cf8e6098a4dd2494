"""Choose when a gift is collected, and write down on the phone what was handed over."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.validators import InputRequired, Optional

from marketplace.accounts.permissions import Action
from marketplace.accounts.web.labels import organisation_label
from marketplace.bookings.rules.local_time import AmbiguousTime, NonexistentTime, local_instant
from marketplace.bookings.web.forms import ClockField
from marketplace.bookings.web.labels import clock_label, time_label
from marketplace.donations.models import Claim
from marketplace.donations.operations.collecting import (
    HANDOVER_FOLDER,
    LONGEST_CONDITION,
    choose_pickup,
    note_handover,
    photo_file,
)
from marketplace.donations.queries.claims import across_from, visible_claim
from marketplace.donations.queries.pickups import PickupTimes, handover_of, pickup_times
from marketplace.donations.rules.pickups import SLOT
from marketplace.donations.rules.states import ClaimAction, ClaimState, Side, actions_for
from marketplace.foundation.errors import Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.photos import LARGEST_BYTES, CleanPhoto, UnusablePhoto, clean_photo
from marketplace.foundation.typed_input import parse_instant
from marketplace.foundation.web.forms import DayField, Form, Needed, TextLength
from marketplace.foundation.web.localisation import format_day, say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.listings.kinds import KINDS
from marketplace.listings.web.labels import quantity_label, title_of
from marketplace.search.rules.windows import Window

blueprint = Blueprint("collecting", __name__)

# Twice what is taken: who sends somewhat too much gets a sentence in the form, with the text kept.
_LARGEST_BODY = 2 * LARGEST_BYTES


class SlotForm(Form):
    """One of the hours in which the giver is there."""

    start = RadioField(
        lazy_gettext("Wann kommen Sie?"),
        choices=[],
        validators=[InputRequired(lazy_gettext("Bitte wählen Sie eine Zeit."))],
        validate_choice=False,
    )

    def wanted(self, times: PickupTimes) -> Window | None:
        """Give the hour that was chosen; None with its sentence where there is none."""
        start = parse_instant(self.start.data or "")
        if start is None:
            self.start.errors = [gettext("Bitte wählen Sie eine Zeit.")]
            return None
        return Window(start, start + SLOT)

    def days(self, times: PickupTimes) -> list[tuple[str, list[Field]]]:
        """Give the hours to choose from below their day."""
        local = [slot.start.astimezone(times.zone).date() for slot in times.slots]
        by_day = groupby(zip(local, self.start, strict=True), key=lambda each: each[0])
        return [(format_day(day), [option for _, option in hours]) for day, hours in by_day]


class TimeForm(Form):
    """A day and a time, where the giver has named no hours."""

    day = DayField(lazy_gettext("Tag"), [Needed(lazy_gettext("Bitte geben Sie den Tag an."))])
    start = ClockField(
        lazy_gettext("Uhrzeit"), [InputRequired(lazy_gettext("Bitte geben Sie die Uhrzeit an."))]
    )

    def wanted(self, times: PickupTimes) -> Window | None:
        """Give the hour that begins then."""
        day, clock = self.day.data, self.start.data
        assert day is not None  # noqa: S101 (needed, and the form is valid)
        assert clock is not None  # noqa: S101
        try:
            start = local_instant(day, clock, times.zone)
        except (AmbiguousTime, NonexistentTime):
            self.start.errors = [gettext("Die Uhr wird dann umgestellt. Bitte etwas später.")]
            return None
        return Window(start, start + SLOT)


class HandoverForm(Form):
    """What both see in the yard."""

    quantity = IntegerField(
        lazy_gettext("Wie viel wurde übergeben?"),
        [InputRequired(lazy_gettext("Bitte geben Sie die Menge an."))],
    )
    condition = TextAreaField(
        lazy_gettext("Zustand"), [Optional(), TextLength(most=LONGEST_CONDITION)]
    )
    photo = FileField(
        lazy_gettext("Bild"),
        [Optional()],
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )

    def clean_photo(self) -> CleanPhoto | None:
        """Give the picture that was sent, None without; raises InvalidInput (`photo`)."""
        upload = self._upload()
        if upload is None:
            return None
        try:
            return clean_photo(upload.read(LARGEST_BYTES + 1))
        except UnusablePhoto as unusable:
            raise InvalidInput({"photo": str(unusable)}) from None

    def ask_again_for_photo(self) -> None:
        """Say that the picture has to be chosen again: browsers forget it."""
        if self._upload() is not None and not self.photo.errors:
            self.photo.errors = [gettext("Bitte wählen Sie die Datei noch einmal aus.")]

    def _upload(self) -> FileStorage | None:
        # A field left empty comes as a file without a name.
        sent = self.photo.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None


@dataclass(frozen=True, kw_only=True)
class ClaimView:
    """What the two pages say of a claim above their forms."""

    title: str
    other: str
    quantity: str
    back_url: str


@blueprint.get("/claims/<claim_id>/pickup")
@requires(Action.CLAIM_GIFT)
def pickup(claim_id: str) -> ResponseReturnValue:
    """Show when one can come."""
    return _pickup_page(ClaimId(claim_id))


@blueprint.post("/claims/<claim_id>/pickup")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.CLAIM_GIFT)
def choose(claim_id: str) -> ResponseReturnValue:
    """Keep the time, or show the page again with what has to be changed."""
    identity = ClaimId(claim_id)
    claim, _ = _claim_of_a_side(identity)
    times = pickup_times(current_work(), claim)
    form = _pickup_form(times)
    wanted = form.wanted(times) if form.validate() else None
    if wanted is None:
        return _pickup_page(identity, form=form), 422
    try:
        choose_pickup(writing_work(), identity, wanted)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _pickup_page(identity, form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _pickup_page(identity, form=form), 409
    flash(gettext("Eingetragen. Die andere Seite erfährt es per Mail."))
    return redirect(url_for("messaging.show", thread_id=claim.thread_id), 303)


@blueprint.get("/claims/<claim_id>/handover")
@requires(Action.CLAIM_GIFT)
def handover(claim_id: str) -> ResponseReturnValue:
    """Show the form for the yard."""
    return _handover_page(ClaimId(claim_id))


@blueprint.post("/claims/<claim_id>/handover")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.CLAIM_GIFT)
@accepts_uploads(_LARGEST_BODY)
def hand_over(claim_id: str) -> ResponseReturnValue:
    """Write it down; the other side confirms it."""
    identity, form = ClaimId(claim_id), HandoverForm()
    claim, _ = _claim_of_a_side(identity)
    if not form.validate():
        return _handover_page(identity, form=form), 422
    try:
        photo = form.clean_photo()
        note_handover(
            writing_work(),
            identity,
            quantity=form.quantity.data,
            condition=form.condition.data or "",
            photo=photo,
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _handover_page(identity, form=form), 422
    except Conflict as conflict:
        form.form_errors.append(say(conflict))
        return _handover_page(identity, form=form), 409
    flash(gettext("Festgehalten. Die andere Seite bestätigt es; sie erfährt es per Mail."))
    return redirect(url_for("messaging.show", thread_id=claim.thread_id), 303)


@blueprint.get("/claims/<claim_id>/handover/photo")
@requires(Action.USE_ACCOUNT)
def photo(claim_id: str) -> ResponseReturnValue:
    """Give the picture to those who take part."""
    work = current_work()
    claim, _ = visible_claim(work, ClaimId(claim_id))
    stored = handover_of(work, claim.id)
    if stored is None or not stored.photo_sha256:
        raise NotFound
    content = work.services.files.read(work.district_id, HANDOVER_FOLDER, photo_file(stored.id))
    return Response(
        content, mimetype="image/webp", headers={"Cache-Control": "private, max-age=86400"}
    )


def _claim_of_a_side(claim_id: ClaimId) -> tuple[Claim, Side]:
    claim, side = visible_claim(current_work(), claim_id)
    if side is Side.DESK:
        raise NotFound
    return claim, side


def _view(claim: Claim, side: Side) -> ClaimView:
    listing = claim.listing
    return ClaimView(
        title=title_of(listing),
        other=organisation_label(across_from(claim, side).name),
        quantity=quantity_label(KINDS[listing.kind], claim.granted or claim.wanted, claim.unit),
        back_url=url_for("messaging.show", thread_id=claim.thread_id),
    )


def _pickup_form(times: PickupTimes, *, chosen: datetime | None = None) -> SlotForm | TimeForm:
    data = None if request.method == "GET" else request.form
    if times.is_unlimited:
        return TimeForm(data)
    form = SlotForm(data, start=chosen.isoformat() if chosen else None)
    form.start.choices = [
        SelectChoice(slot.start.isoformat(), clock_label(slot.start, times.zone))
        for slot in times.slots
    ]
    return form


def _pickup_page(claim_id: ClaimId, *, form: SlotForm | TimeForm | None = None) -> str:
    work = current_work()
    claim, side = _claim_of_a_side(claim_id)
    times = pickup_times(work, claim)
    form = form or _pickup_form(times, chosen=claim.pickup_starts_at)
    return render_template(
        "donations/pickup.html",
        claim=_view(claim, side),
        is_possible=claim.state == ClaimState.ACCEPTED,
        form=form,
        days=form.days(times) if isinstance(form, SlotForm) else [],
        has_slots=not times.is_unlimited,
        chosen=time_label(claim.pickup_starts_at, claim.pickup_ends_at, times.zone)
        if claim.pickup_starts_at and claim.pickup_ends_at
        else "",
    )


def _handover_page(claim_id: ClaimId, *, form: HandoverForm | None = None) -> str:
    claim, side = _claim_of_a_side(claim_id)
    form = form or HandoverForm(formdata=None, quantity=claim.granted)
    form.ask_again_for_photo()
    return render_template(
        "donations/handover.html",
        claim=_view(claim, side),
        is_possible=ClaimAction.HAND_OVER in actions_for(side, claim.standing),
        form=form,
    )
