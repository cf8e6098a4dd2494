"""Lots and those who want some of them: what the rule gives whom, and what each keeps."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.rules.allocation import Outcome
from marketplace.geo.geocoders.gazetteer import GazetteerGeocoder
from marketplace.geo.interfaces import Found
from marketplace.geo.rules.points import Point
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation, TestDistrict

APPLY_UNTIL, COLLECT_UNTIL = "2026-11-15", "2026-11-30"
DECISION = datetime(2026, 11, 15, 11, 0, tzinfo=UTC)  # noon in Berlin
SCHOOL, ASSOCIATION, CHARITY = (
    OrganisationKind.PUBLIC_SERVICE,
    OrganisationKind.ASSOCIATION,
    OrganisationKind.CHARITY,
)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who wants how much, what the rule gives, and what it keeps in the end."""

    kind: OrganisationKind
    place: str
    wanted: int
    proposed: int
    outcome: Outcome
    kept: int
    need_by: date | None = None
    has_proof: bool = True


@dataclass(frozen=True, kw_only=True)
class Story:
    """A gift and those who want some of it, named in the order in which the rule puts them."""

    district: str
    place: str
    quantity: int
    recipients: dict[str, Recipient]
    kilometres: dict[str, float] = field(default_factory=dict)
    arrivals: tuple[int, ...] = (0, 1, 2, 3)
    is_proven_first: bool = False


CHAIRS = Story(  # scenario S4
    district="a",
    place="Beelitz",
    quantity=60,
    recipients={
        "Grundschule": Recipient(
            kind=SCHOOL, place="Brück", wanted=24, proposed=24, outcome=Outcome.ALL, kept=24
        ),
        "Sportverein": Recipient(
            kind=ASSOCIATION,
            place="Treuenbrietzen",
            wanted=20,
            proposed=20,
            outcome=Outcome.ALL,
            kept=20,
        ),
        "Tafel": Recipient(
            kind=CHARITY,
            place="Bad Belzig",
            wanted=30,
            proposed=16,
            outcome=Outcome.PART,
            kept=10,
        ),
        "Heimatverein": Recipient(
            kind=ASSOCIATION,
            place="14542 Werder",
            wanted=10,
            proposed=0,
            outcome=Outcome.NO_STATUS,
            kept=6,
            has_proof=False,
        ),
    },
    kilometres={"Grundschule": 14.5, "Sportverein": 17.0, "Tafel": 27.9, "Heimatverein": 15.8},
)
SCREENS = Story(
    district="b",
    place="Luckenwalde",
    quantity=45,
    recipients={
        "Bibliothek": Recipient(
            kind=SCHOOL, place="Jüterbog", wanted=15, proposed=15, outcome=Outcome.ALL, kept=15
        ),
        "Musikverein": Recipient(
            kind=ASSOCIATION,
            place="Zossen",
            wanted=12,
            proposed=12,
            outcome=Outcome.ALL,
            kept=12,
            need_by=date(2026, 12, 5),
        ),
        "Kleiderkammer": Recipient(
            kind=CHARITY,
            place="Trebbin",
            wanted=25,
            proposed=18,
            outcome=Outcome.PART,
            kept=13,
            need_by=date(2026, 12, 10),
        ),
        "Angelverein": Recipient(
            kind=ASSOCIATION,
            place="Ludwigsfelde",
            wanted=8,
            proposed=0,
            outcome=Outcome.NO_STATUS,
            kept=5,
            has_proof=False,
        ),
    },
)


def point_of(installation: Installation, district: TestDistrict, place: str) -> Point:
    """Give the point of a place's name."""
    with installation.work(district) as work:
        found = GazetteerGeocoder(work.session).locate(place)
    assert isinstance(found, Found), place
    return found.point


def make_gift(installation: Installation, story: Story) -> Given:
    """Let the giver publish it, and let there be those who will want it."""
    district = {"a": installation.a, "b": installation.b}[story.district]
    gift = make_given(
        installation,
        district=district,
        quantity=story.quantity,
        point=point_of(installation, district, story.place),
        attributes={
            "recognised_first_until": APPLY_UNTIL,
            "apply_until": APPLY_UNTIL,
            "apply_until_time": "12:00",
            "collect_until": COLLECT_UNTIL,
        },
    )
    for name, each in story.recipients.items():
        gift.add(
            name,
            kind=each.kind,
            point=point_of(installation, district, each.place),
            has_proof=each.has_proof and each.kind != SCHOOL,
        )
    return gift
