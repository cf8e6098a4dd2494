"""Who gives unnamed is known to nobody but the desk and those who accepted some of it.

The routes come from the application itself: a new page, file or answer is walked too.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.routing import Rule

from marketplace.accounts.models import Organisation, Person
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId, ThreadId
from marketplace.listings.models import Listing
from marketplace.listings.operations.favourites import add_favourite
from marketplace.listings.operations.index import reindex_listings
from marketplace.listings.operations.listings import draft_of, update_listing
from marketplace.listings.operations.questions import ask_about_listing
from marketplace.listings.queries import listing_by_id
from marketplace.messaging.operations import post_message
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.gifts import Given, make_given
from tests.factories.listings import make_listing
from tests.impact.handed_over import browser_of, hand_over, let_be_named, rename
from tests.support.browser import Visitor
from tests.support.installation import Installation
from tests.support.pdf import read_text

GIVER = "Sanatorium Wolkenburg"
TITLE = "Bürostühle"
# The exact place, and the moved point that all listings of the giver have there.
LAT, LON, PUBLIC_LAT, PUBLIC_LON = 52.14371913, 12.59612847, 52.14793731, 12.58437719
STREET = "Steinbrückenstraße 77"
# What a path takes besides ids of things: every other argument gets an id.
_NO_IDS = frozenset({"path", "version", "secret", "filename", "size", "key"})


@dataclass
class Unnamed:
    """An unnamed gift, the words that would give its giver away, and all that leads to it."""

    gift: Given
    secrets: tuple[str, ...]
    stranger: Actor
    strangers_address: str
    ids: dict[str, str]

    @property
    def installation(self) -> Installation:
        return self.gift.installation


@pytest.fixture
def unnamed(installation: Installation) -> Unnamed:
    gift = make_given(installation, quantity=60, attributes={"is_anonymous": True, "weight": 7})
    gift.add("Grundschule am Markt")
    gift.add("Sportverein Nord")
    rename(gift, gift.giver, name=GIVER)
    with installation.work() as work:
        organisation = work.session.get_one(Organisation, gift.giver.organisation_id)
        organisation.website = "https://wolkenburg.example"
        organisation.description = "Reha seit 1911."
        person = work.session.get_one(Person, gift.giver.person_id)
        person.name, person.email = "Empfang Haus Zwei", "post@wolkenburg.example"
        at_an_address = {
            "street": STREET,
            "lat": LAT,
            "lon": LON,
            "public_lat": PUBLIC_LAT,
            "public_lon": PUBLIC_LON,
            "precision": "address",
        }
        listing = listing_by_id(work, gift.listing_id)
        for name, value in at_an_address.items():
            setattr(organisation, name, value)
            setattr(listing, name, value)
        stranger = make_organisation(work, name="Tischlerei Süd")
        strangers_person = make_person(work, organisation=stranger)
        stranger_actor = actor_of(work, strangers_person)
        make_listing(work, stranger, kind="goods", title="Regale", terms_mode="give")
        make_listing(
            work,
            stranger,
            kind="goods",
            title=TITLE,
            direction="request",
            terms_mode="give",
        )
        work.session.flush()
        reindex_listings(work)
    let_be_named(gift, gift.giver, as_giver=True)
    secrets = (
        GIVER,
        "Wolkenburg",
        str(organisation.id),
        "wolkenburg.example",
        "Reha seit 1911",
        "Empfang Haus Zwei",
        STREET,
        *(str(number) for number in (LAT, LON, PUBLIC_LAT, PUBLIC_LON)),
    )
    ids = {"listing_id": gift.listing_id, "subject_id": gift.listing_id, "subject": "listing"}
    return Unnamed(
        gift=gift,
        secrets=secrets,
        stranger=stranger_actor,
        strangers_address=strangers_person.email,
        ids=ids,
    )


def talk(unnamed: Unnamed, name: str) -> ThreadId:
    """Let an organisation ask about the gift, and the giver answer."""
    gift = unnamed.gift
    with unnamed.installation.work(actor=gift.claimants[name]) as work:
        thread_id = ask_about_listing(work, gift.listing_id, "Sind Armlehnen dabei?").thread_id
    answer(unnamed, thread_id)
    return thread_id


def answer(unnamed: Unnamed, thread_id: ThreadId) -> None:
    with unnamed.installation.work(actor=unnamed.gift.giver) as work:
        post_message(work, thread_id, "Ja, an allen.")


def claimed(unnamed: Unnamed, name: str = "Sportverein Nord") -> ClaimId:
    """Let an organisation claim some of it, and the giver write in the conversation."""
    claim_id = unnamed.gift.claim(name, 20)
    thread_id = unnamed.gift.look_at(claim_id).thread_id
    answer(unnamed, thread_id)
    unnamed.ids |= {"claim_id": claim_id, "thread_id": thread_id}
    return claim_id


def offered(unnamed: Unnamed) -> ClaimId:
    claim_id = claimed(unnamed)
    with unnamed.installation.work(actor=unnamed.gift.giver) as work:
        allocate(work, unnamed.gift.listing_id, {claim_id: 20})
    return claim_id


def declined(unnamed: Unnamed) -> ClaimId:
    claim_id = claimed(unnamed)
    unnamed.gift.act(unnamed.gift.giver, claim_id, ClaimAction.DECLINE, note="Anders vergeben.")
    return claim_id


def not_collected(unnamed: Unnamed) -> ClaimId:
    claim_id = accepted(unnamed)
    unnamed.gift.act(unnamed.gift.giver, claim_id, ClaimAction.NO_SHOW, note="Niemand kam.")
    return claim_id


def accepted(unnamed: Unnamed) -> ClaimId:
    claim_id = offered(unnamed)
    with unnamed.installation.work(actor=unnamed.gift.claimants["Sportverein Nord"]) as work:
        act_on_claim(work, claim_id, ClaimAction.ACCEPT)
    return claim_id


def paths_of(unnamed: Unnamed) -> list[str]:
    """Give every address that can be opened, with the gift's ids where it takes one."""
    app = unnamed.installation.app
    adapter = app.url_map.bind(unnamed.gift.district.host)
    return [
        adapter.build(rule.endpoint, values, method="GET")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments & _NO_IDS
        for values in _values(unnamed, rule)
    ]


