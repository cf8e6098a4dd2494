"""The start page, the page of a listing, and how an organisation writes one."""

from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from marketplace.accounts.desk import register_desk_section
from marketplace.accounts.permissions import Action
from marketplace.districts.web.context import register_navigation
from marketplace.foundation.errors import N_, InvalidInput, NotAllowed, StaleVersion
from marketplace.foundation.identifiers import ListingId, PhotoId
from marketplace.foundation.web.localisation import say
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.request_scope import (
    current_scope,
    current_services,
    current_work,
    writing_work,
)
from marketplace.foundation.web.uploads import accepts_uploads
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.listings import (
    archive_listing,
    create_draft,
    location_of_organisation,
    organisation_of_actor,
    pause_listing,
    publish_listing,
    update_listing,
)
from marketplace.listings.operations.photos import (
    PHOTO_FOLDER,
    add_photos,
    large_file,
    remove_photo,
    small_file,
)
from marketplace.listings.queries import (
    ListingParts,
    own_listing,
    parts_of,
    photo_by_id,
    visible_listing,
)
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.rules.drafts import (
    LONGEST_TITLE,
    ListingDraft,
    missing_for_publishing,
    problems_of,
)
from marketplace.listings.rules.photos import (
    LARGEST_BYTES,
    MOST_PHOTOS,
    CleanPhoto,
    UnusablePhoto,
    clean_photo,
)
from marketplace.listings.rules.states import ListingState
from marketplace.listings.web.desk import own_listings_section
from marketplace.listings.web.detail import render_listing
from marketplace.listings.web.editor import Difference, Editor, open_editor, warn
from marketplace.listings.web.forms import StartForm
from marketplace.listings.web.labels import title_of
from marketplace.search.interfaces import Facet, SearchRequest, Sort
from marketplace.search.web.cards import card_of_hit
from marketplace.search.web.labels import kind_label, register_kind_label
from marketplace.search.web.views import engine

blueprint = Blueprint("listings", __name__)

_NEWEST_SHOWN = 4
_FORM_BYTES = 1024 * 1024
_LARGEST_FORM = MOST_PHOTOS * LARGEST_BYTES + _FORM_BYTES
_A_DAY = 86_400
_NOTHING_ASKED: "MultiDict[str, str]" = MultiDict()

for _kind in KINDS.values():
    register_kind_label(_kind.key, _kind.plural)
register_desk_section(100, own_listings_section)
register_navigation(
    N_("Etwas anbieten"),
    "listings.choose_kind",
    order=90,
    action=Action.WRITE_LISTING,
    for_visitors=True,
    is_main=True,
)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A kind of resource on the start page."""

    key: str
    label: str
    url: str
    count: int


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Show the search, the kinds with their counts, and what is new."""
    work = current_work()
    request_ = SearchRequest(now=work.now(), sort=Sort.NEWEST, limit=_NEWEST_SHOWN)
    result = engine.search(work, request_)
    counts = result.facets[Facet.KIND]
    return render_template(
        "listings/start.html",
        query=_NOTHING_ASKED,
        tiles=[
            Tile(
                key=kind.key,
                label=kind_label(kind.key),
                url=url_for("search.search", kind=kind.key),
                count=counts.get(kind.key, 0),
            )
            for kind in KINDS.values()
        ],
        cards=[card_of_hit(hit, query=_NOTHING_ASKED, period=None) for hit in result.hits],
        has_more=result.total > len(result.hits),
    )


@blueprint.get("/listings/<listing_id>")
@public
def show(listing_id: str) -> ResponseReturnValue:
    """Show one listing."""
    work = current_work()
    return render_listing(work, visible_listing(work, ListingId(listing_id)))


@blueprint.get("/media/<photo_id>")
@public
def photo(photo_id: str) -> ResponseReturnValue:
    """Give a picture to everybody who may see its listing."""
    work = current_work()
    stored = photo_by_id(work, PhotoId(photo_id))
    name = small_file(stored.id) if request.args.get("size") == "small" else large_file(stored.id)
    response: Response = make_response(
        current_services().files.read(work.district_id, PHOTO_FOLDER, name)
    )
    response.mimetype = "image/webp"
    response.headers["Cache-Control"] = f"private, max-age={_A_DAY}"
    response.headers["Content-Disposition"] = "inline"
    response.set_etag(f"{stored.sha256}-{name}")
    return response.make_conditional(request)


