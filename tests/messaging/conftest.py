"""Two organisations that talk, and one that has no part in it."""

from dataclasses import dataclass

import pytest

from marketplace.accounts.models import Person
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import PersonId, ThreadId
from marketplace.messaging.operations import post_message
from marketplace.messaging.queries import conversation
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.factories.messaging import make_thread
from tests.support.browser import Visitor
from tests.support.installation import Installation


@dataclass(frozen=True)
class Talk:
    """A conversation that the carpentry has opened with the farm, and the people around it."""

    installation: Installation
    carpenter: Person
    farmer: Person
    stranger: Person
    actors: dict[PersonId, Actor]
    thread_id: ThreadId

    @property
    def path(self) -> str:
        return f"/messages/{self.thread_id}"

    def browser_of(self, person: Person) -> Visitor:
        visitor = self.installation.visitor()
        sign_in(visitor, person)
        return visitor

    def actor(self, person: Person) -> Actor:
        return self.actors[person.id]

    def write(self, person: Person, body: str) -> None:
        with self.installation.work(actor=self.actor(person)) as work:
            post_message(work, self.thread_id, body)

    def unread(self, person: Person) -> int:
        with self.installation.work(actor=self.actor(person)) as work:
            return conversation(work, self.thread_id).unread


@pytest.fixture
def talk(installation: Installation) -> Talk:
    with installation.work() as work:
        farm = make_organisation(work, name="Hof am Bach")
        carpenter = make_person(
            work,
            email="tischlerei@a.example",
            organisation=make_organisation(work, name="Tischlerei"),
        )
        farmer = make_person(work, email="hof@a.example", organisation=farm)
        stranger = make_person(work, organisation=make_organisation(work, name="Schlosserei"))
        people = (carpenter, farmer, stranger)
        actors = {person.id: actor_of(work, person) for person in people}
        work.session.flush()
        work.session.expunge_all()
    with installation.work(actor=actors[carpenter.id]) as work:
        thread_id = make_thread(work, farm, title="Hubwagen 2 t").id
    return Talk(installation, carpenter, farmer, stranger, actors, thread_id)
