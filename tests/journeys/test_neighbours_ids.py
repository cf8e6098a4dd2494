"""For every route with an id in it, the neighbour's id is 404: generated from the routes."""

from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from marketplace.accounts.models import ApiToken, Membership, Organisation, Person, SignIn, Site
from marketplace.accounts.queries import hash_of
from marketplace.bookings.models import Booking, Closure
from marketplace.donations.models import (
    Claim,
    ExemptionNotice,
    GiftLine,
    Handover,
    Receipt,
    ReceiptWording,
)
from marketplace.donations.operations.collecting import HANDOVER_FOLDER, photo_file
from marketplace.donations.operations.notices import NOTICE_FOLDER, stored_copy
from marketplace.donations.queries.receipts import PAPER_FOLDER, receipt_file
from marketplace.donations.rules.wordings import FormVariant, sample_wording
from marketplace.foundation.identifiers import new_secret
from marketplace.impact.models import Effect, EmissionFactor, EngagementChoice
from marketplace.listings.models import Listing, Photo
from marketplace.messaging.models import Attachment, Message, Participant, Thread
from marketplace.messaging.operations import ATTACHMENT_FOLDER, stored_file
from marketplace.moderation.models import Report
from tests.support.installation import Installation, TestDistrict
from tests.support.rows import make_row, row_values

# Arguments that are no ids of rows: paths of files, versions, secrets with tests of their own.
_NO_IDS = frozenset({"path", "version", "secret", "kind", "key", "filename", "size", "subject"})


