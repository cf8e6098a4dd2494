"""Fill an empty database with what a profile file says."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from marketplace.accounts.backends.password_hashing import hash_password
from marketplace.accounts.models import Membership, Organisation, Person, VerificationDecision
from marketplace.accounts.operations.locations import settle_location
from marketplace.accounts.operations.organisations import write_details, write_location
from marketplace.accounts.operations.staff import create_staff
from marketplace.accounts.operations.tokens import token_of
from marketplace.accounts.permissions import MemberRole, StaffRole
from marketplace.accounts.rules.locations import Address, PlaceClaim
from marketplace.accounts.rules.organisations import (
    OrganisationDetails,
    OrganisationKind,
    VerificationState,
)
from marketplace.accounts.rules.tokens import Scope
from marketplace.cli.context import CommandContext
from marketplace.districts.operations import import_district
from marketplace.districts.queries import current_text
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import (
    DistrictId,
    ListingId,
    OrganisationId,
    PersonId,
    new_id,
)
from marketplace.listings.operations.imports import Importer
from marketplace.listings.queries import listings_by_import_key
from marketplace.listings.rules.csv_mapping import CsvRow
from marketplace.listings.rules.drafts import ZONE

_HERE = Path(__file__).parent
_EXAMPLES = Path(__file__).parents[2] / "districts" / "examples"
# One for all: they are printed, and a profile fills no database of production.
PASSWORD = "Apfel Birne Quitte 7"  # noqa: S105 (no secret)


@dataclass(frozen=True, kw_only=True)
class SeededActor:
    """Who can sign in."""

    email: str
    password: str
    token: str
    organisation: OrganisationId | None


@dataclass(kw_only=True)
class Seeded:
    """What was made, by the keys of the contract, section 5."""

    districts: dict[str, dict[str, str]] = field(default_factory=dict)
    actors: dict[str, SeededActor] = field(default_factory=dict)
    listings: dict[str, ListingId] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the answer of the contract, section 5."""
        return {
            "districts": self.districts,
            "actors": {
                key: {
                    "email": actor.email,
                    "password": actor.password,
                    "token": actor.token,
                    "organisation": actor.organisation,
                }
                for key, actor in self.actors.items()
            },
            "listings": self.listings,
        }


def read_profile(name: str) -> Mapping[str, Any]:
    """Read a profile; `acceptance` is the demo and further organisations."""
    demo = tomllib.loads((_HERE / "demo.toml").read_text(encoding="utf-8"))
    if name == "demo":
        return demo
    extra = tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
    for district in demo["districts"]:
        district["organisations"] += [
            entry for entry in extra["extra_organisations"] if entry["district"] == district["key"]
        ]
    return demo


def fill(context: CommandContext, profile: Mapping[str, Any]) -> Seeded:
    """Open the profile's districts and make all it names; each organisation is one transaction."""
    seeded = Seeded()
    password_hash = hash_password(PASSWORD, context.services.settings.environment)
    for entry in profile["districts"]:
        with context.platform_work() as work:
            report = import_district(work, _EXAMPLES / entry["slug"])
        host = f"{entry['slug']}.localhost"
        seeded.districts[entry["key"]] = {"slug": entry["slug"], "host": host}
        _fill_district(context, report.district_id, entry, seeded, password_hash)
    return seeded


def _fill_district(
    context: CommandContext,
    district_id: DistrictId,
    entry: Mapping[str, Any],
    seeded: Seeded,
    password_hash: str,
) -> None:
    staff_ids = []
    for person in entry.get("staff", ()):
        email = _email(person["key"], entry["slug"])
        with context.district_work(district_id) as work:
            made = create_staff(
                work,
                email,
                StaffRole(person["role"]),
                name=person["name"],
                password_hash=password_hash,
            )
            token = _token(work, made.person_id)
        staff_ids.append(made.person_id)
        seeded.actors[person["key"]] = SeededActor(
            email=email, password=PASSWORD, token=token, organisation=None
        )
    for organisation in _organisations(entry):
        with context.district_work(district_id) as work:
            _add_organisation(
                work, organisation, entry["slug"], seeded, password_hash, verified_by=staff_ids[-1]
            )


