"""How an organisation writes a listing: the choice of kind, the first page, and its form."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from marketplace.accounts.permissions import Action
from marketplace.foundation.errors import Conflict, InvalidInput, NotAllowed, StaleVersion
from marketplace.foundation.identifiers import ListingId, PhotoId
from marketplace.foundation.photos import LARGEST_BYTES, CleanPhoto, UnusablePhoto, clean_photo
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.request_scope import current_scope, current_work, writing_work
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.life import check_changed, publish_listing, rulings_about
from marketplace.listings.operations.listings import (
    copy_listing,
    create_draft,
    draft_of,
    forget_kept_form,
    keep_form,
    location_of_organisation,
    organisation_of_actor,
    update_listing,
)
from marketplace.listings.operations.photos import add_photos, copy_photos, remove_photo
from marketplace.listings.queries import ListingParts, own_listing, parts_of
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.rules.drafts import (
    LONGEST_TITLE,
    ListingDraft,
    missing_for_publishing,
    problems_of,
)
from marketplace.listings.rules.gating import kept_back_by
from marketplace.listings.rules.photos import MOST_PHOTOS
from marketplace.listings.rules.states import COMPLETE, EDITABLE, Direction, ListingState
from marketplace.listings.web.blueprint import blueprint
from marketplace.listings.web.editor import Difference, Editor, open_editor, warn
from marketplace.listings.web.forms import StartForm, title_label
from marketplace.listings.web.labels import title_of
from marketplace.listings.web.rulings import shown_rulings

_FORM_BYTES = 1024 * 1024
_LARGEST_FORM = MOST_PHOTOS * LARGEST_BYTES + _FORM_BYTES
_MOST_KEPT_FIELDS = 1_000
# What is never kept: the key against forged requests, and pictures, which cannot be typed again.
_NOT_KEPT = ("csrf_token", "photos", "action")


@blueprint.get("/listings/new")
@requires(Action.WRITE_LISTING)
def choose_kind() -> ResponseReturnValue:
    """Ask what kind of resource it is."""
    return render_template(
        "listings/choose_kind.html",
        kinds=list(KINDS.values()),
        is_request=_direction() is Direction.REQUEST,
        title=_title_so_far(),
    )


@blueprint.get("/listings/new/<kind>")
@requires(Action.WRITE_LISTING)
def new(kind: str) -> ResponseReturnValue:
    """Ask for pictures and a title; everything else comes with the draft."""
    return _start_page(_kind_or_404(kind), _start_form())


@blueprint.post("/listings/new/<kind>")
@accepts_uploads(_LARGEST_FORM)
@requires(Action.WRITE_LISTING)
def create(kind: str) -> ResponseReturnValue:
    """Keep a draft with what is there, and go on to its form."""
    resource_kind = _kind_or_404(kind)
    form = _start_form()
    if not form.validate():
        return _start_page(resource_kind, form), 422
    photos, problems = _cleaned(form.photos.data if resource_kind.takes_photos else None)
    work = writing_work()
    organisation = organisation_of_actor(work)
    draft = ListingDraft(
        kind=resource_kind,
        direction=_direction(),
        title=(form.title.data or "").strip(),
        location=location_of_organisation(organisation),
    )
    try:
        listing = create_draft(work, organisation, draft)
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _start_page(resource_kind, form), 422
    add_photos(work, listing.id, photos)
    for problem in problems:
        flash(problem)
    return redirect(url_for("listings.edit", listing_id=listing.id), 303)


@blueprint.get("/listings/<listing_id>/edit")
@requires(Action.WRITE_LISTING)
def edit(listing_id: str) -> ResponseReturnValue:
    """Show the form of one's own listing."""
    editor = open_editor(current_work(), ListingId(listing_id))
    if editor.listing.state not in EDITABLE:
        return redirect(url_for("listings.show", listing_id=listing_id))
    return _edit_page(editor)