def routes_with_ids(app: Flask) -> list[tuple[Rule, str]]:
    """Give each route and method that takes the id of a row."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        if set(rule.arguments) - _NO_IDS
    ]


def make_everything(installation: Installation, district: TestDistrict) -> dict[str, str]:
    """Make one visible thing of each sort, and a person who owns it all and is staff too."""
    now = installation.clock.now()
    secret = new_secret()
    with installation.work(district) as work:
        person = make_row(work.session, Person, district.id)
        person.staff_role, person.disabled_at = "district_admin", None
        organisation = make_row(work.session, Organisation, district.id)
        organisation.state, organisation.kind = "submitted", "firm"
        work.session.add_all(
            [
                Membership(
                    person_id=person.id,
                    organisation_id=organisation.id,
                    role="owner",
                    created_at=now,
                ),
                SignIn(
                    person_id=person.id,
                    secret_hash=hash_of(secret),
                    created_at=now,
                    last_seen_at=now,
                ),
            ]
        )
        listing = Listing(**_listing_values(work.session, district, organisation.id, now))
        work.session.add(listing)
        work.session.flush()
        photo = Photo(**{**row_values(work.session, Photo, district.id), "listing_id": listing.id})
        thread = make_row(work.session, Thread, district.id)
        thread.subject, thread.subject_id = "listing", listing.id
        booking = Booking(
            **{
                **row_values(work.session, Booking, district.id),
                "listing_id": listing.id,
                "organisation_id": organisation.id,
                "person_id": person.id,
                "thread_id": thread.id,
                "state": "requested",
                "proposed_by": "asker",
                "hold_until": installation.clock.now(),
            }
        )
        participant = Participant(
            thread_id=thread.id, organisation_id=organisation.id, read_position=0
        )
        message = Message(
            **{
                **row_values(work.session, Message, district.id),
                "thread_id": thread.id,
                "organisation_id": organisation.id,
            }
        )
        work.session.add(message)
        work.session.flush()
        attachment = Attachment(
            **{**row_values(work.session, Attachment, district.id), "message_id": message.id}
        )
        work.services.files.put(district.id, ATTACHMENT_FOLDER, stored_file(attachment), b"a file")
        report = Report(
            **{
                **row_values(work.session, Report, district.id),
                "subject": "message",
                "subject_id": message.id,
                "category": "other",
                "decision": None,
                "decided_at": None,
            }
        )
        notice = ExemptionNotice(
            **{
                **row_values(work.session, ExemptionNotice, district.id),
                "organisation_id": organisation.id,
                "kind": "exemption",
                "state": "submitted",
            }
        )
        work.services.files.put(district.id, NOTICE_FOLDER, stored_copy(notice), b"a copy")
        site = Site(
            **{
                **row_values(work.session, Site, district.id),
                "organisation_id": organisation.id,
                "closed_at": None,
            }
        )
        work.session.add(site)
        closure = Closure(
            **{**row_values(work.session, Closure, district.id), "listing_id": listing.id}
        )
        claim = Claim(
            **{
                **row_values(work.session, Claim, district.id),
                "listing_id": listing.id,
                "organisation_id": organisation.id,
                "person_id": person.id,
                "thread_id": make_row(work.session, Thread, district.id).id,
                "state": "submitted",
                "intended_use": "own_purpose",
                "handed_over_by": None,
            }
        )
        line = GiftLine(
            **{**row_values(work.session, GiftLine, district.id), "listing_id": listing.id}
        )
        work.session.add_all(
            [photo, booking, participant, closure, report, attachment, notice, claim, line]
        )
        work.session.flush()
        handover = Handover(
            **{**row_values(work.session, Handover, district.id), "claim_id": claim.id}
        )
        work.services.files.put(district.id, HANDOVER_FOLDER, photo_file(handover.id), b"a picture")
        work.session.add(handover)
        receipt = Receipt(
            **{
                **row_values(work.session, Receipt, district.id),
                "claim_id": claim.id,
                "organisation_id": organisation.id,
                "state": "issued",
                "sha256": sha256(b"a paper").hexdigest(),
            }
        )
        work.services.files.put(district.id, PAPER_FOLDER, receipt_file(receipt.id), b"a paper")
        work.session.add(receipt)
        wording = ReceiptWording(
            **{
                **row_values(work.session, ReceiptWording, district.id),
                "variant": FormVariant.PUBLIC,
                "texts": sample_wording(FormVariant.PUBLIC).texts,
            }
        )
        work.session.add(wording)
        work.session.add(_thanked(work.session, district, organisation.id, listing.id, now))
        choice = EngagementChoice(
            organisation_id=organisation.id, as_giver=True, as_recipient=True, updated_at=now
        )
        work.session.add(choice)
        work.session.flush()
        return {
            "secret": secret,
            "listing_id": listing.id,
            "photo_id": photo.id,
            "thread_id": thread.id,
            "attachment_id": attachment.id,
            "booking_id": booking.id,
            "closure_id": closure.id,
            "claim_id": claim.id,
            "receipt_id": receipt.id,
            "line_id": line.id,
            "wording_id": wording.id,
            "action": "accept",
            "subject": "listing",
            "subject_id": listing.id,
            "report_id": report.id,
            "organisation_id": organisation.id,
            "person_id": person.id,
            "site_id": site.id,
            "notice_id": notice.id,
            "factor_id": make_row(work.session, EmissionFactor, district.id).id,
            "token_id": make_row(work.session, ApiToken, district.id).id,
            "sign_in_id": make_row(work.session, SignIn, district.id).id,
        }


def _thanked(
    session: Any,  # noqa: ANN401 (a session of any kind)
    district: TestDistrict,
    organisation_id: str,
    listing_id: str,
    now: Any,  # noqa: ANN401
) -> Effect:
    return Effect(
        **{
            **row_values(session, Effect, district.id),
            "listing_id": listing_id,
            "giver_id": organisation_id,
            "year": now.year,
            "is_anonymous": False,
        }
    )


def _listing_values(
    session: Any,  # noqa: ANN401 (a session of any kind)
    district: TestDistrict,
    organisation_id: str,
    now: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return {
        **row_values(session, Listing, district.id),
        "organisation_id": organisation_id,
        "kind": "goods",
        "terms_mode": "give",
        "direction": "offer",
        "state": "published",
        "unit": "piece",
        "currency": "EUR",
        "insurance": "to_be_agreed",
        "published_at": now,
        "valid_until": now.replace(year=now.year + 1),
    }


def answer(
    installation: Installation,
    district: TestDistrict,
    rule: Rule,
    method: str,
    ids: dict[str, str],
    *,
    secret: str,
) -> int:
    """Give the status for a person of `district` who asks with those ids."""
    client = installation.app.test_client()
    base_url = f"http://{district.host}"
    with client.session_transaction(base_url=base_url) as session:
        session["_user_id"] = secret
        session["_fresh"] = True
    values = {name: ids.get(name, "x") for name in rule.arguments}
    path = installation.app.url_map.bind(district.host).build(rule.endpoint, values, method=method)
    response = client.open(path, method=method, base_url=base_url, data={"anything": "1"})
    return response.status_code


@pytest.fixture
def open_installation(installation: Installation) -> Installation:
    """Switch the form tokens off: they would refuse before the id is looked at."""
    installation.app.config["WTF_CSRF_ENABLED"] = False
    return installation


def test_every_id_in_a_route_is_one_we_can_make(installation: Installation) -> None:
    known = set(make_everything(installation, installation.a))

    unknown = {
        name
        for rule, _ in routes_with_ids(installation.app)
        for name in set(rule.arguments) - _NO_IDS - known
    }

    assert unknown == set()


def test_the_neighbours_id_is_not_found_on_any_route(open_installation: Installation) -> None:
    installation = open_installation
    own = make_everything(installation, installation.a)
    neighbours = make_everything(installation, installation.b)
    routes = routes_with_ids(installation.app)

    statuses = {
        f"{method} {rule.rule}": answer(
            installation, installation.a, rule, method, neighbours, secret=own["secret"]
        )
        for rule, method in routes
    }

    assert len(routes) >= 8
    assert {route for route, status in statuses.items() if status != 404} == set()


def test_ones_own_id_is_found_on_every_route(open_installation: Installation) -> None:
    installation = open_installation
    own = make_everything(installation, installation.a)

    missing = {
        f"{method} {rule.rule}"
        for rule, method in routes_with_ids(installation.app)
        if method == "GET"
        and answer(installation, installation.a, rule, method, own, secret=own["secret"]) == 404
    }

    # Pictures that nobody has taken here.
    pictures = ("/media/", "/handover/photo")
    assert {route for route in missing if not any(each in route for each in pictures)} == set()
