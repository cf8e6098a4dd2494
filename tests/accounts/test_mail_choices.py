"""People choose which mails they get: at once, collected each morning, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import MailChoice, Person
from marketplace.accounts.operations.mail_choices import choose_mails, unsubscribe_path
from marketplace.accounts.operations.mails import mail_to
from marketplace.accounts.queries import mail_choices_of
from marketplace.accounts.rules.mail_choices import MailTopic, Pace, next_morning, pace_of
from marketplace.foundation.errors import InvalidInput
from tests.factories.accounts import actor_of, make_organisation, make_person, sign_in
from tests.support.browser import Visitor
from tests.support.installation import Installation

ACCOUNT = "/account"
FORM = "/account/mails"


@pytest.fixture
def person(installation: Installation) -> Person:
    with installation.work() as work:
        made = make_person(
            work, email="hof@a.example", name="Chefin", organisation=make_organisation(work)
        )
        work.session.expunge_all()
        return made


@pytest.fixture
def visitor(installation: Installation, person: Person) -> Visitor:
    visitor = installation.visitor()
    sign_in(visitor, person)
    return visitor


def choose(installation: Installation, person: Person, **paces: Pace) -> None:
    with installation.work() as work:
        actor = actor_of(work, person)
    with installation.work(actor=actor) as work:
        choose_mails(work, {MailTopic(topic): pace for topic, pace in paces.items()})


def write(
    installation: Installation,
    person: Person,
    title: str = "Bagger",
    *,
    topic: MailTopic | None = MailTopic.MESSAGES,
    act_by: datetime | None = None,
) -> None:
    """Send the person a mail about a message on `title`."""
    with installation.work() as work:
        mail_to(
            work,
            work.session.get_one(Person, person.id),
            "message_received",
            event_key=f"message-{title}",
            topic=topic,
            act_by=act_by,
            sender="Verein",
            title=title,
            text="Ist er frei?",
            path=f"/messages/{title.lower()}",
        )


def subjects(installation: Installation) -> list[str]:
    return [str(mail["Subject"]) for mail in installation.mails()]


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ((2026, 9, 1, 8, 0), (2026, 9, 2, 5, 0)),
        ((2026, 9, 1, 4, 59), (2026, 9, 1, 5, 0)),
        ((2026, 9, 1, 5, 0), (2026, 9, 2, 5, 0)),
        ((2027, 3, 27, 12, 0), (2027, 3, 28, 5, 0)),  # the night before has an hour less
        ((2027, 10, 30, 12, 0), (2027, 10, 31, 6, 0)),  # and this one an hour more
        ((2026, 12, 31, 23, 30), (2027, 1, 1, 6, 0)),
    ],
)
def test_collected_mails_go_out_at_seven_in_berlin(
    now: tuple[int, ...], morning: tuple[int, ...]
) -> None:
    assert next_morning(datetime(*now, tzinfo=UTC)) == datetime(*morning, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("chosen", "hours_left", "pace"),
    [
        (Pace.AT_ONCE, None, Pace.AT_ONCE),
        (Pace.DAILY, None, Pace.DAILY),
        (Pace.NEVER, None, Pace.NEVER),
        (Pace.DAILY, 45, Pace.DAILY),  # a whole day after the next morning, 21 hours from here
        (Pace.DAILY, 44, Pace.AT_ONCE),
        (Pace.NEVER, 1, Pace.NEVER),
    ],
)
def test_what_cannot_wait_for_the_morning_goes_out_at_once(
    chosen: Pace, hours_left: int | None, pace: Pace
) -> None:
    now = datetime(2026, 9, 1, 8, tzinfo=UTC)
    act_by = None if hours_left is None else now + timedelta(hours=hours_left)

    assert pace_of(chosen, now=now, act_by=act_by) is pace


def test_a_day_of_mails_comes_together_in_the_morning(
    installation: Installation, person: Person
) -> None:
    choose(installation, person, messages=Pace.DAILY)
    write(installation, person, "Bagger")
    installation.clock.advance(timedelta(minutes=1))
    write(installation, person, "Anhänger")

    before = subjects(installation)
    installation.clock.advance(timedelta(hours=21))

    (mail,) = installation.mails()
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert before == []
    assert mail["Subject"] == "2 Neuigkeiten auf Marktplatz A"
    assert mail["To"] == "hof@a.example"
    assert text.index("Verein schreibt zu: Bagger") < text.index("Verein schreibt zu: Anhänger")
    assert "/messages/bagger" in text
    assert "/messages/bagger" in html
    installation.clock.advance(timedelta(days=1))
    assert len(installation.mails()) == 1


def test_without_a_choice_mails_go_out_at_once_with_a_way_to_stop_them(
    installation: Installation, person: Person
) -> None:
    write(installation, person)

    (mail,) = installation.mails()
    address = mail["List-Unsubscribe"]
    assert address.startswith("<https://a.localhost/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.strip("<>") in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_is_switched_off_does_not_come_and_the_account_still_writes(
    installation: Installation, person: Person
) -> None:
    choose(installation, person, messages=Pace.NEVER)
    write(installation, person, "Bagger")
    write(installation, person, "Konto", topic=None)

    (mail,) = installation.mails()

    assert mail["Subject"] == "Verein schreibt zu: Konto"
    assert mail["List-Unsubscribe"] is None


def test_what_must_be_done_tomorrow_is_not_kept_until_tomorrow(
    installation: Installation, person: Person
) -> None:
    choose(installation, person, agreements=Pace.DAILY)
    write(
        installation,
        person,
        topic=MailTopic.AGREEMENTS,
        act_by=installation.clock.now() + timedelta(days=1),
    )

    assert subjects(installation) == ["Verein schreibt zu: Bagger"]


def test_choices_are_made_on_the_page_of_the_account(
    installation: Installation, person: Person, visitor: Visitor
) -> None:
    page = visitor.send(FORM, {"messages": "daily", "listings": "never"}, form_at=ACCOUNT)

    values = page.form_values(FORM)
    assert page.path == ACCOUNT
    assert (values["messages"], values["listings"], values["reminders"]) == (
        "daily",
        "never",
        "at_once",
    )
    visitor.send(FORM, {"messages": "at_once"}, form_at=ACCOUNT)
    with installation.work() as work:
        assert mail_choices_of(work, person.id)[MailTopic.MESSAGES] is Pace.AT_ONCE
        assert work.session.scalar(select(func.count()).select_from(MailChoice)) == 5


def test_mails_about_agreements_cannot_be_switched_off(
    installation: Installation, person: Person, visitor: Visitor
) -> None:
    page = visitor.send(FORM, {"agreements": "never", "messages": "never"}, form_at=ACCOUNT)

    assert page.status == 422
    assert page.form_values(FORM)["messages"] == "never"
    with pytest.raises(InvalidInput, match="Jemand wartet"):
        choose(installation, person, agreements=Pace.NEVER)


def link_in(installation: Installation, person: Person, topic: MailTopic | None) -> str:
    with installation.work() as work:
        return unsubscribe_path(work, person.id, topic)


def chosen_by(installation: Installation, person: Person) -> set[MailTopic]:
    """Give the topics that are switched off."""
    with installation.work() as work:
        choices = mail_choices_of(work, person.id)
        return {topic for topic in MailTopic if choices[topic] is Pace.NEVER}


def test_a_mail_program_stops_a_topic_by_one_post(
    installation: Installation, person: Person
) -> None:
    path = link_in(installation, person, MailTopic.REMINDERS)
    stranger = installation.visitor()

    shown = stranger.get(path)
    before = chosen_by(installation, person)
    answers = [stranger.post(path, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert "Erinnerungen" in shown.words
    assert before == set()
    assert [page.status for page in answers] == [200, 200]
    assert "Abbestellt" in answers[0].words
    assert chosen_by(installation, person) == {MailTopic.REMINDERS}


def test_the_link_in_a_collected_mail_stops_what_is_collected_and_can_stop(
    installation: Installation, person: Person
) -> None:
    choose(installation, person, agreements=Pace.DAILY, messages=Pace.DAILY)

    installation.visitor().send(link_in(installation, person, None))

    assert chosen_by(installation, person) == {MailTopic.MESSAGES, MailTopic.MATCHES}


def test_a_link_of_one_district_is_unknown_in_another(
    installation: Installation, person: Person
) -> None:
    path = link_in(installation, person, MailTopic.MESSAGES)
    forged = path.replace(".", ".A", 1)

    assert installation.visitor(installation.b).post(path).status == 404
    assert installation.visitor().post(forged).status == 404
    assert chosen_by(installation, person) == set()
