"""Files go with messages: to both sides, to the staff when it is reported, and to nobody else."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.foundation.errors import InvalidInput
from marketplace.messaging.models import Attachment, Message
from marketplace.messaging.operations import expect_files, post_message
from marketplace.messaging.rules.attachments import check_file
from tests.factories.accounts import make_moderator, make_organisation, make_person, sign_in
from tests.factories.files import make_pdf, make_picture
from tests.messaging.conftest import Talk
from tests.support.browser import Page, Visitor

LARGEST = 5 * 1024 * 1024
WORDS = "Hier der Plan."


def send(talk: Talk, person: Person, files: Mapping[str, bytes], words: str = WORDS) -> Page:
    sent = [(BytesIO(content), name) for name, content in files.items()]
    return talk.browser_of(person).send(talk.path, {"message": words, "files": sent})


def attachments(talk: Talk) -> list[Attachment]:
    with talk.installation.work() as work:
        found = list(work.session.scalars(select(Attachment).order_by(Attachment.position)))
        work.session.expunge_all()
        return found


def stored_names(talk: Talk) -> list[str]:
    folder: Path = talk.installation.services.settings.files_dir / talk.installation.a.id
    return sorted(each.name for each in folder.glob("attachments/*"))


def fetch(visitor: Visitor, attachment: Attachment, *, small: bool = False) -> Page:
    size = "?size=small" if small else ""
    return visitor.get(f"/messages/attachments/{attachment.id}{size}")


def test_both_sides_see_and_save_what_was_sent(talk: Talk) -> None:
    pdf = make_pdf()
    send(talk, talk.carpenter, {"Plan vom Hof.pdf": pdf, "Hof.jpg": make_picture(place="Weg 3")})

    plan, photo = attachments(talk)
    for person in (talk.carpenter, talk.farmer):
        browser = talk.browser_of(person)
        page = browser.get(talk.path)
        links = ["".join(each.itertext()) for each in page.all("a")]
        assert {"Plan vom Hof.pdf herunterladen", "Hof.webp herunterladen"} <= set(links)
        assert fetch(browser, plan).response.data == pdf
        for small in (False, True):
            shown = fetch(browser, photo, small=small).response.data
            assert b"Weg 3" not in shown
            with Image.open(BytesIO(shown)) as picture:
                assert picture.format == "WEBP"


def test_a_file_is_there_to_be_saved_and_can_do_nothing(talk: Talk) -> None:
    send(talk, talk.carpenter, {"Plan für Hof.pdf": make_pdf(), "Hof.png": make_picture("PNG")})

    plan, photo = attachments(talk)
    browser = talk.browser_of(talk.farmer)
    headers = [fetch(browser, each).response.headers for each in (plan, photo)]

    assert [each["Content-Disposition"] for each in headers] == [
        "attachment; filename*=UTF-8''Plan%20f%C3%BCr%20Hof.pdf",
        "attachment; filename*=UTF-8''Hof.webp",
    ]
    for each in headers:
        assert each["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert each["X-Content-Type-Options"] == "nosniff"
        assert each["Cache-Control"].startswith("private")
    thumbnail = fetch(browser, photo, small=True).response.headers
    assert (thumbnail["Content-Disposition"], thumbnail["Content-Type"]) == ("inline", "image/webp")
    assert "attachment" in fetch(browser, plan, small=True).response.headers["Content-Disposition"]


def test_strangers_visitors_and_the_neighbouring_district_get_no_file(talk: Talk) -> None:
    send(talk, talk.carpenter, {"Plan.pdf": make_pdf()})
    (plan,) = attachments(talk)
    with talk.installation.work() as work:
        moderator = make_moderator(work)
        work.session.flush()
        work.session.expunge(moderator)

    assert fetch(talk.browser_of(talk.stranger), plan).status == 404
    assert fetch(talk.browser_of(moderator), plan).status == 403  # reads no conversation
    neighbour = talk.installation.visitor(talk.installation.b)
    sign_in_page = fetch(neighbour, plan)
    assert (sign_in_page.status, sign_in_page.path.partition("?")[0]) == (200, "/login")


def test_the_staff_see_the_files_of_a_reported_message_and_no_others(talk: Talk) -> None:
    send(talk, talk.farmer, {"Falsch.pdf": make_pdf()})
    for words in ("Eins.", "Zwei."):
        talk.write(talk.carpenter, words)
    send(talk, talk.carpenter, {"Anderes.pdf": make_pdf()}, "Drei.")
    reported, other = sorted(attachments(talk), key=lambda each: each.name, reverse=True)
    with talk.installation.work() as work:
        moderator = make_moderator(work)
        message_id = work.session.get_one(Message, reported.message_id).id
        work.session.flush()
        work.session.expunge(moderator)
    talk.browser_of(talk.carpenter).send(
        f"/report/message/{message_id}", {"category": "fraud", "reason": "Der Plan ist gefälscht."}
    )

    staff = talk.browser_of(moderator)
    queue = staff.get("/moderation")
    (path,) = {each.get("href") for each in queue.all("a") if "/reports/" in each.get("href", "")}
    page = staff.get(path)

    assert "Falsch.pdf" in page.text
    assert staff.get(f"{path}/attachments/{reported.id}").response.data == make_pdf()
    assert staff.get(f"{path}/attachments/{other.id}").status == 404
    assert talk.browser_of(talk.farmer).get(f"{path}/attachments/{reported.id}").status == 403


def test_each_refusal_names_the_file_and_keeps_the_words(talk: Talk) -> None:
    refused = send(
        talk,
        talk.carpenter,
        {
            "halb.pdf": make_pdf()[:40],
            "tabelle.xlsx": b"PK\x03\x04",
            "skript.pdf": make_pdf(b"/OpenAction << /S /JavaScript /JS (x) >>"),
            "viertes.pdf": make_pdf(),
        },
    )

    assert refused.status == 422
    for sentence in (
        "halb.pdf: Die PDF-Datei ist nicht vollständig.",
        "tabelle.xlsx: Das ist weder ein Foto (JPEG, PNG, WebP) noch eine PDF-Datei.",
        "skript.pdf: Die PDF-Datei enthält Programme oder weitere Dateien.",
        "viertes.pdf: An eine Nachricht passen höchstens 3 Dateien.",
        "Bitte wählen Sie die Dateien noch einmal aus.",
    ):
        assert refused.words.count(sentence) == 2  # in the summary, and beside the field
    assert refused.form_values(talk.path)["message"] == WORDS
    assert (attachments(talk), stored_names(talk)) == ([], [])


def test_a_file_needs_some_words_with_it(talk: Talk) -> None:
    refused = send(talk, talk.carpenter, {"Plan.pdf": make_pdf()}, words=" ")

    assert refused.status == 422
    assert "Bitte schreiben Sie eine Nachricht." in refused.words
    assert "Bitte wählen Sie die Dateien noch einmal aus." in refused.words
    assert stored_names(talk) == []


def test_the_mail_says_how_many_files_there_are_and_carries_none(talk: Talk) -> None:
    send(talk, talk.carpenter, {"Plan.pdf": make_pdf()})
    send(talk, talk.carpenter, {"a.pdf": make_pdf(), "b.pdf": make_pdf()}, "Und zwei.")
    talk.write(talk.carpenter, "Ohne.")

    texts = []
    for mail in talk.installation.mails(to=talk.farmer.email):
        assert not list(mail.iter_attachments())
        body = mail.get_body(("plain",))
        assert body is not None
        texts.append(body.get_content())

    assert sorted(
        next((line for line in text.splitlines() if line.startswith("Mit ")), "") for text in texts
    ) == ["", "Mit 2 Dateien.", "Mit einer Datei."]
    assert not [text for text in texts if "Plan.pdf" in text]


def test_a_form_that_is_sent_twice_stores_its_files_once(talk: Talk) -> None:
    browser = talk.browser_of(talk.carpenter)
    values = browser.get(talk.path).form_values(talk.path)
    for pdf in (make_pdf(), make_pdf(), make_pdf(b"/Lang (de)")):
        browser.post(talk.path, {**values, "message": WORDS, "files": [(BytesIO(pdf), "a.pdf")]})

    assert len(attachments(talk)) == len(stored_names(talk)) == 2  # the third has another file


def test_files_of_a_message_that_never_came_to_be_are_deleted(talk: Talk) -> None:
    send(talk, talk.carpenter, {"Hof.jpg": make_picture(), "Plan.pdf": make_pdf()})
    kept = stored_names(talk)
    carpenter = talk.actor(talk.carpenter)
    files = [check_file("x.png", make_picture("PNG"), largest_bytes=LARGEST)]
    with talk.installation.work(actor=carpenter) as work:
        expected = expect_files(work, files)
    with pytest.raises(ConnectionError), talk.installation.work(actor=carpenter) as work:
        post_message(work, talk.thread_id, "Geht verloren.", files=expected)
        raise ConnectionError

    talk.installation.run_jobs()
    before = stored_names(talk)
    talk.installation.clock.advance(timedelta(hours=2))
    talk.installation.run_jobs()

    assert len(before) == len(kept) + 2
    assert stored_names(talk) == kept


def test_no_way_leads_more_than_three_files_into_a_message(talk: Talk) -> None:
    files = [check_file("x.pdf", make_pdf(), largest_bytes=LARGEST)] * 4
    with talk.installation.work(actor=talk.actor(talk.carpenter)) as work:
        expected = expect_files(work, files)
        with pytest.raises(InvalidInput) as refusal:
            post_message(work, talk.thread_id, WORDS, files=expected)

    assert set(refusal.value.errors) == {"files"}


def test_a_neighbour_who_is_signed_in_does_not_find_the_file(talk: Talk) -> None:
    send(talk, talk.carpenter, {"Plan.pdf": make_pdf()})
    (plan,) = attachments(talk)
    with talk.installation.work(talk.installation.b) as work:
        member = make_person(work, organisation=make_organisation(work))
        work.session.flush()
        work.session.expunge(member)
    neighbour = talk.installation.visitor(talk.installation.b)
    sign_in(neighbour, member)

    assert fetch(neighbour, plan).status == 404
