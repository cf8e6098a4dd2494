"""`marketplace verify` finds what is wrong with the stored data, and nothing in good data."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, make_url, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Organisation
from marketplace.api.models import IdempotencyRecord
from marketplace.bookings.models import Booking, BookingStep
from marketplace.bookings.operations.answering import act_on_booking
from marketplace.bookings.operations.asking import ask_for_listing
from marketplace.bookings.operations.schedules import set_schedule
from marketplace.bookings.rules.schedules import ScheduleTerms
from marketplace.bookings.rules.states import BookingAction
from marketplace.cli.verify import INVARIANTS
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import new_id
from marketplace.foundation.jobs.outbox import OutboxJob
from marketplace.foundation.mail.models import OutgoingMail
from marketplace.foundation.photos import clean_photo
from marketplace.listings.models import Listing, Photo
from marketplace.listings.operations.photos import add_photos
from marketplace.messaging.models import Attachment, Message, Participant
from marketplace.messaging.operations import expect_files, post_message
from marketplace.messaging.rules.attachments import MediaType, check_file
from marketplace.search.models import SearchEntry
from tests.factories.accounts import actor_of, make_organisation, make_person
from tests.factories.bookings import make_request
from tests.factories.files import make_pdf
from tests.factories.listings import make_listing
from tests.support.installation import Installation


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def agreed(installation: Installation) -> Installation:
    """An installation with a hall, 25 of whose 40 pallet places are promised."""
    with installation.work() as work:
        owner = make_person(work, organisation=make_organisation(work))
        trader = make_person(work, organisation=make_organisation(work))
        owners, traders = actor_of(work, owner), actor_of(work, trader)
        organisation = work.session.get_one(Organisation, owners.organisation_id)
        listing = make_listing(work, organisation, kind="space", quantity=40, unit="pallet_place")
    with installation.work(actor=owners) as work:
        set_schedule(work, listing.id, ScheduleTerms())
        add_photos(work, listing.id, [clean_photo(picture())])
    with installation.work(actor=traders) as work:
        request = make_request(date(2027, 3, 1), date(2027, 3, 31), quantity=25)
        booking = ask_for_listing(work, listing.id, request)
    with installation.work(actor=owners) as work:
        act_on_booking(work, booking.id, BookingAction.ACCEPT)
        plan = check_file("Plan.pdf", make_pdf(), largest_bytes=1_000)
        files = expect_files(work, [plan])
        post_message(work, booking.thread_id, "Hier der Plan.", files=files)
    return installation


def broken(work: UnitOfWork) -> set[str]:
    return {each.id for each in INVARIANTS if list(each.check(work))}


def test_good_data_break_nothing(agreed: Installation) -> None:
    with agreed.work() as work:
        assert broken(work) == set()


def _too_many_pallets(work: UnitOfWork) -> None:
    work.session.execute(update(Booking).values(quantity=41))


def _a_smaller_hall(work: UnitOfWork) -> None:
    work.session.execute(update(Listing).values(quantity=24))
    work.session.execute(update(SearchEntry).values(quantity=24))


def _back_to_the_request(work: UnitOfWork) -> None:
    work.session.execute(
        update(BookingStep).where(BookingStep.position == 1).values(state="returned")
    )


def _a_state_without_step(work: UnitOfWork) -> None:
    work.session.execute(update(Booking).values(state="returned"))


def _a_lost_message(work: UnitOfWork) -> None:
    work.session.execute(update(Message).where(Message.position == 2).values(position=3))


def _read_ahead(work: UnitOfWork) -> None:
    work.session.execute(update(Participant).values(read_position=7))


def _lost_jobs(work: UnitOfWork) -> None:
    work.session.execute(delete(OutboxJob))


def _jobs_that_are_not_tried_again(work: UnitOfWork) -> None:
    work.session.execute(update(OutboxJob).values(parked_at=work.now()))


def _an_effect_without_answer(work: UnitOfWork) -> None:
    work.session.add(
        IdempotencyRecord(
            id=new_id(),
            person_id=work.session.scalars(select(Message.person_id)).first(),
            key="k",
            request_hash="h",
            status=0,
            headers={},
            body=None,
            created_at=work.now(),
        )
    )


def _a_lost_entry(work: UnitOfWork) -> None:
    work.session.execute(delete(SearchEntry))


def _an_entry_of_something_paused(work: UnitOfWork) -> None:
    work.session.execute(update(Listing).values(state="paused"))


def _another_picture(work: UnitOfWork) -> None:
    work.session.execute(update(Photo).values(sha256="0" * 64))


def _another_plan(work: UnitOfWork) -> None:
    work.session.execute(update(Attachment).values(sha256="0" * 64))


def _a_plan_without_file(work: UnitOfWork) -> None:
    work.session.execute(update(Attachment).values(media_type=MediaType.PICTURE))


def _a_mail_never_queued(work: UnitOfWork) -> None:
    work.session.execute(delete(OutgoingMail).where(OutgoingMail.event_key.endswith("-2")))


def _a_mail_for_no_morning(work: UnitOfWork) -> None:
    work.session.execute(update(OutgoingMail).values(state="collected"))


def _an_answer_without_effect(work: UnitOfWork) -> None:
    _an_effect_without_answer(work)
    work.session.flush()
    work.session.execute(
        update(IdempotencyRecord).values(
            status=201, headers={"Location": "https://a.example/api/v1/bookings/lost"}
        )
    )


def _a_step_twice_in_the_trail(work: UnitOfWork) -> None:
    booking_id = work.session.scalars(select(Booking.id)).one()
    work.record("step_booking", "booking", booking_id)


DAMAGES: dict[Callable[[UnitOfWork], None], str] = {
    _too_many_pallets: "I1",
    _a_smaller_hall: "I1",
    _back_to_the_request: "I7",
    _a_state_without_step: "I7",
    _a_lost_message: "I8",
    _read_ahead: "I8",
    _lost_jobs: "I9",
    _jobs_that_are_not_tried_again: "I9",
    _a_mail_for_no_morning: "I9",
    _a_mail_never_queued: "I9b",
    _a_step_twice_in_the_trail: "I14",
    _an_effect_without_answer: "I10",
    _an_answer_without_effect: "I10",
    _a_lost_entry: "I11",
    _an_entry_of_something_paused: "I11",
    _another_picture: "I13",
    _another_plan: "I13",
    _a_plan_without_file: "I13",
}


def test_each_damage_is_found_where_it_is(agreed: Installation) -> None:
    found = {}
    for damage in DAMAGES:
        with agreed.work() as work:
            step = work.session.begin_nested()
            damage(work)
            found[damage] = broken(work)
            step.rollback()

    assert found == {damage: {invariant} for damage, invariant in DAMAGES.items()}


def test_a_request_that_nothing_will_let_lapse_is_found(agreed: Installation) -> None:
    with agreed.work() as work:
        step = work.session.begin_nested()
        work.session.execute(update(Booking).values(state="requested", hold_until=work.now()))
        assert "I9b" not in broken(work)
        work.session.execute(delete(OutboxJob).where(OutboxJob.name == "lapse_booking"))
        assert "I9b" in broken(work)
        step.rollback()


def test_what_points_at_a_neighbour_is_found_where_the_database_let_it_in(
    agreed: Installation,
) -> None:
    with agreed.work(agreed.b) as work:
        neighbour = make_organisation(work).id
    with pytest.raises(IntegrityError), agreed.work() as work:
        work.session.execute(update(Message).values(organisation_id=neighbour))

    address = agreed.services.settings.database_url
    if address.startswith("sqlite"):  # where a connection may leave the keys unchecked
        with closing(sqlite3.connect(make_url(address).database or "")) as connection:
            connection.execute("UPDATE message SET organisation_id = ?", (neighbour,))
            connection.commit()
        with agreed.work() as work:
            assert broken(work) == {"I8", "I15"}
