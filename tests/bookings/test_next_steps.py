"""Whatever the state of a booking, each side reads on top what comes next, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from marketplace.bookings.rules.local_time import day_start
from marketplace.bookings.rules.opening import BERLIN
from marketplace.bookings.rules.states import (
    BookingAction,
    BookingState,
    Side,
    Standing,
    actions_for,
    leading_action,
)
from tests.factories.offered import Offered, make_offered
from tests.support.browser import Page
from tests.support.installation import Installation

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 9)


@dataclass(frozen=True)
class Seen:
    """What one side sees: the state, how the next step begins, and the button that stands out."""

    state: str
    next: str
    button: str = ""


@dataclass(frozen=True)
class Station:
    """What was done until now, by whom ("owner accept") or until which day, and what is seen."""

    done: tuple[str | date, ...]
    owner: Seen
    trader: Seen


ACCEPTED = ("owner accept",)
HANDED_OVER = (*ACCEPTED, FIRST, "owner hand-over")
RETURNED = (*HANDED_OVER, "owner return")
YES, HAND_OVER, DONE = "Zusagen", "Übergabe festhalten", "Abschließen"
CONFIRM = "Abschluss bestätigen"
ELSEWHERE = "Andere Angebote finden"
LAPSED = Seen("abgelaufen", "Niemand hat rechtzeitig geantwortet, es ist wieder frei.")
HANDOVER = Seen("vereinbart", "Halten Sie die Übergabe fest, sobald sie war.", HAND_OVER)
AFTERWARDS = Seen("vereinbart", "Der Zeitraum ist vorbei. Hat alles geklappt", DONE)
CLOSE = Seen("zurückgegeben", "Es ist wieder da und frei für andere.", DONE)
STATIONS = {
    "requested": Station(
        (),
        Seen("wartet auf Sie", "Sie sind dran: Bitte antworten Sie bis Do, 3. September", YES),
        Seen("angefragt", "Betrieb owner ist dran. Bis Do, 3. September 2026, 10:00 Uhr"),
    ),
    "countered": Station(
        ("owner counter",),
        Seen("anderer Vorschlag", "Betrieb trader ist dran. Bis Do, 3. September"),
        Seen("wartet auf Sie", "Sie sind dran: Bitte antworten Sie bis Do, 3. September", YES),
    ),
    "accepted": Station(
        ACCEPTED,
        Seen("vereinbart", "Es ist vereinbart. Am Mo, 5. Oktober 2026 halten Sie"),
        Seen("vereinbart", "Es ist vereinbart. Am Mo, 5. Oktober 2026 halten Sie"),
    ),
    "accepted, the day before": Station((*ACCEPTED, date(2026, 10, 4)), HANDOVER, HANDOVER),
    "accepted, under way": Station((*ACCEPTED, date(2026, 10, 7)), HANDOVER, HANDOVER),
    "accepted, afterwards": Station((*ACCEPTED, date(2026, 10, 10)), AFTERWARDS, AFTERWARDS),
    "handed over": Station(
        HANDED_OVER,
        Seen("übergeben", "Vereinbart ist es bis Fr, 9. Oktober", "Rückgabe bestätigen"),
        Seen("übergeben", "Bitte geben Sie es bis Fr, 9. Oktober 2026 zurück."),
    ),
    "overdue": Station(
        (*HANDED_OVER, date(2026, 10, 10)),
        Seen("noch nicht zurück", "Vereinbart war es bis Fr, 9. Oktober", "Rückgabe bestätigen"),
        Seen("noch nicht zurück", "Vereinbart war es bis Fr, 9. Oktober 2026. Bitte geben Sie"),
    ),
    "returned": Station(RETURNED, CLOSE, CLOSE),
    "completed": Station(
        (*RETURNED, "trader complete"),
        Seen("abgeschlossen", "Es ist abgeschlossen"),
        Seen("abgeschlossen", "Es ist abgeschlossen"),
    ),
    "completed by one side": Station(
        (*RETURNED, "owner complete"),
        Seen("abgeschlossen", "Sie haben es abgeschlossen, Betrieb trader bestätigt es noch."),
        Seen("wartet auf Sie", "Betrieb owner hat es abgeschlossen.", CONFIRM),
    ),
    "completed by both sides": Station(
        (*RETURNED, "owner complete", "trader complete"),
        Seen("abgeschlossen", "Es ist abgeschlossen"),
        Seen("abgeschlossen", "Es ist abgeschlossen"),
    ),
    "declined": Station(
        ("owner decline",),
        Seen("abgelehnt", "Sie haben abgesagt, Betrieb trader kennt den Grund."),
        Seen("abgelehnt", "Betrieb owner hat abgesagt. Fragen Sie andere Tage an", ELSEWHERE),
    ),
    "withdrawn": Station(
        ("trader withdraw",),
        Seen("zurückgezogen", "Betrieb trader hat die Anfrage zurückgezogen."),
        Seen("zurückgezogen", "Sie haben die Anfrage zurückgezogen."),
    ),
    "cancelled by the owner": Station(
        (*ACCEPTED, "owner cancel"),
        Seen("abgesagt", "Sie haben abgesagt, Betrieb trader kennt den Grund."),
        Seen("abgesagt", "Betrieb owner hat abgesagt. Fragen Sie andere Tage an", ELSEWHERE),
    ),
    "cancelled by the asker": Station(
        (*ACCEPTED, "trader cancel"),
        Seen("abgesagt", "Betrieb trader hat abgesagt. Es ist wieder frei"),
        Seen("abgesagt", "Sie haben abgesagt, Betrieb owner kennt den Grund."),
    ),
    "lapsed": Station(
        (date(2026, 9, 4),),
        LAPSED,
        Seen("abgelaufen", "Niemand hat rechtzeitig geantwortet, für Sie ist nichts", ELSEWHERE),
    ),
    "no show": Station(
        (*ACCEPTED, date(2026, 10, 6), "owner no-show"),
        Seen("nicht zustande gekommen", "Sie haben gemeldet, dass der Termin nicht"),
        Seen("nicht zustande gekommen", "Betrieb owner meldet, dass der Termin nicht"),
    ),
}
TYPED = {
    "counter": {"start": "2026-10-06", "quantity": "5", "message": "Montag ist belegt."},
    "decline": {"reason": "Wir brauchen ihn selbst."},
    "cancel": {"reason": "Das Dach ist undicht."},
}


def reached(installation: Installation, done: Sequence[str | date]) -> tuple[Offered, Page]:
    """Bring a request as far as a station says, and give its conversation."""
    offered = make_offered(
        installation, kind="space", title="Hochregal", quantity=12, unit="pallet_place"
    )
    conversation = offered.ask("trader", 4, FIRST, LAST)
    for each in done:
        if isinstance(each, date):
            clock = installation.clock
            clock.advance(day_start(each, BERLIN) + timedelta(hours=12) - clock.now())
        else:
            who, action = each.split()
            offered.act(who, conversation, action, **TYPED.get(action, {}))
    return offered, conversation


@pytest.mark.parametrize("station", STATIONS.values(), ids=STATIONS)
def test_each_side_reads_what_comes_next_and_has_one_button_that_stands_out(
    installation: Installation, station: Station
) -> None:
    offered, conversation = reached(installation, station.done)

    for who, seen in (("owner", station.owner), ("trader", station.trader)):
        panel = panel_of(offered.browser_of(who).get(conversation.path))
        assert text_of(panel, "booking__next").startswith(seen.next)
        assert text_of(panel, "tag") == seen.state
        assert text_of(panel, "button--accent") == seen.button
        assert not [fold for fold in panel.iter() if fold.get("open") is not None]


def panel_of(page: Page) -> Any:  # noqa: ANN401 (html5lib gives ElementTree's own type)
    return next(
        each for each in page.all("section") if each.get("aria-labelledby") == "request-title"
    )


def text_of(panel: Any, name: str) -> str:  # noqa: ANN401
    """Give the text of what has this class; of all of them where there are more."""
    found = [each for each in panel.iter() if name in (each.get("class") or "").split()]
    return " | ".join(" ".join("".join(each.itertext()).split()) for each in found)


def test_a_counter_offer_shows_what_it_takes_the_place_of_and_why(
    installation: Installation,
) -> None:
    offered, conversation = reached(installation, ("owner counter",))

    words = offered.browser_of("trader").get(conversation.path).words

    assert "5 Palettenplätze" in words
    assert "Vorher 4 Palettenplätze, Mo, 5. Oktober 2026 bis Fr, 9. Oktober 2026" in words
    assert "Dazu Montag ist belegt." in words


def test_who_got_no_searches_for_the_same_days_and_reads_the_reason(
    installation: Installation,
) -> None:
    offered, conversation = reached(installation, ("owner decline",))

    page = offered.browser_of("trader").get(conversation.path)

    links = [str(link.get("href")) for link in page.all("a")]
    assert any(
        link.startswith("/search?kind=space&place=")
        and link.endswith("available_from=2026-10-05&available_to=2026-10-09")
        for link in links
    )
    assert "Grund Wir brauchen ihn selbst." in page.words


def test_a_counter_offer_that_does_not_fit_is_told_what_is_free_and_what_would_do(
    installation: Installation,
) -> None:
    offered, conversation = reached(installation, ())

    refused = offered.act("owner", conversation, "counter", quantity="13", message="Mehr geht.")

    assert refused.status == 422
    assert "So viel ist dann nicht frei" in refused.words
    assert (
        "Das ginge: 12 Palettenplätze: Mo, 5. Oktober 2026 bis Fr, 9. Oktober 2026" in refused.words
    )
    assert "5.10.2026" not in refused.words
    assert "Mehr geht." in refused.words


def test_who_answers_a_request_has_read_it(installation: Installation) -> None:
    offered, conversation = reached(installation, ())
    before = offered.browser_of("owner").get("/desk").words

    offered.act("owner", conversation, "accept")

    assert "1 neue Nachricht" in before
    assert "neue Nachricht" not in offered.browser_of("owner").get("/desk").words


def test_a_message_that_came_while_one_decided_stays_unread(installation: Installation) -> None:
    offered, conversation = reached(installation, ())
    owner, path = offered.browser_of("owner"), conversation.path
    (accept,) = [
        str(form.get("action"))
        for form in owner.get(path).all("form")
        if str(form.get("action")).endswith("/accept")
    ]
    form = owner.get(path).form_values(accept)
    offered.browser_of("trader").send(path, {"message": "Doch nur drei."})

    owner.post(accept, form)

    assert "1 neue Nachricht" in owner.get("/desk").words


def test_a_refused_reason_is_shown_where_it_was_typed(installation: Installation) -> None:
    offered, conversation = reached(installation, ())

    refused = offered.act("owner", conversation, "decline", reason=" ")

    assert refused.status == 422
    opened = [fold for fold in panel_of(refused).iter() if fold.get("open") is not None]
    assert len(opened) == 1
    assert "Bitte schreiben Sie in einem Satz, warum." in "".join(opened[0].itertext())


START = datetime(2026, 10, 5, tzinfo=BERLIN)
END = START + timedelta(days=5)
LONG_BEFORE, SOON = START - timedelta(days=3), START - timedelta(days=1)
Do = BookingAction


@pytest.mark.parametrize(
    ("state", "now", "owner", "asker"),
    [
        ("requested", LONG_BEFORE, Do.ACCEPT, None),
        ("accepted", LONG_BEFORE, None, None),
        ("accepted", SOON, Do.HAND_OVER, Do.HAND_OVER),
        ("accepted", START, Do.HAND_OVER, Do.HAND_OVER),
        ("accepted", END, Do.COMPLETE, Do.COMPLETE),
        ("handed_over", START, Do.RETURN, None),
        ("handed_over", END, Do.RETURN, None),
        ("returned", START, Do.COMPLETE, Do.COMPLETE),
        *(
            (state, START, None, None)
            for state in ("declined", "withdrawn", "lapsed", "cancelled", "completed", "no_show")
        ),
    ],
)
def test_at_most_one_action_leads(
    state: str, now: datetime, owner: BookingAction | None, asker: BookingAction | None
) -> None:
    standing = Standing(
        state=BookingState(state),
        proposed_by=Side.ASKER,
        starts_at=START,
        ends_at=END,
        hold_until=START,
        is_returned=True,
    )

    for side, leading in ((Side.OWNER, owner), (Side.ASKER, asker)):
        assert leading_action(side, standing, now) is leading
        assert leading is None or leading in actions_for(side, standing, now)
