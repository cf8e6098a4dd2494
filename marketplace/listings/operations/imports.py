"""Take the rows of a file as listings of one organisation: each whole, or refused with its reason.

A row is named by a column of the file for good: importing the file again adds nothing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import organisation_by_id
from marketplace.districts.queries import own_area, own_district
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput, MarketplaceError, Sentence
from marketplace.foundation.identifiers import ListingId, OrganisationId
from marketplace.foundation.typed_input import parse_day, parse_decimal
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Ambiguous, Answer, Found, Precision
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.points import Point
from marketplace.geo.rules.public_point import public_point
from marketplace.listings.kinds import KINDS
from marketplace.listings.operations.life import publish
from marketplace.listings.operations.listings import create_draft
from marketplace.listings.queries import listings_by_import_key
from marketplace.listings.resource_kind import ResourceKind
from marketplace.listings.rules.attributes import read_values
from marketplace.listings.rules.csv_mapping import CsvRow
from marketplace.listings.rules.drafts import (
    ZONE,
    FreeDays,
    ListingDraft,
    ListingLocation,
    midnight,
    missing_for_publishing,
    problems_of,
)
from marketplace.listings.rules.gating import kept_back_by, rulings_on
from marketplace.listings.rules.states import Direction


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A row that was not taken, with the number a spreadsheet shows, and why."""

    number: int
    key: str
    reason: Sentence


@dataclass(kw_only=True)
class ImportOutcome:
    """What became of the rows: `added` now, `present` since an earlier run, or `refused`."""

    rows: int = 0
    added: int = 0
    present: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


class _Refusal(Exception):
    """A row cannot be taken; the sentence says why."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.sentence = Sentence(message, **values)


@dataclass(kw_only=True)
class Importer:
    """One run over a file, batch by batch; remembers what it has seen between them.

    `dry_run` checks everything and stores nothing.
    """

    organisation_id: OrganisationId
    publishes: bool
    dry_run: bool
    outcome: ImportOutcome = field(default_factory=ImportOutcome)
    _seen: dict[str, int] = field(default_factory=dict)
    _answers: dict[str, Answer] = field(default_factory=dict)

    def take(self, work: UnitOfWork, rows: Sequence[CsvRow]) -> None:
        """Take the rows of one batch, in one transaction of the caller's."""
        check_may(work.actor, Action.WRITE_LISTING)
        # The lock keeps a second import of the same file waiting until this batch is stored.
        organisation = organisation_by_id(work, self.organisation_id, lock=not self.dry_run)
        present = listings_by_import_key(work, organisation.id)
        area = own_area(work)
        for row in rows:
            self.outcome.rows += 1
            try:
                self._take_row(work, row, organisation, present, area)
            except _Refusal as refusal:
                self._refuse(row, refusal.sentence)
            except InvalidInput as refusal:
                field_name, message = next(iter(refusal.errors.items()))
                self._refuse(row, _with_field(field_name, message))
            except MarketplaceError as refusal:
                self._refuse(row, Sentence(refusal.message, **refusal.values))

    def _take_row(
        self,
        work: UnitOfWork,
        row: CsvRow,
        organisation: Organisation,
        present: Mapping[str, ListingId],
        area: Area,
    ) -> None:
        if row.problem is not None:
            raise _Refusal(row.problem)
        if row.key in self._seen:
            raise _Refusal(
                N_("„%(key)s“ steht schon in Zeile %(other)s."),
                key=row.key,
                other=self._seen[row.key],
            )
        self._seen[row.key] = row.number
        if row.key in present:
            self.outcome.present += 1
            return
        draft = self._draft(work, row, organisation, area)
        if not self.dry_run:
            listing = create_draft(work, organisation, draft, import_key=row.key)
            if self.publishes:
                publish(work, listing)
        self.outcome.added += 1

    def _draft(
        self, work: UnitOfWork, row: CsvRow, organisation: Organisation, area: Area
    ) -> ListingDraft:
        kind = KINDS.get(row.fields.get("kind", ""))
        if kind is None:
            raise _Refusal(
                N_("Es fehlt die Art, oder es gibt sie nicht. Möglich sind: %(kinds)s."),
                kinds=", ".join(KINDS),
            )
        location = self._location(work, row, organisation, area)
        draft = _draft_of_row(work, row, kind, location)
        problems = problems_of(draft, now=work.now())
        if self.publishes:
            rulings = rulings_on(
                draft,
                organisation_kind=organisation.kind,
                today=work.now().astimezone(ZONE).date(),
                earlier_uses={},
            )
            problems = {**kept_back_by(rulings), **problems, **missing_for_publishing(draft)}
        if problems:
            raise InvalidInput(problems)
        return draft

    def _location(
        self, work: UnitOfWork, row: CsvRow, organisation: Organisation, area: Area
    ) -> ListingLocation:
        fields = row.fields
        if fields.get("lat") or fields.get("lon"):
            location = _location_of_point(work, row, organisation)
            label = f"{location.point.lat},{location.point.lon}"
        else:
            found = self._found(work, row, area)
            label = found.label
            location = ListingLocation(
                street=fields.get("street", ""),
                postcode=found.postcode or fields.get("postcode", ""),
                place=fields.get("place", "") or found.label.removeprefix(found.postcode).strip(),
                point=found.point,
                public_point=found.point,
                precision=found.precision,
            )
        if not area.contains(location.point) and not organisation.serves_district:
            raise _Refusal(
                N_("%(place)s liegt außerhalb von: %(district)s."),
                place=label,
                district=own_district(work).full_name,
            )
        return location

    def _found(self, work: UnitOfWork, row: CsvRow, area: Area) -> Found:
        text = f"{row.fields.get('postcode', '')} {row.fields.get('place', '')}".strip()
        if not text:
            raise _Refusal(N_("Es fehlen Postleitzahl und Ort."))
        if text not in self._answers:
            self._answers[text] = GazetteerGeocoder(work.session).locate(text, preferred=area)
        answer = self._answers[text]
        if isinstance(answer, Ambiguous):
            raise _Refusal(
                N_("„%(text)s“ kann mehrere Orte meinen: %(places)s."),
                text=text,
                places="; ".join(choice.label for choice in answer.choices),
            )
        if not isinstance(answer, Found):
            raise _Refusal(N_("„%(text)s“ ist als Ort nicht bekannt."), text=text)
        return answer

    def _refuse(self, row: CsvRow, reason: Sentence) -> None:
        self.outcome.refused.append(RefusedRow(number=row.number, key=row.key, reason=reason))


