"""What a listing says, and what it must say before it is published.

Form, import and API make the same `ListingDraft` and ask the same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace.foundation.errors import N_, Sentence
from marketplace.foundation.identifiers import SiteId
from marketplace.geo.interfaces import Precision
from marketplace.geo.rules.points import Point
from marketplace.listings.resource_kind import CATEGORY, MODE, AttributeValue, ResourceKind
from marketplace.listings.rules.attributes import broken_checks
from marketplace.listings.rules.categories import CATEGORIES
from marketplace.listings.rules.states import Direction

# domain.md 3.3
SHORTEST_TITLE = 5
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 4_000
LONGEST_NOTE = 500
LARGEST_AMOUNT_MINOR = 100_000_000
LARGEST_DEPOSIT_MINOR = 10_000_000
LARGEST_QUANTITY = 1_000_000
# Contract, section 6: a listing is valid for 12 months at most.
LONGEST_VALIDITY = timedelta(days=365)
MOST_WINDOWS = 100
LARGEST_SERVICE_RADIUS_KM = 300  # domain.md 3.3

ZONE = ZoneInfo("Europe/Berlin")


class Insurance(StrEnum):
    """Who sees to the insurance; the product insures nothing."""

    LENDER = "lender"
    BORROWER = "borrower"
    TO_BE_AGREED = "to_be_agreed"


class VatInfo(StrEnum):
    """How an amount is meant."""

    NET = "net"
    GROSS = "gross"
    EXEMPT = "exempt"


@dataclass(frozen=True, kw_only=True)
class ListingLocation:
    """Where it is: the exact point is private, the public one is for everybody."""

    street: str
    postcode: str
    place: str
    point: Point
    public_point: Point
    precision: Precision
    site_id: SiteId | None = None


@dataclass(frozen=True, kw_only=True)
class FreeDays:
    """Days on which it is free, both inclusive, by Berlin's calendar."""

    first: date
    last: date

    def as_instants(self) -> tuple[datetime, datetime]:
        """Give `[start, end)` in UTC; a day may have 23 or 25 hours."""
        return midnight(self.first), midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, kw_only=True)
class ListingDraft:
    """Everything that a person or a file says about a listing; money in minor units."""

    kind: ResourceKind
    title: str
    direction: Direction = Direction.OFFER
    description: str = ""
    category: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    quantity: int = 1
    unit: str = ""
    terms_mode: str | None = None
    amount_minor: int | None = None
    price_unit: str | None = None
    vat_info: str | None = None
    deposit_minor: int | None = None
    insurance: str = Insurance.TO_BE_AGREED
    insurance_note: str = ""
    handover_protocol: bool = True
    location: ListingLocation | None = None
    service_radius_km: int | None = None
    free_days: tuple[FreeDays, ...] = ()
    valid_until: datetime | None = None  # None: as long as possible

    @property
    def unit_key(self) -> str:
        """Give the unit, the kind's first one where none is said."""
        return self.unit or self.kind.units[0].key

    @property
    def is_request(self) -> bool:
        """Whether it is looked for instead of offered."""
        return self.direction is Direction.REQUEST

    @property
    def answers(self) -> dict[str, AttributeValue]:
        """The kind's own values that count, and the category: what conditions and gates ask."""
        others = {CATEGORY: self.category, MODE: self.terms_mode}
        values = {**self.attributes, **{key: value for key, value in others.items() if value}}
        return {
            key: value
            for key, value in values.items()
            if (attribute := self.kind.attribute(key)) is None
            or self.kind.applies(attribute, values)
        }


def midnight(day: date) -> datetime:
    """Give the instant at which a day begins in Berlin, in UTC."""
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def last_day_before(end: datetime) -> date:
    """Give the last day that lies before an open end, by Berlin's calendar."""
    return (end.astimezone(ZONE) - timedelta(microseconds=1)).date()


def last_valid_day(now: datetime) -> date:
    """Give the last day a listing may be valid when it is saved now."""
    return (now + LONGEST_VALIDITY).astimezone(ZONE).date()


