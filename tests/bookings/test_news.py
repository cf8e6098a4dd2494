"""Each mail about a booking says what happened and with whom, and what comes next until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

import pytest

from marketplace.bookings.rules.news import news_for, news_of
from marketplace.bookings.rules.reminders import Reminder
from marketplace.bookings.rules.states import BookingState, Side
from tests.bookings.test_next_steps import ACCEPTED, FIRST, HANDED_OVER, RETURNED, reached
from tests.support.browser import Page
from tests.support.installation import Installation

BEFORE = date(2026, 10, 4)
DONE = "Zu tun ist nichts mehr."
FREE_AGAIN = f"Es ist wieder frei, und andere können anfragen. {DONE}"
ELSEWHERE = "Sie können andere Tage anfragen. Andere Angebote in der Nähe finden Sie"
ANSWER = "Bitte antworten Sie bis 3.9.2026, 10:00: annehmen, etwas anderes vorschlagen oder"
HAND_OVER = "sobald sie war; trägt niemand etwas ein, bleibt es bis 9.10.2026, 24:00 vergeben."


@dataclass(frozen=True)
class Told:
    """What was done, who reads of it last, under which subject, and what that side does next."""

    done: tuple[str | date, ...]
    who: str
    subject: str
    next: str


TOLD = {
    "asked": Told((), "owner", "Betrieb trader fragt an", ANSWER),
    "asked, the receipt": Told(
        (), "trader", "Ihre Anfrage an Betrieb owner", "Bis 3.9.2026, 10:00 ist es für Sie"
    ),
    "countered": Told(
        ("owner counter",), "trader", "Betrieb owner schlägt etwas anderes vor", ANSWER
    ),
    "accepted": Told(ACCEPTED, "trader", "Vereinbart mit Betrieb owner", HAND_OVER),
    "accepted, by oneself": Told(ACCEPTED, "owner", "Vereinbart mit Betrieb trader", HAND_OVER),
    "declined": Told(("owner decline",), "trader", "Absage von Betrieb owner", ELSEWHERE),
    "a counter-offer declined": Told(
        ("owner counter", "trader decline"), "owner", "Absage von Betrieb trader", FREE_AGAIN
    ),
    "withdrawn": Told(
        ("trader withdraw",), "owner", "Betrieb trader zieht die Anfrage zurück", FREE_AGAIN
    ),
    "lapsed": Told(
        (date(2026, 9, 4),),
        "owner",
        "Anfrage von Betrieb trader abgelaufen",
        "Wenn Sie noch zusammenkommen wollen, schreiben Sie im Gespräch.",
    ),
    "cancelled": Told(
        (*ACCEPTED, "owner cancel"), "trader", "Abgesagt von Betrieb owner", ELSEWHERE
    ),
    "cancelled, to the owner": Told(
        (*ACCEPTED, "trader cancel"), "owner", "Abgesagt von Betrieb trader", FREE_AGAIN
    ),
    "cancelled, by oneself": Told(
        (*ACCEPTED, "trader cancel"), "trader", "Ihre Absage an Betrieb owner", DONE
    ),
    "reminded of the handover": Told(
        (*ACCEPTED, BEFORE, FIRST), "trader", "Bald ist Übergabe mit Betrieb owner", HAND_OVER
    ),
    "handed over": Told(
        HANDED_OVER,
        "trader",
        "Übergeben von Betrieb owner",
        "Bitte geben Sie es bis 9.10.2026, 24:00 zurück; Betrieb owner bestätigt es",
    ),
    "taken over": Told(
        (*ACCEPTED, FIRST, "trader hand-over"),
        "owner",
        "Übernommen von Betrieb trader",
        "Bestätigen Sie im Gespräch die Rückgabe, sobald es wieder da ist",
    ),
    "reminded to give it back": Told(
        (*HANDED_OVER, date(2026, 10, 9)),
        "trader",
        "Bald zurückgeben an Betrieb owner",
        "Bitte geben Sie es bis 9.10.2026, 24:00 zurück",
    ),
    "overdue": Told(
        (*HANDED_OVER, date(2026, 10, 10)),
        "trader",
        "Noch nicht zurück bei Betrieb owner",
        "Bis Betrieb owner die Rückgabe bestätigt, kann es niemand anderes bekommen.",
    ),
    "overdue, to the owner": Told(
        (*HANDED_OVER, date(2026, 10, 10)),
        "owner",
        "Noch nicht zurück von Betrieb trader",
        "Ist es wieder da, bestätigen Sie im Gespräch die Rückgabe",
    ),
    "returned": Told(
        RETURNED, "trader", "Zurück bei Betrieb owner", "eine Frist gibt es dafür nicht."
    ),
    "completed": Told(
        (*RETURNED, "trader complete"), "owner", "Abgeschlossen mit Betrieb trader", DONE
    ),
    "completed by one side": Told(
        (*RETURNED, "owner complete"),
        "trader",
        "Bitte bestätigen: Betrieb owner hat abgeschlossen",
        "War alles so wie vereinbart, bestätigen Sie es im Gespräch",
    ),
    "confirmed by the other": Told(
        (*RETURNED, "owner complete", "trader complete"),
        "owner",
        "Abgeschlossen mit Betrieb trader",
        DONE,
    ),
    "no show": Told(
        (*ACCEPTED, date(2026, 10, 6), "owner no-show"),
        "trader",
        "Nicht zustande gekommen mit Betrieb owner",
        "Sonst bleibt es dabei, und zu tun ist nichts mehr.",
    ),
}


def mails_after(
    installation: Installation, done: Sequence[str | date], who: str
) -> tuple[Page, list[EmailMessage]]:
    """Go so far with the worker at work all the time, and give a side's mails, oldest first."""
    _, conversation = reached(installation, done)
    return conversation, installation.mails(f"{who}@a.example")


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_a_mail_says_what_happened_with_whom_and_what_comes_next(
    installation: Installation, told: Told
) -> None:
    conversation, mails = mails_after(installation, told.done, told.who)

    found = [mail for mail in mails if mail["Subject"] == f"{told.subject}: Hochregal"]
    assert len(found) == 1, [mail["Subject"] for mail in mails]
    for kind in ("plain", "html"):
        body = found[0].get_body((kind,))
        assert body is not None
        text = " ".join(str(body.get_content()).split())
        assert told.next in text
        assert conversation.path in text
        assert "owner@a.example" not in text
        assert "trader@a.example" not in text


