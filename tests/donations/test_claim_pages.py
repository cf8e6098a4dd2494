"""What organisations, givers and the desk see of claims, and what they can do on the pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.rules.organisations import OrganisationKind, VerificationState
from marketplace.donations.operations.allocating import allocate
from marketplace.donations.operations.answering import act_on_claim
from marketplace.donations.rules.states import ClaimAction
from marketplace.foundation.database.unit_of_work import Actor
from marketplace.foundation.identifiers import ClaimId
from marketplace.geo.rules.points import Point
from tests.factories.accounts import sign_in
from tests.factories.gifts import Given, make_given
from tests.support.browser import Page, Visitor
from tests.support.installation import Installation

BRUECK = Point(52.1944, 12.7625)
TREUENBRIETZEN = Point(52.0972, 12.8711)
SENTENCE = "Für unseren Vereinsraum."


@dataclass
class Hall:
    """A gift of chairs, and a browser for each who has to do with it."""

    given: Given
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return f"/listings/{self.given.listing_id}"

    def actor(self, who: str) -> Actor:
        special = {"giver": self.given.giver, "desk": self.given.desk}
        return special.get(who) or self.given.claimants[who]

    def browser_of(self, who: str) -> Visitor:
        if who not in self.visitors:
            visitor = self.given.installation.visitor()
            with self.given.installation.work() as work:
                person = work.session.get_one(Person, self.actor(who).person_id)
                work.session.expunge(person)
            sign_in(visitor, person)
            self.visitors[who] = visitor
        return self.visitors[who]

    def sees(self, who: str, path: str = "") -> Page:
        return self.browser_of(who).get(path or self.page)

    def type_and_send(self, who: str, **changes: str) -> Page:
        typed = {"quantity": "20", "justification": SENTENCE, **changes}
        return self.browser_of(who).send(f"{self.page}/claim", typed, form_at=self.page)

    def act(self, who: str, claim_id: ClaimId, action: str, **typed: str) -> Page:
        """Press a button above the conversation."""
        thread = f"/messages/{self.given.look_at(claim_id).thread_id}"
        return self.browser_of(who).send(f"/claims/{claim_id}/{action}", typed, form_at=thread)

    def conversation(self, who: str, claim_id: ClaimId) -> Page:
        return self.sees(who, f"/messages/{self.given.look_at(claim_id).thread_id}")

    def share_out(self, who: str = "desk", **typed: str) -> Page:
        """Press "So anbieten", with other quantities or reasons than proposed if said."""
        named = {name.replace("__", "-"): value for name, value in typed.items()}
        return self.browser_of(who).send(f"{self.page}/claims", named)

    def offer(self, shares: dict[ClaimId, int]) -> None:
        with self.given.installation.work(actor=self.given.desk) as work:
            allocate(work, self.given.listing_id, shares)

    def do(self, who: str, claim_id: ClaimId, action: ClaimAction, note: str = "") -> None:
        with self.given.installation.work(actor=self.actor(who)) as work:
            act_on_claim(work, claim_id, action, note=note)

    def state(self, claim_id: ClaimId) -> tuple[str, int]:
        claim = self.given.look_at(claim_id)
        return claim.state, claim.granted


def open_hall(installation: Installation, **terms: object) -> Hall:
    given = make_given(installation, quantity=60, attributes=terms)
    given.add("Grundschule", kind=OrganisationKind.PUBLIC_SERVICE, point=BRUECK, has_proof=False)
    given.add("Sportverein", point=TREUENBRIETZEN)
    given.add("Tafel", kind=OrganisationKind.CHARITY)
    given.add("Heimatverein", has_proof=False)
    return Hall(given)


@pytest.fixture
def hall(installation: Installation) -> Hall:
    return open_hall(
        installation,
        recipients="recognised",
        apply_until="2026-11-15",
        collect_until="2026-11-30",
        smallest_lot=5,
    )


def three_claims(hall: Hall) -> dict[str, ClaimId]:
    return {
        "Tafel": hall.given.claim("Tafel", 30),
        "Sportverein": hall.given.claim("Sportverein", 20, need_by=date(2026, 12, 1)),
        "Grundschule": hall.given.claim("Grundschule", 24),
    }


def test_the_page_of_a_gift_says_on_what_terms_it_is_given_and_shared_out(hall: Hall) -> None:
    words = hall.sees("Sportverein").words

    assert "Noch da 60 von 60 Stück" in words
    assert "Für wen öffentliche Stellen und Organisationen mit Nachweis des Finanzamts" in words
    assert "Anmelden bis So, 15. November 2026" in words
    assert "Abholen bis Mo, 30. November 2026" in words
    assert "Aufteilen ja, ab 5 Stück" in words
    assert (
        "So wird verteilt: Zuerst öffentliche Aufgaben, dann wer es früher braucht, dann die Nähe."
    ) in words


def test_the_form_begins_with_the_smallest_lot_and_ones_own_purposes(hall: Hall) -> None:
    values = hall.sees("Sportverein").form_values(f"{hall.page}/claim")

    assert (values["quantity"], values["intended_use"]) == ("5", "own_purpose")


def test_what_is_not_split_is_claimed_whole(installation: Installation) -> None:
    hall = open_hall(installation, may_split=False)
    page = hall.sees("Sportverein")

    assert page.form_values(f"{hall.page}/claim")["quantity"] == "60"
    assert "Aufteilen nein, nur alles zusammen" in page.words
    assert "Es wird nur zusammen abgegeben: 60." in hall.type_and_send("Sportverein").words


def test_what_will_be_sold_gets_a_neutral_hint_and_no_advice(hall: Hall) -> None:
    words = hall.sees("Sportverein").words

    assert "erstellt die Plattform keine Bestätigung über Sachzuwendungen." in words


def test_a_claim_opens_a_conversation_in_which_both_read_what_is_wanted(hall: Hall) -> None:
    page = hall.type_and_send("Sportverein", need_by="2026-12-01")

    assert page.status == 200
    assert page.path.startswith("/messages/")
    assert "Ihre Anmeldung ist da." in page.words
    assert "Gewünscht 20 Stück Verwendung für unsere eigenen Zwecke" in page.words
    assert "Anmelden kann man sich bis So, 15. November 2026. Danach wird nach der Regel" in (
        page.words
    )
    other = hall.sees("giver", page.path)
    assert "Sportverein, Bad Belzig" in other.words
    assert SENTENCE in other.words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"quantity": ""}, "Bitte geben Sie an, wie viel Sie brauchen."),
        ({"quantity": "61"}, "Es gibt höchstens 60."),
        ({"quantity": "4"}, "Es wird erst ab 5 abgegeben."),
        ({"intended_use": "burn"}, "Bitte wählen Sie, was Sie damit vorhaben."),
        ({"need_by": "2026-08-31"}, "Dieser Tag ist vorbei."),
        ({"need_by": "morgen"}, "Das ist kein Tag."),
    ],
)
def test_a_claim_that_cannot_be_made_is_refused_at_its_field_and_keeps_what_was_typed(
    hall: Hall, typed: dict[str, str], sentence: str
) -> None:
    page = hall.type_and_send("Sportverein", **typed)

    assert page.status == 422
    assert sentence in page.words
    values = page.form_values(f"{hall.page}/claim")
    assert values["justification"].strip() == SENTENCE
    assert values.get("quantity") == typed.get("quantity", "20")


def test_without_a_sentence_on_it_nothing_is_claimed(hall: Hall) -> None:
    page = hall.type_and_send("Sportverein", justification="  ")

    assert page.status == 422
    assert "Bitte schreiben Sie in einem Satz, wofür Sie es brauchen." in page.words


def test_a_visitor_signs_in_and_is_back_at_the_form(hall: Hall) -> None:
    visitor = hall.given.installation.visitor()
    way = f"/login?next={hall.page}/claim"
    assert way in visitor.get(hall.page).text.replace("%2F", "/")

    assert hall.sees("Sportverein", f"{hall.page}/claim").path == hall.page


def test_an_organisation_that_is_not_verified_waits(hall: Hall) -> None:
    with hall.given.installation.work() as work:
        organisation_id = hall.given.organisation_of("Sportverein")
        organisation = work.session.get_one(Organisation, organisation_id)
        organisation.state = VerificationState.SUBMITTED

    page = hall.sees("Sportverein")

    assert "Ihre Organisation wird noch geprüft." in page.words
    assert f"{hall.page}/claim" not in page.text


def test_who_lacks_the_proof_reads_so_before_claiming_and_may_still_claim(hall: Hall) -> None:
    page = hall.sees("Heimatverein")
    assert "Ihr Nachweis fehlt noch" in page.words
    assert 'href="/account/status"' in page.text

    page = hall.type_and_send("Heimatverein")

    assert "Solange der Nachweis Ihres Status fehlt, kann Ihnen nichts angeboten werden." in (
        page.words
    )
    assert "Ihr Nachweis fehlt noch" not in hall.sees("Grundschule").words


def test_ones_own_claim_under_way_stands_in_place_of_the_form(hall: Hall) -> None:
    claim = hall.given.claim("Sportverein", 20)
    page = hall.sees("Sportverein")

    assert "Ihre Anmeldung: angemeldet" in page.words
    assert f"/messages/{hall.given.look_at(claim).thread_id}" in page.text
    assert f"{hall.page}/claim" not in page.text


def test_a_second_claim_is_refused_with_what_was_typed(hall: Hall) -> None:
    browser = hall.browser_of("Sportverein")
    values = {**browser.get(hall.page).form_values(f"{hall.page}/claim"), "quantity": "7"}
    hall.given.claim("Sportverein", 20)

    page = browser.post(f"{hall.page}/claim", {**values, "justification": SENTENCE})

    assert page.status == 409


def test_after_the_last_day_the_page_says_that_it_is_over(hall: Hall) -> None:
    hall.given.installation.clock.advance(timedelta(days=90))

    page = hall.sees("Sportverein")

    assert "Anmelden kann man sich hier nicht mehr: Die Frist ist vorbei." in page.words
    assert f"{hall.page}/claim" not in page.text


def test_where_all_is_given_a_claim_goes_to_the_waiting_list(installation: Installation) -> None:
    hall = open_hall(installation)
    tafel = hall.given.claim("Tafel", 60)
    hall.offer({tafel: 60})
    assert "Mit Ihrer Anmeldung kommen Sie auf die Warteliste." in hall.sees("Sportverein").words

    page = hall.type_and_send("Sportverein")

    assert "Sie stehen auf der Warteliste." in page.words


def test_the_giver_finds_who_claims_it_from_the_gifts_page(hall: Hall) -> None:
    page = hall.sees("giver")

    assert f'href="{hall.page}/claims"' in page.text
    assert "Bedarf anmelden" not in page.words


def test_the_page_to_share_out_says_of_every_claim_what_the_rule_gives_and_why(hall: Hall) -> None:
    three_claims(hall)
    hall.given.claim("Heimatverein", 10)

    words = hall.sees("desk", f"{hall.page}/claims").words

    assert "4 Anmeldungen warten Zu verteilen: 60 Stück." in words
    assert "Grundschule Bad Belzig öffentliche Stelle" in words
    assert "Sportverein Bad Belzig Nachweis liegt vor" in words
    assert "Heimatverein Bad Belzig wartet auf Nachweis" in words
    assert "Platz 1, Vorschlag: 24 Stück öffentliche Aufgabe, kein Tag genannt, " in words
    assert "Platz 2, Vorschlag: 20 Stück keine öffentliche Aufgabe, gebraucht bis Di, 1." in words
    assert "Platz 3, Vorschlag: 16 Stück" in words
    assert "0 m entfernt: ein Teil, mehr ist nicht da" in words
    assert "Ohne Platz, Vorschlag: 0 Stück" in words
    assert "nichts, solange der Nachweis fehlt" in words


def test_one_button_offers_what_the_rule_proposes(hall: Hall) -> None:
    claims = three_claims(hall)

    page = hall.share_out()

    assert "Angeboten. Alle erfahren es per Mail" in page.words
    assert [hall.state(each) for each in claims.values()] == [
        ("offered", 16),
        ("offered", 20),
        ("offered", 24),
    ]
    assert "angeboten 60 Stück noch da 0 Stück" in page.words


def test_the_giver_shares_out_as_the_desk_does(hall: Hall) -> None:
    claims = three_claims(hall)

    hall.share_out("giver")

    assert hall.state(claims["Grundschule"]) == ("offered", 24)


def test_something_else_than_the_rule_needs_a_reason_which_all_can_read(hall: Hall) -> None:
    claims = three_claims(hall)
    tafel, school = claims["Tafel"], claims["Grundschule"]
    changed = {f"quantity__{tafel}": "20", f"quantity__{school}": "20"}

    page = hall.share_out(**changed)

    assert page.status == 422
    assert "Nach der Regel wären es 16. Bitte schreiben Sie, warum anders." in page.words
    assert page.form_values(f"{hall.page}/claims")[f"quantity-{tafel}"] == "20"
    assert hall.state(tafel) == ("submitted", 0)

    reasons = {f"reason__{each}": "Die Schule hat noch Stühle." for each in (tafel, school)}
    assert hall.share_out(**changed, **reasons).status == 200
    conversation = hall.conversation("Tafel", tafel).words
    assert "Grund Die Schule hat noch Stühle." in conversation
    assert "Nach der Regel: Platz 3, 16 Stück: ein Teil, mehr ist nicht da." in conversation


def test_more_than_there_is_cannot_be_offered(hall: Hall) -> None:
    claims = three_claims(hall)

    page = hall.share_out(**{f"quantity__{claims['Tafel']}": "30"})

    assert page.status == 409
    assert "Zusammen sind das 74. Zu verteilen sind noch 60." in page.words
    assert hall.state(claims["Grundschule"]) == ("submitted", 0)


def test_who_claims_while_the_desk_shares_out_is_shown_and_not_passed_over(hall: Hall) -> None:
    hall.given.claim("Tafel", 30)
    desk = hall.browser_of("desk")
    values = desk.get(f"{hall.page}/claims").form_values(f"{hall.page}/claims")
    school = hall.given.claim("Grundschule", 24)

    page = desk.post(f"{hall.page}/claims", values)

    assert page.status == 422
    assert "Nach der Regel wären es 24." in page.words
    assert hall.state(school) == ("submitted", 0)


def test_where_nothing_is_left_there_is_nothing_to_share_out(hall: Hall) -> None:
    hall.offer({hall.given.claim("Tafel", 60): 60})
    hall.given.claim("Sportverein", 20)

    page = hall.sees("desk", f"{hall.page}/claims")

    assert "1 Anmeldung wartet Zurzeit ist nichts zu verteilen." in page.words
    assert "So anbieten" not in page.words
    assert "Sportverein gewünscht 20 Stück auf der Warteliste" in page.words


def test_the_desk_sends_somebody_away_only_with_a_reason(hall: Hall) -> None:
    tafel = hall.given.claim("Tafel", 30)
    desk, way = hall.browser_of("desk"), f"/claims/{tafel}/decline"
    page = f"{hall.page}/claims"

    refused = desk.send(way, {"reason": " "}, form_at=page)
    assert refused.status == 422
    assert "Bitte schreiben Sie in einem Satz, warum." in refused.words

    done = desk.send(way, {"reason": "Es ist für Schulen gedacht."}, form_at=page)
    assert done.path == page
    assert "Grund: Es ist für Schulen gedacht." in done.words
    conversation = hall.conversation("Tafel", tafel).words
    assert "Die Ansprechstelle des Landkreises hat abgesagt." in conversation
    assert "Andere Angebote finden" in conversation


@pytest.mark.parametrize("who", ["desk", "giver"])
def test_an_offered_quantity_is_changed_with_a_reason_which_both_can_read(
    hall: Hall, who: str
) -> None:
    tafel = hall.given.claim("Tafel", 30)
    hall.share_out()
    browser, page, way = hall.browser_of(who), f"{hall.page}/claims", f"/claims/{tafel}/offer"
    values = browser.get(page).form_values(way)
    assert values["quantity"] == "30"

    refused = browser.post(way, {**values, "quantity": "22", "reason": " "})
    assert refused.status == 422
    assert "Bitte schreiben Sie, warum es jetzt eine andere Menge ist." in refused.words
    assert refused.form_values(way)["quantity"] == "22"
    assert hall.state(tafel) == ("offered", 30)

    reason = "Acht gehen an die Grundschule."
    done = browser.post(way, {**values, "quantity": "22", "reason": reason})
    assert done.path == page
    assert "Tafel gewünscht 30 Stück · angeboten 22 Stück" in done.words
    for reader in ("giver", "Tafel"):
        words = hall.conversation(reader, tafel).words
        assert f"Grund {reason}" in words
        assert "Angeboten 22 Stück" in words


def test_more_than_is_there_is_not_offered_and_what_was_typed_stays(hall: Hall) -> None:
    tafel = hall.given.claim("Tafel", 30)
    school = hall.given.claim("Grundschule", 50)
    hall.share_out()
    assert (hall.state(school), hall.state(tafel)) == (("offered", 50), ("offered", 10))
    page, way = f"{hall.page}/claims", f"/claims/{tafel}/offer"
    assert "Höchstens 10 Stück." in hall.sees("desk", page).words

    typed = {"quantity": "12", "reason": "Es wird mehr gebraucht."}
    refused = hall.browser_of("desk").send(way, typed, form_at=page)

    assert refused.status == 409
    assert "So viel ist nicht mehr da: noch 10." in refused.words
    values = refused.form_values(way)
    assert (values["quantity"], values["reason"]) == ("12", "Es wird mehr gebraucht.")
    assert hall.state(tafel) == ("offered", 10)


def test_what_was_answered_meanwhile_cannot_be_offered_otherwise(hall: Hall) -> None:
    tafel = hall.given.claim("Tafel", 30)
    hall.share_out()
    desk, way = hall.browser_of("desk"), f"/claims/{tafel}/offer"
    values = desk.get(f"{hall.page}/claims").form_values(way)
    hall.do("Tafel", tafel, ClaimAction.ACCEPT)

    page = desk.post(way, {**values, "quantity": "20", "reason": "Weniger ist da."})

    assert page.status == 409
    assert "Der Stand hat sich inzwischen geändert." in page.words
    assert hall.state(tafel) == ("accepted", 30)


@pytest.mark.parametrize("who", ["Sportverein", "Tafel"])
def test_others_do_not_see_who_claims(hall: Hall, who: str) -> None:
    hall.given.claim("Tafel", 30)

    assert hall.sees(who, f"{hall.page}/claims").status == 404


def test_a_stranger_cannot_act_on_a_claim(hall: Hall) -> None:
    tafel = hall.given.claim("Tafel", 30)

    assert hall.browser_of("Sportverein").post(f"/claims/{tafel}/withdraw").status in (400, 404)
    assert hall.state(tafel) == ("submitted", 0)


def test_a_part_is_accepted_then_handed_over_and_confirmed(hall: Hall) -> None:
    tafel = three_claims(hall)["Tafel"]
    hall.share_out()
    page = hall.conversation("Tafel", tafel)
    assert "wartet auf Sie" in page.words
    assert "Sie sind dran: Nehmen Sie bis Do, 3. September 2026, 10:00 Uhr alles oder" in page.words
    assert page.form_values(f"/claims/{tafel}/accept")["quantity"] == "16"
    assert "@betrieb.example" not in page.words

    page = hall.act("Tafel", tafel, "accept", quantity="10")
    assert "Zugesagt 10 Stück" in page.words
    assert "spätestens bis Mo, 30. November 2026" in page.words
    assert "Die Zusage wird erst mit der Übergabe verbindlich." in page.words
    assert "@betrieb.example" in page.words

    page = hall.act("giver", tafel, "hand-over", quantity="9")
    assert "Tafel bestätigt noch die Übergabe." in page.words
    page = hall.act("Tafel", tafel, "confirm")
    assert "Beide Seiten haben die Übergabe festgehalten." in page.words
    assert hall.state(tafel) == ("confirmed", 9)


@pytest.mark.parametrize("quantity", ["0", "17", ""])
def test_nobody_accepts_more_than_is_offered_or_nothing(hall: Hall, quantity: str) -> None:
    tafel = three_claims(hall)["Tafel"]
    hall.share_out()

    page = hall.act("Tafel", tafel, "accept", quantity=quantity)

    assert page.status == 422
    assert ("Bitte geben Sie eine Menge an." if not quantity else "Möglich sind 5 bis 16.") in (
        page.words
    )
    assert hall.state(tafel) == ("offered", 16)


def test_what_was_answered_meanwhile_is_said_and_the_words_are_kept(hall: Hall) -> None:
    tafel = hall.given.claim("Tafel", 30)
    giver = hall.browser_of("giver")
    way = f"/claims/{tafel}/decline"
    values = hall.conversation("giver", tafel).form_values(way)
    hall.do("Tafel", tafel, ClaimAction.WITHDRAW)

    page = giver.post(way, {**values, "reason": "Leider schon versprochen."})

    assert page.status == 409
    assert "Der Stand hat sich inzwischen geändert." in page.words
    assert "Leider schon versprochen." in page.text


def test_who_does_not_come_reads_why_and_it_is_there_again(hall: Hall) -> None:
    tafel = three_claims(hall)["Tafel"]
    hall.share_out()
    hall.do("Tafel", tafel, ClaimAction.ACCEPT)

    page = hall.act("giver", tafel, "no-show", reason="Niemand kam.")

    assert "Es ist wieder für andere da." in page.words
    page = hall.conversation("Tafel", tafel)
    assert "Klinikbetreiber meldet, dass es nicht abgeholt wurde." in page.words
    assert "Grund Niemand kam." in page.words
    assert "noch da 16 Stück" in hall.sees("desk", f"{hall.page}/claims").words


def test_what_nobody_answers_in_time_reads_as_run_out_on_both_sides(hall: Hall) -> None:
    tafel = three_claims(hall)["Tafel"]
    hall.share_out()
    hall.given.installation.clock.advance(timedelta(days=3))
    page = hall.conversation("Tafel", tafel)
    assert "abgelaufen" in page.words
    assert f"/claims/{tafel}/accept" not in page.text

    hall.given.installation.run_jobs()

    assert "Das Angebot ist verfallen" in hall.conversation("Tafel", tafel).words
    assert "Tafel hat nicht rechtzeitig geantwortet." in hall.conversation("giver", tafel).words


def test_the_desks_show_what_waits_for_whom(hall: Hall) -> None:
    claims = three_claims(hall)
    assert "Bürostühle 3 Anmeldungen wartet auf Sie Verteilen" in hall.sees("giver", "/desk").words

    hall.share_out()

    assert "Klinikbetreiber · 16 Stück · Antwort bis Do, 3. September 2026, 10:00 Uhr" in (
        hall.sees("Tafel", "/desk").words
    )
    hall.do("Tafel", claims["Tafel"], ClaimAction.ACCEPT)
    assert "Tafel · 16 Stück zugesagt Übergabe festhalten" in hall.sees("giver", "/desk").words


def test_the_staff_find_the_gifts_that_somebody_claims(hall: Hall) -> None:
    assert (
        "Zurzeit ist zu keiner Spende Bedarf angemeldet." in hall.sees("desk", "/moderation").words
    )
    three_claims(hall)

    for path in ("/moderation", "/moderation/gifts"):
        page = hall.sees("desk", path)
        assert "Klinikbetreiber · 3 offene Anmeldungen · noch da: 60 Stück" in page.words
        assert f'href="{hall.page}/claims"' in page.text
    assert "Anmeldungen und Verteilung" in hall.sees("desk").words
    assert hall.sees("Tafel", "/moderation/gifts").status == 403


def test_a_claim_for_what_is_gone_gives_the_words_back(hall: Hall) -> None:
    browser = hall.browser_of("Sportverein")
    values = browser.get(hall.page).form_values(f"{hall.page}/claim")
    owner = hall.browser_of("giver")
    owner.send(f"{hall.page}/pause", form_at=hall.page)

    page = browser.post(f"{hall.page}/claim", {**values, "justification": SENTENCE})

    assert page.status == 404
    assert SENTENCE in page.text