def problems_of(draft: ListingDraft, *, now: datetime) -> dict[str, str]:
    """Give a sentence for each field that cannot even be kept as a draft."""
    problems: dict[str, str] = {}
    if len(draft.title) > LONGEST_TITLE:
        problems["title"] = Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_TITLE)
    if len(draft.description) > LONGEST_DESCRIPTION:
        problems["description"] = Sentence(
            N_("Höchstens %(most)s Zeichen."), most=LONGEST_DESCRIPTION
        )
    if len(draft.insurance_note) > LONGEST_NOTE:
        problems["insurance_note"] = Sentence(N_("Höchstens %(most)s Zeichen."), most=LONGEST_NOTE)
    if not 1 <= draft.quantity <= LARGEST_QUANTITY:
        problems["quantity"] = N_("Bitte geben Sie eine Menge ab 1 an.")
    if draft.unit_key not in {unit.key for unit in draft.kind.units}:
        problems["unit"] = N_("Bitte wählen Sie eine der Einheiten.")
    if draft.category is not None and (
        draft.category not in CATEGORIES or CATEGORIES[draft.category].kind != draft.kind.key
    ):
        problems["category"] = N_("Bitte wählen Sie eine der Kategorien.")
    if (
        draft.service_radius_km is not None
        and not 1 <= draft.service_radius_km <= LARGEST_SERVICE_RADIUS_KM
    ):
        problems["service_radius_km"] = N_("Möglich sind 1 bis 300 km.")
    problems |= _terms_problems(draft)
    problems |= _time_problems(draft, now)
    return problems


def missing_for_publishing(draft: ListingDraft) -> dict[str, str]:
    """Give a sentence for each field that is still needed before others may see it."""
    missing: dict[str, str] = {}
    if len(draft.title.strip()) < SHORTEST_TITLE:
        missing["title"] = Sentence(
            N_("Bitte sagen Sie mit mindestens %(least)s Zeichen, was Sie suchen.")
            if draft.is_request
            else N_("Bitte sagen Sie mit mindestens %(least)s Zeichen, was Sie anbieten."),
            least=SHORTEST_TITLE,
        )
    if draft.terms_mode is None and not draft.is_request:
        missing["mode"] = N_("Bitte wählen Sie, zu welchen Bedingungen Sie anbieten.")
    if draft.is_request and not draft.description.strip():
        missing["description"] = N_("Bitte schreiben Sie, wofür Sie es brauchen.")
    if draft.location is None:
        missing["place"] = (
            N_("Bitte sagen Sie, wo Sie es brauchen.")
            if draft.is_request
            else N_("Bitte sagen Sie, wo es steht.")
        )
    broken = broken_checks(draft.kind, draft.answers, is_request=draft.is_request)
    return {**missing, **broken}


def _terms_problems(draft: ListingDraft) -> dict[str, str]:
    problems: dict[str, str] = {}
    if draft.terms_mode is not None and draft.terms_mode not in draft.kind.modes:
        problems["mode"] = N_("Bitte wählen Sie eine der Möglichkeiten.")
    if draft.amount_minor is not None:
        if not 0 <= draft.amount_minor <= LARGEST_AMOUNT_MINOR:
            problems["amount"] = N_("Möglich sind 0 bis 1.000.000 €.")
        elif draft.terms_mode == "lend" and draft.amount_minor > 0:
            problems["amount"] = N_("Kostenlos leihen hat keinen Preis. Lassen Sie das Feld leer.")
        if draft.price_unit not in draft.kind.price_units:
            problems["per"] = N_("Bitte sagen Sie, wofür der Preis gilt.")
    if draft.vat_info is not None and draft.vat_info not in set(VatInfo):
        problems["vat_info"] = N_("Bitte wählen Sie eine der Möglichkeiten.")
    if draft.deposit_minor is not None and not 0 <= draft.deposit_minor <= LARGEST_DEPOSIT_MINOR:
        problems["deposit"] = N_("Möglich sind 0 bis 100.000 €.")
    if draft.insurance not in set(Insurance):
        problems["insurance"] = N_("Bitte wählen Sie eine der Möglichkeiten.")
    return problems


def _time_problems(draft: ListingDraft, now: datetime) -> dict[str, str]:
    problems: dict[str, str] = {}
    if draft.valid_until is not None:
        if draft.valid_until <= now:
            problems["valid_until"] = N_("Dieser Tag liegt in der Vergangenheit.")
        elif draft.valid_until > midnight(last_valid_day(now) + timedelta(days=1)):
            problems["valid_until"] = N_("Ein Angebot gilt höchstens zwölf Monate.")
    if len(draft.free_days) > MOST_WINDOWS:
        problems["free_days"] = Sentence(N_("Höchstens %(most)s Zeiträume."), most=MOST_WINDOWS)
    if any(days.last < days.first for days in draft.free_days):
        problems["free_days"] = N_("Ein Zeitraum endet, bevor er beginnt.")
    return problems
