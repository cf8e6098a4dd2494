"""Each mail about a claim says what happened, and what comes next until when."""

from datetime import timedelta

import pytest

from marketplace.accounts.models import Person
from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId
from tests.factories.gifts import Given, make_given
from tests.support.installation import Installation

REASON = "Leider nicht für Sie."


@pytest.fixture
def given(installation: Installation) -> Given:
    given = make_given(installation, quantity=60, attributes={"collect_until": "2026-11-30"})
    given.add("Tafel", kind=OrganisationKind.CHARITY)
    given.add("Sportverein")
    return given


def mails_to(given: Given, who: str) -> dict[str, str]:
    """Give the text of each mail to a side by its subject."""
    actor = actor_of(given, who)
    with given.installation.work() as work:
        address = work.session.get_one(Person, actor.person_id).email
    found = {}
    for mail in given.installation.mails(address):
        body = mail.get_body(preferencelist=("plain",))
        assert body is not None
        found[str(mail["Subject"])] = " ".join(str(body.get_content()).split())
    return found


def actor_of(given: Given, who: str) -> Actor:
    return {"giver": given.giver, "desk": given.desk, **given.claimants}[who]


def offer(given: Given, shares: dict[ClaimId, int]) -> None:
    with given.installation.work(actor=given.desk) as work:
        reasons = dict.fromkeys(shares, REASON)
        allocate(work, given.listing_id, shares, reasons=reasons)


def go(given: Given, claim_id: ClaimId, *steps: str) -> None:
    """Take steps such as "giver decline"."""
    for step in steps:
        who, action = step.split()
        with given.installation.work(actor=actor_of(given, who)) as work:
            act_on_claim(work, claim_id, ClaimAction(action), note=REASON)


def test_the_giver_reads_who_needs_it_and_what_for(given: Given) -> None:
    given.claim("Tafel", 30)

    text = mails_to(given, "giver")["Tafel meldet Bedarf an: Bürostühle"]
    assert "Menge: 30 Stück" in text
    assert "Für unsere Räume." in text
    assert "entscheiden Sie oder die Ansprechstelle" in text
    assert mails_to(given, "Tafel") == {}


def test_who_is_offered_something_reads_how_much_and_until_when_to_answer(given: Given) -> None:
    offer(given, {given.claim("Tafel", 30): 30})

    text = mails_to(given, "Tafel")["Für Sie angeboten: Bürostühle"]
    assert "Menge: 30 Stück" in text
    assert "Bitte antworten Sie bis 3.9.2026, 10:00" in text
    assert len(mails_to(given, "giver")) == 1


def test_who_gets_nothing_reads_of_the_waiting_list_and_why(given: Given) -> None:
    offer(given, {given.claim("Tafel", 30): 0})

    text = mails_to(given, "Tafel")["Auf der Warteliste: Bürostühle"]
    assert REASON in text
    assert "Wird etwas frei, bekommen Sie es nach der Regel des Landkreises angeboten" in text


def test_who_comes_when_all_is_given_reads_so_and_the_giver_too(given: Given) -> None:
    offer(given, {given.claim("Tafel", 60): 60})
    given.claim("Sportverein", 20)

    assert "Auf der Warteliste: Bürostühle" in mails_to(given, "Sportverein")
    text = mails_to(given, "giver")["Sportverein meldet Bedarf an: Bürostühle"]
    assert "weil alles vergeben ist" in text


def test_both_read_of_what_was_agreed_and_until_when_it_is_collected(given: Given) -> None:
    claim = given.claim("Tafel", 30)
    offer(given, {claim: 30})
    go(given, claim, "Tafel accept")

    for text in (
        mails_to(given, "giver")["Tafel nimmt an: Bürostühle"],
        mails_to(given, "Tafel")["Zugesagt von Klinikbetreiber: Bürostühle"],
    ):
        assert "spätestens bis 30.11.2026, 24:00" in text
        assert "Die Zusage wird erst mit der Übergabe verbindlich." in text


TOLD = {
    "declined by the giver": (("giver decline",), {"Tafel": "Absage von Klinikbetreiber"}),
    "declined by the claimant": (("Tafel decline",), {"giver": "Absage von Tafel"}),
    "declined by the desk": (
        ("desk decline",),
        {"giver": "Absage an Tafel", "Tafel": "Absage der Ansprechstelle"},
    ),
    "withdrawn": (("Tafel withdraw",), {"giver": "Tafel zieht die Anmeldung zurück"}),
    "handed over": (
        ("Tafel accept", "giver hand-over"),
        {"Tafel": "Übergeben von Klinikbetreiber"},
    ),
    "taken over": (("Tafel accept", "Tafel hand-over"), {"giver": "Übernommen von Tafel"}),
    "confirmed": (
        ("Tafel accept", "giver hand-over", "Tafel confirm"),
        {"giver": "Übergabe bestätigt von Tafel"},
    ),
    "not collected": (("Tafel accept", "giver no-show"), {"Tafel": "Nicht abgeholt"}),
    "not collected, says the desk": (
        ("Tafel accept", "desk no-show"),
        {"Tafel": "Nicht abgeholt", "giver": "Nicht abgeholt von Tafel"},
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_the_side_that_did_not_act_reads_of_each_step(given: Given, case: str) -> None:
    steps, told = TOLD[case]
    claim = given.claim("Tafel", 30)
    offer(given, {claim: 30})
    go(given, claim, *steps[:-1])
    before = {who: mails_to(given, who) for who in ("giver", "Tafel")}

    go(given, claim, steps[-1])

    new = {who: [*(mails_to(given, who).keys() - known)] for who, known in before.items()}
    wanted = {who: [f"{subject}: Bürostühle"] for who, subject in told.items()}
    assert {who: subjects for who, subjects in new.items() if subjects} == wanted


def test_who_is_sent_away_reads_the_reason(given: Given) -> None:
    go(given, given.claim("Tafel", 30), "giver decline")

    assert REASON in mails_to(given, "Tafel")["Absage von Klinikbetreiber: Bürostühle"]


def test_an_offer_that_nobody_answered_is_told_to_both(given: Given) -> None:
    offer(given, {given.claim("Tafel", 30): 30})
    given.installation.run_jobs()
    given.installation.clock.advance(timedelta(days=3))

    assert "Angebot an Tafel verfallen: Bürostühle" in mails_to(given, "giver")
    assert "Angebot verfallen: Bürostühle" in mails_to(given, "Tafel")


def test_who_moves_up_reads_of_the_offer(given: Given) -> None:
    tafel = given.claim("Tafel", 60)
    offer(given, {tafel: 60})
    given.claim("Sportverein", 20)
    go(given, tafel, "Tafel decline")

    text = mails_to(given, "Sportverein")["Für Sie angeboten: Bürostühle"]
    assert "Menge: 20 Stück" in text