def _values(unnamed: Unnamed, rule: Rule) -> Iterator[dict[str, str]]:
    if rule.arguments - {"organisation_id"} != rule.arguments:
        return  # it takes the giver's id, which nobody has; the badge has tests of its own
    converters = {name: getattr(rule._converters[name], "items", None) for name in rule.arguments}
    values = {name: unnamed.ids.get(name, unnamed.gift.listing_id) for name in rule.arguments}
    choices = {name: sorted(items) for name, items in converters.items() if items}
    if not choices:
        yield values
    for name, options in choices.items():
        yield from ({**values, name: option} for option in options)


def walked(unnamed: Unnamed, visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Open all addresses and whatever their pages lead to; give what each of them says."""
    waiting, seen = paths_of(unnamed), set[object]()
    while waiting:
        path = waiting.pop()
        if _question(path) in seen or path.startswith(("/logout", "/static", "/dev/")):
            continue
        seen.add(_question(path))
        page = visitor.get(path, audit=False)
        yield path, read_text(page.response)
        if page.response.mimetype == "text/html" and page.status == 200:
            links = [str(link.get("href") or "").partition("#")[0] for link in page.all("a")]
            waiting += [link for link in links if link.startswith("/")]
    as_geojson = visitor.get("/api/v1/listings", Accept="application/geo+json")
    yield "/api/v1/listings as GeoJSON", as_geojson.text


def _question(path: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """Give what an address asks, in whatever order it asks it and is answered."""
    parts = urlsplit(path)
    return parts.path, frozenset(each for each in parse_qsl(parts.query) if each[0] != "sort")


def told(unnamed: Unnamed, found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what gave the giver away where."""
    return [(where, word) for where, text in found for word in unnamed.secrets if word in text]


def visitor_called(unnamed: Unnamed, who: str) -> Visitor:
    match who:
        case "nobody":
            return unnamed.installation.visitor()
        case "stranger":
            actor = unnamed.stranger
        case _:
            actor = unnamed.gift.claimants[who]
    with unnamed.installation.work(actor=actor) as work:
        add_favourite(work, unnamed.gift.listing_id)
    return browser_of(unnamed.gift, actor)


@pytest.mark.parametrize("who", ["nobody", "stranger", "Sportverein Nord"])
def test_no_page_feed_file_or_answer_names_the_giver(unnamed: Unnamed, who: str) -> None:
    hand_over(unnamed.gift, "Grundschule am Markt", 24)
    claimed(unnamed)
    talk(unnamed, "Sportverein Nord")

    found = dict(walked(unnamed, visitor_called(unnamed, who)))

    assert told(unnamed, found.items()) == []
    listing = f"/listings/{unnamed.gift.listing_id}"
    for path in ("/", "/search", listing, "/api/v1/listings", f"/api/v1{listing}"):
        assert path == "/" or TITLE in found[path]
    assert "Ungenannt" in found["/search"]
    assert "Ungenannt" in found[listing]
    assert "Bad Belzig" in found[listing]
    if who != "nobody":
        assert "Ungenannt · Bad Belzig" in found["/favourites"]
    if who == "Sportverein Nord":
        assert "Ungenannt" in found[f"/messages/{unnamed.ids['thread_id']}"]
        assert unnamed.ids["claim_id"] in found["/api/v1/claims"]


@pytest.mark.parametrize("reach", [claimed, offered, declined, not_collected])
def test_a_claim_names_the_giver_only_once_it_is_accepted(
    unnamed: Unnamed, reach: Callable[[Unnamed], ClaimId]
) -> None:
    reach(unnamed)

    found = dict(walked(unnamed, visitor_called(unnamed, "Sportverein Nord")))

    assert told(unnamed, found.items()) == []
    assert "Ungenannt" in found["/messages"]


def test_who_accepted_learns_who_gives_and_that_they_want_to_stay_unnamed(
    unnamed: Unnamed,
) -> None:
    claim_id = accepted(unnamed)
    recipient = visitor_called(unnamed, "Sportverein Nord")

    page = recipient.get(f"/messages/{unnamed.ids['thread_id']}")
    papers = recipient.get(f"/claims/{claim_id}/papers")
    claim = recipient.get(f"/api/v1/claims/{claim_id}").json

    assert GIVER in page.words
    assert STREET in page.words
    assert "möchte öffentlich ungenannt bleiben" in page.words
    assert "möchte öffentlich ungenannt bleiben" in papers.words
    assert (claim["giver"]["name"], claim["giver_stays_unnamed"]) == (GIVER, True)
    others = dict(walked(unnamed, visitor_called(unnamed, "stranger")))
    assert told(unnamed, others.items()) == []


def test_mails_to_others_do_not_name_the_giver(unnamed: Unnamed) -> None:
    installation, gift = unnamed.installation, unnamed.gift
    with installation.work(actor=gift.giver) as work:
        listing = listing_by_id(work, gift.listing_id)
        update_listing(work, listing.id, draft_of(work, listing), version=listing.version)
        work.enqueue("tell_of_matches", listing_id=listing.id)
    talk(unnamed, "Grundschule am Markt")
    declined(unnamed)
    installation.run_jobs()
    installation.clock.advance(timedelta(days=1))

    mails = installation.mails()

    own = {"post@wolkenburg.example"}
    foreign = [mail for mail in mails if mail["To"] not in own]
    texts = [
        (str(mail["Subject"]), f"{mail['Subject']} {part.get_content()}")
        for mail in foreign
        for part in mail.walk()
        if part.get_content_maintype() == "text"
    ]
    subjects = {subject for subject, _ in texts}
    assert any(f"Wird verschenkt: {TITLE}" in text for _, text in texts)
    assert f"Absage von Ungenannt: {TITLE}" in subjects
    assert f"Ungenannt schreibt zu: {TITLE}" in subjects
    assert told(unnamed, texts) == []


def test_the_givers_own_wish_is_no_match_for_them(unnamed: Unnamed) -> None:
    with unnamed.installation.work() as work:
        giver = work.session.get_one(Organisation, unnamed.gift.giver.organisation_id)
        make_listing(work, giver, kind="goods", title=TITLE, direction="request")
        work.enqueue("tell_of_matches", listing_id=unnamed.gift.listing_id)

    unnamed.installation.run_jobs()
    unnamed.installation.clock.advance(timedelta(days=1))
    told_of_it = {str(mail["To"]) for mail in unnamed.installation.mails()}

    assert told_of_it == {unnamed.strangers_address}


def test_neither_the_name_nor_the_id_of_the_giver_finds_the_gift(unnamed: Unnamed) -> None:
    visitor = unnamed.installation.visitor()
    giver_id = unnamed.gift.giver.organisation_id

    for query in (f"q={GIVER.replace(' ', '+')}", "q=Wolkenburg", f"organisation={giver_id}"):
        assert visitor.get(f"/api/v1/listings?{query}").json["total"] == 0
    assert visitor.get(f"/api/v1/listings?q={TITLE}").json["total"] == 1


def test_another_offer_from_the_same_address_stands_at_another_point(unnamed: Unnamed) -> None:
    with unnamed.installation.work() as work:
        giver = work.session.get_one(Organisation, unnamed.gift.giver.organisation_id)
        named = make_listing(work, giver, title="Hubwagen")
    visitor = unnamed.installation.visitor()

    gift, other = (
        visitor.get(f"/api/v1/listings/{listing_id}").json["location"]
        for listing_id in (unnamed.gift.listing_id, named.id)
    )

    assert (other["lat"], other["lon"]) == (PUBLIC_LAT, PUBLIC_LON)
    assert (gift["lat"], gift["lon"]) != (other["lat"], other["lon"])
    assert (gift["place"], gift["precision"]) == ("Bad Belzig", "place")


def test_the_choice_counts_from_the_moment_it_is_saved_and_can_be_taken_back(
    installation: Installation,
) -> None:
    gift = make_given(installation, title=TITLE)
    rename(gift, gift.giver, name=GIVER)

    def choose(*, is_unnamed: bool) -> None:
        browser_of(gift, gift.giver).send(
            f"/listings/{gift.listing_id}/edit",
            {"attributes.is_anonymous": "yes" if is_unnamed else "no", "action": "save"},
        )

    def shown() -> tuple[str | None, bool]:
        visitor = installation.visitor()
        (item,) = visitor.get(f"/api/v1/listings?q={TITLE}").json["items"]
        page = visitor.get(f"/listings/{gift.listing_id}").words
        return item["organisation"]["name"], GIVER in page

    choose(is_unnamed=False)
    before = shown()
    choose(is_unnamed=True)
    meanwhile = shown()
    choose(is_unnamed=False)

    assert before == (GIVER, True)
    assert meanwhile == (None, False)
    assert shown() == (GIVER, True)


def test_the_giver_and_the_desk_still_see_who_it_is(unnamed: Unnamed) -> None:
    path = f"/listings/{unnamed.gift.listing_id}"

    for actor in (unnamed.gift.giver, unnamed.gift.desk):
        visitor = browser_of(unnamed.gift, actor)
        assert GIVER in visitor.get(path).words
        assert visitor.get(f"/api/v1{path}").json["organisation"]["name"] == GIVER


def test_only_a_gift_is_given_unnamed(unnamed: Unnamed) -> None:
    with unnamed.installation.work() as work:
        listing = work.session.get_one(Listing, unnamed.gift.listing_id)
        listing.terms_mode = "lend"

    page = unnamed.installation.visitor().get(f"/listings/{unnamed.gift.listing_id}")

    assert GIVER in page.words