def _organisations(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the organisations; one with `count` stands for so many, numbered from 01."""
    for organisation in entry["organisations"]:
        count = organisation.get("count")
        if count is None:
            yield organisation
            continue
        for number in range(1, count + 1):
            yield {
                **organisation,
                "key": f"{organisation['key']}_{number:02d}",
                "name": f"{organisation['name']} {number:02d}",
            }


def _add_organisation(
    work: UnitOfWork,
    entry: Mapping[str, Any],
    slug: str,
    seeded: Seeded,
    password_hash: str,
    *,
    verified_by: PersonId,
) -> None:
    organisation = _organisation(work, entry)
    for role, key in ((MemberRole.OWNER, entry["key"]), (MemberRole.MEMBER, entry.get("member"))):
        if key:
            email = _email(key, slug)
            person_id = _add_member(work, organisation.id, email, role, password_hash)
            seeded.actors[key] = SeededActor(
                email=email,
                password=PASSWORD,
                token=_token(work, person_id),
                organisation=organisation.id,
            )
    if organisation.state == VerificationState.VERIFIED:
        work.session.add(
            VerificationDecision(
                organisation_id=organisation.id,
                decided_by=verified_by,
                decided_at=work.now(),
                verified=True,
                seen="Registerauszug und Internetseite",
                reason="",
            )
        )
    work.session.flush()
    seeded.listings.update(_add_listings(work, organisation, entry.get("listings", ())))


def _organisation(work: UnitOfWork, entry: Mapping[str, Any]) -> Organisation:
    details = OrganisationDetails(
        name=entry["name"],
        kind=OrganisationKind(entry["kind"]),
        address=Address(street=entry["street"], postcode=entry["postcode"], place=entry["place"]),
        description=entry.get("description", ""),
        register_entry=entry.get("register_entry", ""),
    )
    organisation = Organisation(
        id=OrganisationId(new_id()),
        state=VerificationState(entry.get("state", VerificationState.VERIFIED)),
        created_at=work.now(),
        updated_at=work.now(),
        submitted_at=work.now(),
    )
    write_details(organisation, details)
    write_location(work, organisation, settle_location(work, details.address, PlaceClaim()))
    work.session.add(organisation)
    work.session.flush()
    return organisation


def _add_member(
    work: UnitOfWork,
    organisation_id: OrganisationId,
    email: str,
    role: MemberRole,
    password_hash: str,
) -> PersonId:
    terms = current_text(work, TextKey.TERMS)
    person = Person(
        id=PersonId(new_id()),
        email=email,
        name="Inhaberin" if role is MemberRole.OWNER else "Mitarbeiter",
        password_hash=password_hash,
        staff_role=None,
        email_confirmed_at=work.now(),
        terms_version=terms.version if terms else None,
        terms_accepted_at=work.now() if terms else None,
        disabled_at=None,
        created_at=work.now(),
    )
    work.session.add(person)
    work.session.flush()
    work.session.add(
        Membership(
            person_id=person.id,
            organisation_id=organisation_id,
            role=role,
            created_at=work.now(),
        )
    )
    work.session.flush()
    return person.id


def _token(work: UnitOfWork, person_id: PersonId) -> str:
    """Make a token for programs that try the product out."""
    _, secret = token_of(work, person_id, name="seed", scopes=[Scope.READ, Scope.WRITE])
    return secret


def _add_listings(
    work: UnitOfWork, organisation: Organisation, entries: list[Mapping[str, Any]]
) -> dict[str, ListingId]:
    tomorrow = work.now().astimezone(ZONE).date() + timedelta(days=1)
    for publishes in (True, False):
        rows = [
            _row(entry, organisation, tomorrow)
            for entry in entries
            if entry.get("publish", True) is publishes
        ]
        importer = Importer(organisation_id=organisation.id, publishes=publishes, dry_run=False)
        importer.take(work, rows)
        if importer.outcome.refused:
            raise ValueError(str(importer.outcome.refused))
    return listings_by_import_key(work, organisation.id)


def _row(entry: Mapping[str, Any], organisation: Organisation, tomorrow: date) -> CsvRow:
    fields = {
        "postcode": organisation.postcode,
        "place": organisation.place,
        **{name: value for name, value in entry.items() if isinstance(value, str)},
    }
    key = fields.pop("key")
    if "free" in entry:
        first, last = entry["free"]
        fields["available_from"] = (tomorrow + timedelta(days=first)).isoformat()
        fields["available_to"] = (tomorrow + timedelta(days=last)).isoformat()
    return CsvRow(number=0, key=key, fields=fields, attributes=entry.get("attributes", {}))


def _email(key: str, slug: str) -> str:
    return f"{key.removesuffix('_b')}@{slug}.example"