def _with_field(field_name: str, message: str) -> Sentence:
    text = message.text if isinstance(message, Sentence) else message
    values = message.values if isinstance(message, Sentence) else {}
    return Sentence(f"{field_name}: {text}", **values)


def _location_of_point(
    work: UnitOfWork, row: CsvRow, organisation: Organisation
) -> ListingLocation:
    fields = row.fields
    point = Point(float(_number(row, "lat")), float(_number(row, "lon")))
    address = " ".join(fields.get(name, "") for name in ("street", "postcode", "place"))
    return ListingLocation(
        street=fields.get("street", ""),
        postcode=fields.get("postcode", ""),
        place=fields.get("place", ""),
        point=point,
        public_point=public_point(
            point,
            Precision.ADDRESS,
            secret=work.services.settings.secret_key,
            organisation_id=organisation.id,
            address=address or f"{point.lat},{point.lon}",
        ),
        precision=Precision.ADDRESS,
    )


def _draft_of_row(
    work: UnitOfWork, row: CsvRow, kind: ResourceKind, location: ListingLocation
) -> ListingDraft:
    fields = row.fields
    today = work.now().astimezone(ZONE).date()
    attributes = read_values(kind, row.attributes, today=today)
    if attributes.problems:
        raise InvalidInput(attributes.problems)
    amount = _number(row, "amount") if fields.get("amount") else None
    return ListingDraft(
        kind=kind,
        direction=_direction(row),
        title=fields.get("title", ""),
        description=fields.get("description", ""),
        category=fields.get("category") or None,
        attributes=attributes.values,
        quantity=_quantity(row),
        unit=fields.get("unit", ""),
        terms_mode=fields.get("mode") or None,
        amount_minor=None if amount is None else int((amount * 100).to_integral_value()),
        price_unit=fields.get("per") or None,
        vat_info=fields.get("vat_info") or None,
        location=location,
        service_radius_km=int(_number(row, "service_radius_km"))
        if fields.get("service_radius_km")
        else None,
        free_days=_free_days(row),
        valid_until=_valid_until(row),
    )


def _direction(row: CsvRow) -> Direction:
    text = row.fields.get("direction", "")
    if text and text not in set(Direction):
        raise InvalidInput({"direction": N_("Möglich sind: offer, request.")})
    return Direction(text) if text else Direction.OFFER


def _quantity(row: CsvRow) -> int:
    if not row.fields.get("quantity"):
        return 1
    number = _number(row, "quantity")
    if number != number.to_integral_value():
        raise InvalidInput({"quantity": N_("Bitte geben Sie eine ganze Zahl an.")})
    return int(number)


def _number(row: CsvRow, name: str) -> Decimal:
    number = parse_decimal(row.fields.get(name, ""))
    limit = {"lat": 90, "lon": 180}.get(name)
    if number is None or (limit is not None and abs(number) > limit):
        raise InvalidInput({name: N_("Das ist keine Zahl. Bitte so schreiben: 12,5.")})
    return number


def _free_days(row: CsvRow) -> tuple[FreeDays, ...]:
    first, last = row.fields.get("available_from", ""), row.fields.get("available_to", "")
    if not first and not last:
        return ()
    start, end = parse_day(first or last), parse_day(last or first)
    if start is None or end is None:
        raise InvalidInput({"available_from": N_("Bitte den Tag so schreiben: 5.10.2026.")})
    return (FreeDays(first=start, last=end),)


def _valid_until(row: CsvRow) -> datetime | None:
    text = row.fields.get("valid_until", "")
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        raise InvalidInput({"valid_until": N_("Bitte den Tag so schreiben: 5.10.2026.")})
    return midnight(day + timedelta(days=1))
