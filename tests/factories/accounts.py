"""People and organisations for tests; state only what matters."""

import itertools
from functools import cache

from marketplace.accounts.backends.password_hashing import hash_password
from marketplace.accounts.models import Membership, Organisation, Person, SignIn
from marketplace.accounts.permissions import MemberRole, StaffRole
from marketplace.accounts.queries import actor_for, hash_of
from marketplace.accounts.rules.organisations import OrganisationKind, VerificationState
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork, open_unit_of_work
from marketplace.foundation.identifiers import OrganisationId, PersonId, new_id, new_secret
from marketplace.foundation.settings import Environment
from marketplace.geo.rules.answers import Precision
from marketplace.geo.rules.points import Point
from tests.support.browser import Visitor

PASSWORD = "sieben Birnen im Korb"
BAD_BELZIG = Point(52.1418, 12.5927)

_numbers = itertools.count(1)


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD, Environment.TEST)


def make_organisation(
    work: UnitOfWork,
    *,
    name: str = "",
    kind: OrganisationKind = OrganisationKind.FIRM,
    state: VerificationState = VerificationState.VERIFIED,
    point: Point = BAD_BELZIG,
    postcode: str = "14806",
    place: str = "Bad Belzig",
    **changes: str | bool | float,
) -> Organisation:
    """Add an organisation, verified unless said, whose exact and public point is `point`."""
    organisation = Organisation(
        id=OrganisationId(new_id()),
        name=name or f"Betrieb {next(_numbers)}",
        kind=kind,
        state=state,
        postcode=postcode,
        place=place,
        created_at=work.now(),
        updated_at=work.now(),
        submitted_at=work.now(),
        **{
            "description": "",
            "website": "",
            "register_entry": "",
            "street": "Hauptstraße 1",
            "lat": point.lat,
            "lon": point.lon,
            "public_lat": point.lat,
            "public_lon": point.lon,
            "precision": Precision.PLACE,
            "lies_inside": True,
            "serves_district": False,
            "service_note": "",
            **changes,
        },
    )
    work.session.add(organisation)
    work.session.flush()
    return organisation


def make_person(
    work: UnitOfWork,
    *,
    email: str = "",
    name: str = "Ansprechperson",
    organisation: Organisation | None = None,
    role: MemberRole = MemberRole.OWNER,
    staff_role: StaffRole | None = None,
    confirmed: bool = True,
) -> Person:
    """Add a person whose password is PASSWORD; of an organisation or of the staff if said."""
    person = Person(
        id=PersonId(new_id()),
        email=email or f"person{next(_numbers)}@betrieb.example",
        name=name,
        password_hash=_password_hash(),
        staff_role=staff_role,
        email_confirmed_at=work.now() if confirmed else None,
        terms_version=1,
        terms_accepted_at=work.now(),
        disabled_at=None,
        created_at=work.now(),
    )
    work.session.add(person)
    work.session.flush()
    if organisation is not None:
        work.session.add(
            Membership(
                person_id=person.id,
                organisation_id=organisation.id,
                role=role,
                created_at=work.now(),
            )
        )
        work.session.flush()
    return person


def make_moderator(work: UnitOfWork, *, email: str = "") -> Person:
    """Add somebody of the district's staff."""
    return make_person(work, email=email, name="Prüfstelle", staff_role=StaffRole.MODERATOR)


def actor_of(work: UnitOfWork, person: Person) -> Actor:
    """Give the person as those who act in units of work."""
    return actor_for(work, person.id)


def sign_in(visitor: Visitor, person: Person) -> None:
    """Let a visitor of the person's district carry on as this person, without the form."""
    secret = new_secret()
    services = visitor.app.extensions["marketplace_services"]
    with open_unit_of_work(services, DistrictScope(person.district_id)) as work:
        work.session.add(
            SignIn(
                person_id=person.id,
                secret_hash=hash_of(secret),
                created_at=work.now(),
                last_seen_at=work.now(),
            )
        )
    visitor.keep_in_session(_user_id=secret, _fresh=True)
