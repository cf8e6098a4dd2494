"""What somebody looks for, and within which bounds one may ask."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.identifiers import OrganisationId
from marketplace.geo.rules.areas import Area
from marketplace.geo.rules.points import Point
from marketplace.search.rules.areas import LARGEST_RADIUS_METRES, Box
from marketplace.search.rules.cursors import SortKey, cursor_after, key_in
from marketplace.search.rules.windows import Window

LONGEST_WORDS = 200
MOST_HITS = 100
MOST_FILTER_VALUES = 50
LARGEST_QUANTITY = 1_000_000_000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

# These do not change which hits there are, nor their order.
_NOT_PART_OF_THE_QUESTION = {"now", "limit", "cursor", "with_outside"}


class Sort(StrEnum):
    """What comes first."""

    DISTANCE = "distance"
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """One search; fields that are None or empty do not narrow it.

    `without_place` asks for just the things whose place is unknown; then radius, box and area do
    not apply. `quantity` are so many at once, all through the period. `category` finds the
    categories of a group too ("wood" has "wood.milling"). `choices` are answers to the kinds' own
    questions ("drive=diesel"): of one question any, of several questions all. `with_outside` False
    saves the look beyond the radius. Raises InvalidInput where it cannot be answered; its fields
    are those of the public API.
    """

    now: datetime
    words: str = ""
    direction: str = "offer"
    kinds: frozenset[str] = frozenset()
    category: str | None = None
    terms: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    organisation_id: OrganisationId | None = None
    origin: Point | None = None
    radius_metres: float | None = None
    bbox: Box | None = None
    area: Area | None = None
    without_place: bool = False
    period: Window | None = None
    quantity: int | None = None
    sort: Sort | None = None
    limit: int = 20
    cursor: str | None = None
    with_outside: bool = True

    def __post_init__(self) -> None:
        """Refuse what lies out of bounds, every such field with its sentence."""
        errors = dict(self._errors())
        if errors:
            raise InvalidInput(
                errors,
                longest_words=LONGEST_WORDS,
                largest_radius_km=LARGEST_RADIUS_METRES // 1000,
                most_hits=MOST_HITS,
            )
        if self.cursor is not None:
            key_in(self.cursor, self._question())

    @property
    def order(self) -> Sort:
        """What the answer is ordered by: nearest first where there is an origin, else newest."""
        return self.sort or (Sort.DISTANCE if self.origin else Sort.NEWEST)

    @property
    def after(self) -> SortKey | None:
        """The key after which this page begins; None: it is the first."""
        return None if self.cursor is None else key_in(self.cursor, self._question())

    def continued_after(self, key: SortKey) -> str:
        """Give the cursor of the page after the hit with this key."""
        return cursor_after(key, self._question())

    def _question(self) -> str:
        return repr([_written(getattr(self, name)) for name in _QUESTION])

    def choices_by_question(self) -> dict[str, set[str]]:
        """Give the wanted answers by the question they answer."""
        asked: dict[str, set[str]] = {}
        for choice in self.choices:
            asked.setdefault(choice.partition("=")[0], set()).add(choice)
        return asked

    def _errors(self) -> Iterator[tuple[str, str]]:
        if len(self.words) > LONGEST_WORDS:
            yield "q", N_("Bitte suchen Sie mit höchstens %(longest_words)s Zeichen.")
        for field, values in (
            ("kind", self.kinds),
            ("terms", self.terms),
            ("choice", self.choices),
        ):
            if len(values) > MOST_FILTER_VALUES:
                yield field, N_("Bitte wählen Sie weniger aus.")
        if self.radius_metres is not None:
            if not 0 < self.radius_metres <= LARGEST_RADIUS_METRES:
                yield "radius_km", N_("Der Umkreis darf bis %(largest_radius_km)s km groß sein.")
            elif self.origin is None:
                yield "radius_km", N_("Für einen Umkreis fehlt der Ort.")
        if self.sort is Sort.DISTANCE and self.origin is None:
            yield "sort", N_("Für die Entfernung fehlt der Ort.")
        if self.period is not None:
            for field, instant in (
                ("available_from", self.period.start),
                ("available_to", self.period.end),
            ):
                if not EARLIEST <= instant <= LATEST:
                    yield field, N_("Bitte prüfen Sie das Jahr.")
        if self.quantity is not None and not 0 < self.quantity <= LARGEST_QUANTITY:
            yield "quantity", N_("Bitte geben Sie eine Menge ab 1 an.")
        if not 0 < self.limit <= MOST_HITS:
            yield "limit", N_("Eine Seite hat 1 bis %(most_hits)s Treffer.")


_QUESTION = tuple(
    field.name for field in fields(SearchRequest) if field.name not in _NOT_PART_OF_THE_QUESTION
)


def _written(part: object) -> object:
    if isinstance(part, frozenset):
        return sorted(part)
    return part.to_wkb() if isinstance(part, Area) else part


def period_between(start: datetime | None, end: datetime | None) -> Window | None:
    """Give the period `[start, end)` that was asked for; None where none was.

    Raises InvalidInput where one end is missing or they are in the wrong order.
    """
    if start is None and end is None:
        return None
    if start is None:
        raise InvalidInput({"available_from": N_("Bitte geben Sie auch an, ab wann.")})
    if end is None:
        raise InvalidInput({"available_to": N_("Bitte geben Sie auch an, bis wann.")})
    if start >= end:
        raise InvalidInput({"available_to": N_("Das Ende muss nach dem Anfang liegen.")})
    return Window(start, end)
