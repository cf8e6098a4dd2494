"""Two organisations talk; nobody else reads along, and reading stores nothing by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.queries import organisation_by_id
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import InvalidInput, NotFound
from marketplace.foundation.identifiers import OrganisationId
from marketplace.messaging.models import Message, Participant
from marketplace.messaging.operations import mark_read, post_message
from marketplace.messaging.queries import (
    MESSAGES_SHOWN,
    THREADS_SHOWN,
    conversation,
    other_participants,
    own_threads,
)
from tests.factories.accounts import (
    make_moderator,
    make_person,
)
from tests.factories.messaging import make_thread
from tests.messaging.conftest import Talk

LONG_AGO = "2000-01-01T00:00:00Z,x"


def _acting(work: UnitOfWork) -> OrganisationId:
    assert work.actor.organisation_id is not None
    return work.actor.organisation_id


def test_both_sides_see_the_messages_in_the_same_order(talk: Talk) -> None:
    talk.write(talk.farmer, "Ja, ab Montag.")
    talk.write(talk.carpenter, "Wir kommen.")

    orders = []
    for person in (talk.carpenter, talk.farmer):
        with talk.installation.work(actor=talk.actor(person)) as work:
            orders.append([each.text for each in conversation(work, talk.thread_id).messages])

    assert orders == [["Ist der noch da?", "Ja, ab Montag.", "Wir kommen."]] * 2


def test_messages_are_numbered_from_one_without_gaps(talk: Talk) -> None:
    talk.write(talk.farmer, "Ja.")
    talk.write(talk.farmer, "Ab Montag.")

    with talk.installation.work() as work:
        positions = work.session.scalars(select(Message.position).order_by(Message.position)).all()
    assert positions == [1, 2, 3]


def test_writers_at_the_same_moment_get_positions_of_their_own(talk: Talk) -> None:
    def write(number: int) -> None:
        with talk.installation.app.app_context():  # a thread of its own has none
            talk.write((talk.farmer, talk.carpenter)[number % 2], f"Nachricht {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))

    with talk.installation.work(actor=talk.actor(talk.farmer)) as work:
        shown = conversation(work, talk.thread_id).messages
    assert [each.position for each in shown] == list(range(1, 14))
    assert {each.text for each in shown[1:]} == {f"Nachricht {number}" for number in range(12)}


def test_a_message_whose_writing_broke_off_leaves_nothing(talk: Talk) -> None:
    with (
        pytest.raises(ConnectionResetError),
        talk.installation.work(actor=talk.actor(talk.farmer)) as work,
    ):
        post_message(work, talk.thread_id, "Ja.")
        raise ConnectionResetError
    talk.write(talk.farmer, "Ja, ab Montag.")

    with talk.installation.work(actor=talk.actor(talk.carpenter)) as work:
        shown = conversation(work, talk.thread_id)
    assert [each.text for each in shown.messages] == ["Ist der noch da?", "Ja, ab Montag."]
    assert (shown.messages[-1].position, shown.unread) == (2, 1)
    assert len(talk.installation.mails("tischlerei@a.example")) == 1


def test_a_form_that_is_sent_twice_is_one_message(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)
    form = browser.get(talk.path).form_values(talk.path)

    for words in ("Ja.", "Ja.", "Ja, ab Montag."):  # the last: gone back and written on
        browser.post(talk.path, {**form, "message": words})

    with talk.installation.work(actor=talk.actor(talk.carpenter)) as work:
        shown = conversation(work, talk.thread_id).messages
    assert [each.text for each in shown] == ["Ist der noch da?", "Ja.", "Ja, ab Montag."]
    assert len(talk.installation.mails("tischlerei@a.example")) == 2


def test_a_long_conversation_is_read_page_by_page(talk: Talk) -> None:
    with talk.installation.work(actor=talk.actor(talk.farmer)) as work:
        for number in range(2, MESSAGES_SHOWN + 3):
            post_message(work, talk.thread_id, f"Nachricht {number}.")
    browser = talk.browser_of(talk.carpenter)

    newest = browser.get(talk.path)
    older = browser.get(f"{talk.path}?before=3")
    wrong = browser.get(f"{talk.path}?before=x")

    assert f"Nachricht {MESSAGES_SHOWN + 2}." in newest.words
    assert "Nachricht 2." not in newest.words
    assert f"{talk.path}?before=3" in [link.get("href") for link in newest.all("a")]
    assert "Ist der noch da?" in older.words
    assert "Nachricht 3." not in older.words
    assert "Als gelesen ablegen" not in older.words
    assert wrong.words == newest.words


def test_the_list_is_read_page_by_page_without_gap_or_repeat(talk: Talk) -> None:
    with talk.installation.work(actor=talk.actor(talk.carpenter)) as work:
        farm = organisation_by_id(work, other_participants(work, talk.thread_id, _acting(work))[0])
        for number in range(THREADS_SHOWN + 4):  # all in the same instant
            make_thread(work, farm, title=f"Gerät {number}.")
    browser = talk.browser_of(talk.farmer)

    first = browser.get("/messages")
    (more,) = [link for link in first.all("a") if "after=" in link.get("href", "")]
    talk.write(talk.carpenter, "Noch etwas.")
    second = browser.get(more.get("href"))

    titles = [
        link.text
        for page in (first, second)
        for link in page.all("a")
        if link.get("class") == "desk-line__title"
    ]
    assert len(titles) == len(set(titles))
    assert {f"Gerät {number}." for number in range(THREADS_SHOWN + 4)} <= set(titles)
    assert "Ältere Gespräche gibt es nicht." in browser.get(f"/messages?after={LONG_AGO}").words


def test_the_menu_counts_what_is_unread(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)
    before = browser.get("/").words
    browser.send(f"{talk.path}/read", form_at=talk.path)

    assert "Nachrichten 1 neu" in before
    assert "neu" not in browser.get("/search").words.partition("Nachrichten")[2][:20]


def test_only_the_other_side_has_something_unread(talk: Talk) -> None:
    talk.write(talk.carpenter, "Wir brauchen ihn am Dienstag.")

    assert talk.unread(talk.farmer) == 2
    assert talk.unread(talk.carpenter) == 0


def test_answering_marks_everything_before_as_read(talk: Talk) -> None:
    talk.write(talk.farmer, "Ja.")

    assert talk.unread(talk.farmer) == 0
    assert talk.unread(talk.carpenter) == 1


def test_the_list_counts_what_the_conversation_counts(talk: Talk) -> None:
    talk.write(talk.farmer, "Ja.")
    talk.write(talk.farmer, "Ab Montag.")

    with talk.installation.work(actor=talk.actor(talk.carpenter)) as work:
        (line,) = own_threads(work)

    assert line.unread == talk.unread(talk.carpenter) == 2
    assert (line.other, line.last_text) == ("Hof am Bach (Bad Belzig)", "Ab Montag.")


def test_the_conversation_last_written_in_comes_first(talk: Talk) -> None:
    talk.installation.clock.advance(timedelta(minutes=5))
    with talk.installation.work(actor=talk.actor(talk.stranger)) as work:
        farm = talk.actor(talk.farmer).organisation_id
        assert farm is not None
        from marketplace.accounts.queries import organisation_by_id

        make_thread(work, organisation_by_id(work, farm), title="Saal")
    with talk.installation.work(actor=talk.actor(talk.farmer)) as work:
        newest_first = [line.title for line in own_threads(work)]
    talk.installation.clock.advance(timedelta(minutes=5))
    talk.write(talk.carpenter, "Noch etwas.")
    with talk.installation.work(actor=talk.actor(talk.farmer)) as work:
        after_writing = [line.title for line in own_threads(work)]

    assert newest_first == ["Saal", "Hubwagen 2 t"]
    assert after_writing == ["Hubwagen 2 t", "Saal"]


def test_a_stranger_neither_reads_nor_writes_nor_marks(talk: Talk) -> None:
    with talk.installation.work(actor=talk.actor(talk.stranger)) as work:
        with pytest.raises(NotFound):
            conversation(work, talk.thread_id)
        with pytest.raises(NotFound):
            post_message(work, talk.thread_id, "Ich auch.")
        with pytest.raises(NotFound):
            mark_read(work, talk.thread_id, up_to=1)
        assert own_threads(work) == []


def test_an_empty_message_is_refused(talk: Talk) -> None:
    with pytest.raises(InvalidInput) as refusal:
        talk.write(talk.farmer, " \n ")

    assert set(refusal.value.errors) == {"message"}


def test_a_message_reaches_everybody_on_the_other_side_and_nobody_else(talk: Talk) -> None:
    with talk.installation.work() as work:
        from marketplace.accounts.models import Organisation

        farm = work.session.get_one(Organisation, talk.actor(talk.farmer).organisation_id)
        make_person(work, email="stall@a.example", organisation=farm)
        make_person(work, email="neu@a.example", organisation=farm, confirmed=False)
    talk.write(talk.carpenter, "Wir kommen am Dienstag.")

    mails = talk.installation.mails()

    assert sorted(mail["To"] for mail in mails) == ["hof@a.example", "stall@a.example"]


def test_the_mail_says_who_writes_about_what_and_leads_there(talk: Talk) -> None:
    browser = talk.browser_of(talk.carpenter)
    browser.send(talk.path, {"message": "Wir kommen <b>am</b> Dienstag."})

    (mail,) = talk.installation.mails("hof@a.example")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Tischlerei" in mail["Subject"]
    assert "Wir kommen <b>am</b> Dienstag." in text.splitlines()
    assert f"http://a.localhost{talk.path}" in text.splitlines()
    assert "&lt;b&gt;am&lt;/b&gt;" in html
    assert f'href="http://a.localhost{talk.path}"' in html


def test_reading_a_conversation_stores_nothing(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)

    page = browser.get(talk.path)

    assert "Ist der noch da?" in page.words
    assert talk.unread(talk.farmer) == 1


def test_the_button_marks_a_conversation_as_read(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)

    browser.send(f"{talk.path}/read", form_at=talk.path)

    assert talk.unread(talk.farmer) == 0
    assert "/read" not in browser.get(talk.path).text


def test_an_answer_is_written_on_the_page_of_the_conversation(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)

    page = browser.send(talk.path, {"message": "Ja, <ab> Montag."})

    assert (page.status, page.path) == (200, talk.path)
    assert "Ja, <ab> Montag." in page.words


def test_an_empty_answer_is_refused_beside_the_field(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)

    page = browser.send(talk.path, {"message": "   "})

    assert page.status == 422
    assert "Bitte schreiben Sie eine Nachricht." in page.words
    assert "Ist der noch da?" in page.words


def test_an_answer_that_is_too_long_is_refused_and_stays_in_the_form(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)

    page = browser.send(talk.path, {"message": "x" * 4001})

    assert page.status == 422
    assert page.form_values(talk.path)["message"] == "x" * 4001


@pytest.mark.parametrize("path", ["{thread}", "{thread}/read"])
def test_to_a_stranger_a_conversation_does_not_exist(talk: Talk, path: str) -> None:
    talk.installation.app.config["WTF_CSRF_ENABLED"] = False
    browser = talk.browser_of(talk.stranger)

    page = browser.post(path.format(thread=talk.path), {"message": "Hallo"})

    assert page.status == 404
    assert browser.get(talk.path).status == 404


def test_visitors_sign_in_before_they_read(talk: Talk) -> None:
    page = talk.installation.visitor().get(talk.path)

    assert page.path == f"/login?next=/messages/{talk.thread_id}"


def test_the_staff_read_no_messages(talk: Talk) -> None:
    with talk.installation.work() as work:
        moderator = make_moderator(work)
        work.session.flush()
        work.session.expunge_all()
    browser = talk.browser_of(moderator)

    assert browser.get("/messages").status == 403
    assert browser.get(talk.path).status == 403
    assert "Nachrichten" not in browser.get("/").words


def test_the_list_leads_to_the_conversation_and_says_what_is_new(talk: Talk) -> None:
    page = talk.browser_of(talk.farmer).get("/messages")

    assert talk.path in [link.get("href") for link in page.all("a")]
    assert "Tischlerei" in page.words
    assert "neu" in page.words


def test_who_has_no_conversations_is_told_how_one_begins(talk: Talk) -> None:
    page = talk.browser_of(talk.stranger).get("/messages")

    assert "Noch keine Nachrichten" in page.words


def test_the_desk_shows_what_is_unread_until_it_is_answered(talk: Talk) -> None:
    browser = talk.browser_of(talk.farmer)
    before = browser.get("/desk").words
    browser.send(talk.path, {"message": "Ja."})

    assert "1 neue Nachricht" in before
    assert "neue Nachricht" not in browser.get("/desk").words


def test_each_organisation_takes_part_once(talk: Talk) -> None:
    with talk.installation.work() as work:
        counted = work.session.execute(
            select(func.count(), func.count(Participant.organisation_id.distinct()))
        ).one()

    assert tuple(counted) == (2, 2)