@blueprint.post("/listings/<listing_id>/edit")
@accepts_uploads(_LARGEST_FORM)
@requires(Action.WRITE_LISTING)
def save(listing_id: str) -> ResponseReturnValue:
    """Save what was typed; publish it too where that was asked for.

    Pictures, and what could be saved, stay saved when the rest is refused.
    """
    identity = ListingId(listing_id)
    editor = open_editor(current_work(), identity)
    action = request.form.get("action", "")
    problems = _keep_photos(identity, editor.form.photos.data, action)
    editor.parts = _stored(identity)
    try:
        _save_typed(editor, identity, will_be_public=action == "publish")
        if action == "publish" and editor.listing.state != ListingState.PUBLISHED:
            publish_listing(writing_work(), identity)
    except StaleVersion as refusal:
        return _stale_page(editor, identity, refusal)
    except Conflict as refusal:
        editor.show({"": refusal.message}, refusal.values)
        return _edit_page(editor), 409
    except InvalidInput as refusal:
        editor.show(refusal.errors, refusal.values)
        editor.form.photos.errors = [*editor.form.photos.errors, *problems]
        return _edit_page(editor), 422
    except NotAllowed as refusal:
        flash(say(refusal))
        return redirect(url_for("listings.show", listing_id=identity), 303)
    for problem in problems:
        flash(problem)
    return _after_saving(editor, identity, action, stays=bool(problems))


@blueprint.post("/listings/<listing_id>/keep")
@requires(Action.WRITE_LISTING)
def keep(listing_id: str) -> ResponseReturnValue:
    """Keep what is being typed, right or wrong; the browser sends it by itself."""
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT
    ]
    keep_form(writing_work(), ListingId(listing_id), fields[:_MOST_KEPT_FIELDS])
    return Response(status=204, mimetype="text/plain")


@blueprint.post("/listings/<listing_id>/discard")
@requires(Action.WRITE_LISTING)
def discard(listing_id: str) -> ResponseReturnValue:
    """Forget what was typed and not saved."""
    identity = ListingId(listing_id)
    own_listing(current_work(), identity)
    forget_kept_form(writing_work(), identity)
    flash(gettext("Verworfen. Sie sehen wieder, was gespeichert ist."))
    return redirect(url_for("listings.edit", listing_id=listing_id), 303)


@blueprint.post("/listings/<listing_id>/copy")
@requires(Action.WRITE_LISTING)
def copy(listing_id: str) -> ResponseReturnValue:
    """Begin a new draft from one's own listing."""
    work = writing_work()
    copied = copy_listing(work, ListingId(listing_id))
    copy_photos(work, ListingId(listing_id), copied.id)
    flash(gettext("Kopiert. Das ist ein neuer Entwurf, den nur Ihre Organisation sieht."))
    return redirect(url_for("listings.edit", listing_id=copied.id), 303)


def _stored(listing_id: ListingId) -> ListingParts:
    """Read one's own listing again, after a transaction of its own has changed it."""
    work = current_work()
    return parts_of(work, own_listing(work, listing_id))


def _kind_or_404(key: str) -> ResourceKind:
    if key not in KINDS:
        abort(404)
    return KINDS[key]


def _direction() -> Direction:
    """Give which side of the market the address speaks of."""
    wants = request.values.get("direction") == Direction.REQUEST
    return Direction.REQUEST if wants else Direction.OFFER


def _title_so_far() -> str:
    """Give what somebody searched for in vain and now asks for."""
    return request.args.get("title", "").strip()[:LONGEST_TITLE]


def _start_form() -> StartForm:
    form = StartForm()
    if request.method == "GET":
        form.title.data = _title_so_far()
    form.title.label.text = title_label(is_request=_direction() is Direction.REQUEST)
    return form


def _start_page(kind: ResourceKind, form: StartForm) -> str:
    return render_template(
        "listings/new.html",
        kind=kind,
        form=form,
        is_request=_direction() is Direction.REQUEST,
        most_photos=MOST_PHOTOS,
        longest=LONGEST_TITLE,
    )


def _edit_page(editor: Editor, differences: list[Difference] | None = None) -> str:
    work, listing = current_work(), editor.listing
    return render_template(
        "listings/edit.html",
        listing=listing,
        title=title_of(listing),
        kind=editor.form.kind,
        form=editor.form,
        photos=editor.parts.photos,
        organisation=listing.organisation,
        most_photos=MOST_PHOTOS,
        longest=LONGEST_TITLE,
        is_draft=listing.state == ListingState.DRAFT,
        is_request=editor.form.is_request,
        kept_at=editor.kept_at,
        rulings=shown_rulings(rulings_about(work, listing, draft_of(work, listing))),
        staff_reason=listing.staff_reason,
        can_publish=listing.state != ListingState.PUBLISHED,
        differences=differences,
        asks_confirmation=bool(editor.form.confirm_unusual.errors)
        or bool(editor.form.confirm_unusual.data),
    )


