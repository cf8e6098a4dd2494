"""An offer, those who own it and those who want some of it, each with a browser of their own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.accounts.models import Person
from marketplace.bookings.operations.schedules import add_closure, set_schedule
from marketplace.bookings.rules.schedules import ScheduleTerms
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ListingId
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Found
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.bookings import whole_days
from tests.factories.listings import make_listing
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation, TestDistrict


@dataclass(frozen=True)
class Offered:
    """What is offered, and people by what they are: "owner" and those who ask."""

    installation: Installation
    district: TestDistrict
    people: dict[str, Person]
    listing_id: ListingId

    @property
    def page(self) -> str:
        """The offer's page."""
        return f"/listings/{self.listing_id}"

    def browser_of(self, who: str) -> Visitor:
        """Open a browser that is signed in as one of them."""
        visitor = self.installation.visitor(self.district)
        sign_in(visitor, self.people[who])
        return visitor

    def ask(
        self,
        who: str,
        quantity: int,
        first: date,
        last: date,
        *,
        browser: Visitor | None = None,
    ) -> Page:
        """Fill the form on the offer's page and send it."""
        typed = {
            "start": first.isoformat(),
            "end": last.isoformat(),
            "quantity": str(quantity),
            "message": "Wir kommen mit dem eigenen Wagen.",
        }
        visitor = browser or self.browser_of(who)
        return visitor.send(f"{self.page}/ask", typed, form_at=self.page)

    def act(self, who: str, conversation: Page, action: str, **typed: str) -> Page:
        """Fill the form of an action above a conversation and send it."""
        browser = self.browser_of(who)
        path = next(
            str(form.get("action"))
            for form in browser.get(conversation.path).all("form")
            if str(form.get("action")).endswith(f"/{action}")
        )
        return browser.send(path, typed, form_at=conversation.path)

    def close(self, first: date, last: date, note: str = "") -> None:
        """Let the owner close it for whole days."""
        with self.installation.work(self.district, actor=self._owner()) as work:
            add_closure(work, self.listing_id, whole_days(first, last), note=note)

    def set_schedule(self, terms: ScheduleTerms) -> None:
        """Let the owner set hours by the week and terms of time."""
        with self.installation.work(self.district, actor=self._owner()) as work:
            set_schedule(work, self.listing_id, terms)

    def _owner(self) -> Actor:
        with self.installation.work(self.district) as work:
            return actor_of(work, self.people["owner"])


def make_offered(
    installation: Installation,
    *,
    district: TestDistrict | None = None,
    places: dict[str, str] | None = None,
    **listing: Any,  # noqa: ANN401 (any column of a listing)
) -> Offered:
    """Add an offer and those who ask, by where they have their seat; Bad Belzig unless said."""
    district = district or installation.a
    people = {}
    with installation.work(district) as work:
        for who, place in (places or {"owner": "", "trader": "", "grocer": ""}).items():
            seat: dict[str, Any] = {}
            if place:
                found = GazetteerGeocoder(work.session).locate(place)
                assert isinstance(found, Found), place
                seat = {"point": found.point, "place": place}
            organisation = make_organisation(work, name=f"Betrieb {who}", **seat)
            people[who] = make_person(work, email=f"{who}@a.example", organisation=organisation)
            if who == "owner":
                listing_id = make_listing(work, organisation, **listing).id
        work.session.flush()
        work.session.expunge_all()
    return Offered(installation, district, people, listing_id)