@blueprint.get("/listings/new")
@requires(Action.WRITE_LISTING)
def choose_kind() -> ResponseReturnValue:
    """Ask what kind of resource it is."""
    return render_template("listings/choose_kind.html", kinds=list(KINDS.values()))


@blueprint.get("/listings/new/<kind>")
@requires(Action.WRITE_LISTING)
def new(kind: str) -> ResponseReturnValue:
    """Ask for pictures and a title; everything else comes with the draft."""
    return _start_page(_kind_or_404(kind), StartForm())


@blueprint.post("/listings/new/<kind>")
@accepts_uploads(_LARGEST_FORM)
@requires(Action.WRITE_LISTING)
def create(kind: str) -> ResponseReturnValue:
    """Keep a draft with what is there, and go on to its form."""
    resource_kind = _kind_or_404(kind)
    form = StartForm()
    if not form.validate():
        return _start_page(resource_kind, form), 422
    photos, problems = _cleaned(form.photos.data)
    work = writing_work()
    organisation = organisation_of_actor(work)
    draft = ListingDraft(
        kind=resource_kind,
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
    if editor.listing.state == ListingState.ARCHIVED:
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


@blueprint.post("/listings/<listing_id>/publish")
@requires(Action.WRITE_LISTING)
def publish(listing_id: str) -> ResponseReturnValue:
    """Let everybody see it; what is still missing is shown in its form."""
    identity = ListingId(listing_id)
    try:
        publish_listing(writing_work(), identity)
    except InvalidInput as refusal:
        editor = open_editor(current_work(), identity)
        editor.show(refusal.errors, refusal.values)
        return _edit_page(editor), 422
    return _shown_again(identity, gettext("Veröffentlicht. Andere finden Ihr Angebot ab jetzt."))


@blueprint.post("/listings/<listing_id>/pause")
@requires(Action.WRITE_LISTING)
def pause(listing_id: str) -> ResponseReturnValue:
    """Take it out of sight for a while."""
    pause_listing(writing_work(), ListingId(listing_id))
    return _shown_again(
        listing_id,
        gettext("Pausiert. Niemand sieht das Angebot, bis Sie es wieder veröffentlichen."),
    )


@blueprint.post("/listings/<listing_id>/archive")
@requires(Action.WRITE_LISTING)
def archive(listing_id: str) -> ResponseReturnValue:
    """Put it away for good."""
    archive_listing(writing_work(), ListingId(listing_id))
    return _shown_again(listing_id, gettext("Abgelegt. Nur Ihre Organisation sieht es noch."))


def _stored(listing_id: ListingId) -> ListingParts:
    """Read one's own listing again, after a transaction of its own has changed it."""
    work = current_work()
    return parts_of(work, own_listing(work, listing_id))


def _kind_or_404(key: str) -> ResourceKind:
    if key not in KINDS:
        abort(404)
    return KINDS[key]


def _start_page(kind: ResourceKind, form: StartForm) -> str:
    return render_template(
        "listings/new.html", kind=kind, form=form, most_photos=MOST_PHOTOS, longest=LONGEST_TITLE
    )


def _edit_page(editor: Editor, differences: list[Difference] | None = None) -> str:
    listing = editor.listing
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
        is_paused=listing.state == ListingState.PAUSED,
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
        raise InvalidInput({**missing_for_publishing(draft), **problems})
    if will_be_public or editor.listing.state != ListingState.DRAFT:
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
    if action == "publish":
        return _shown_again(
            listing_id, gettext("Veröffentlicht. Andere finden Ihr Angebot ab jetzt.")
        )
    return _shown_again(listing_id, gettext("Gespeichert."))


def _shown_again(listing_id: str, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("listings.show", listing_id=listing_id), 303)