def _cleaned(uploads: list[FileStorage] | None) -> tuple[list[CleanPhoto], list[str]]:
    """Re-encode the pictures that were sent; gives a sentence for each that cannot be used."""
    sent = [
        upload for upload in uploads or [] if isinstance(upload, FileStorage) and upload.filename
    ]
    photos, problems = [], []
    for upload in sent[:MOST_PHOTOS]:
        try:
            photos.append(clean_photo(upload.read(LARGEST_BYTES + 1)))
        except UnusablePhoto as unusable:
            problems.append(f"{upload.filename}: {gettext(str(unusable))}")
    if len(sent) > MOST_PHOTOS:
        problems.append(gettext("Ein Angebot hat höchstens %(most)s Bilder.", most=MOST_PHOTOS))
    return photos, problems


def _keep_photos(
    listing_id: ListingId, uploads: list[FileStorage] | None, action: str
) -> list[str]:
    """Store new pictures and remove the one that was named, whatever comes of the rest."""
    photos, problems = _cleaned(uploads)
    removed = action.removeprefix("remove:") if action.startswith("remove:") else ""
    if not photos and not removed:
        return problems
    work = current_scope().aside()
    try:
        if removed:
            remove_photo(work, listing_id, PhotoId(removed))
        add_photos(work, listing_id, photos)
        work.finish()
    except InvalidInput as refusal:
        problems.append(say(refusal))
    finally:
        work.close()
    return problems


def _save_typed(editor: Editor, listing_id: ListingId, *, will_be_public: bool) -> None:
    """Store what was typed in a transaction of its own: a refusal to publish does not undo it."""
    draft = editor.read(current_work())
    problems = problems_of(draft, now=current_work().now())
    if will_be_public and problems:
        # All at once: what cannot be saved, and what is still missing.
        rulings = rulings_about(current_work(), editor.listing, draft)
        kept_back = kept_back_by(rulings)
        raise InvalidInput({**kept_back, **missing_for_publishing(draft), **problems})
    if will_be_public or editor.listing.state in COMPLETE:
        unusual = editor.unusual(current_work(), draft)
        if unusual:
            warn(editor.form, unusual)
            raise InvalidInput({})
    version = editor.form.version.data or ""
    work = current_scope().aside()
    try:
        listing = update_listing(
            work, listing_id, draft, version=int(version) if version.isdecimal() else 0
        )
        if listing.state == ListingState.PUBLISHED:
            check_changed(work, listing)
        work.finish()
        editor.form.version.data = str(listing.version)
    finally:
        work.close()
    editor.parts = _stored(listing_id)


def _stale_page(
    editor: Editor, listing_id: ListingId, refusal: StaleVersion
) -> ResponseReturnValue:
    """Show what was typed beside what is stored; saving again then overwrites knowingly."""
    editor.parts = _stored(listing_id)
    differences = editor.differences(current_work())
    editor.form.version.data = str(editor.listing.version)
    editor.form.form_errors.append(say(refusal))
    return _edit_page(editor, differences), 409


def _after_saving(
    editor: Editor, listing_id: ListingId, action: str, *, stays: bool
) -> ResponseReturnValue:
    if action.startswith("remove:") or stays:
        return redirect(url_for("listings.edit", listing_id=listing_id) + "#photos", 303)
    flash(saved_words(_stored(listing_id).listing.state, was_published=action == "publish"))
    return redirect(url_for("listings.show", listing_id=listing_id), 303)


def saved_words(state: str, *, was_published: bool) -> str:
    """Say what came of saving or publishing."""
    if state == ListingState.IN_REVIEW:
        return gettext(
            "Eingereicht. Die Ansprechstelle im Landkreis sieht es sich an; wir schreiben Ihnen."
        )
    if was_published:
        return gettext("Veröffentlicht. Andere finden es ab jetzt.")
    return gettext("Gespeichert.")


def refused_publishing(listing_id: ListingId, refusal: InvalidInput) -> ResponseReturnValue:
    """Show the form with what keeps the listing from being published."""
    editor = open_editor(current_work(), listing_id)
    editor.show(refusal.errors, refusal.values)
    return _edit_page(editor), 422