def test_a_lapsed_request_is_told_once_and_not_repeated_as_somebodys_words(
    installation: Installation,
) -> None:
    _, mails = mails_after(installation, (date(2026, 9, 4),), "trader")

    body = mails[-1].get_body(("plain",))
    assert body is not None
    assert str(body.get_content()).count("rechtzeitig geantwortet") == 1


def test_what_is_cancelled_after_its_time_is_not_said_to_be_free_again(
    installation: Installation,
) -> None:
    late = (*ACCEPTED, date(2026, 10, 11), "trader cancel")
    conversation, owner = mails_after(installation, late, "owner")
    trader = installation.mails("trader@a.example")

    for mail in (owner[-1], trader[-1]):
        body = mail.get_body(("plain",))
        assert body is not None
        text = " ".join(str(body.get_content()).split())
        assert "abgesagt" in text
        assert DONE in text
        assert "wieder frei" not in text
    assert "wieder frei" not in conversation.words


def test_every_news_names_the_other_side_and_says_what_comes_next() -> None:
    told = [
        news_for(state, reader=reader, actor=actor, is_returned=is_returned)
        for state in BookingState
        for reader in Side
        for actor in (*Side, None)
        for is_returned in (True, False)
    ]
    told += [news_of(reminder, reader=reader) for reminder in Reminder for reader in Side]

    assert all(news.next for news in told if news)
    assert all("%(other)s" in news.subject and "%(title)s" in news.subject for news in told if news)


def test_what_is_not_given_back_is_closed_by_either_side() -> None:
    for reader in Side:
        news = news_for(
            BookingState.HANDED_OVER, reader=reader, actor=reader.other, is_returned=False
        )
        assert news is not None
        assert "schließen Sie es im Gespräch ab" in news.next
