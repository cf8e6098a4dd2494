"""The gates as tables of cases, at their edges: domain.md 2.2, 3.4, 3.6 and 11.3."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from marketplace.listings.kinds import KINDS
from marketplace.listings.resource_kind import GateCase, Ruling, Verdict
from marketplace.listings.rules.gates import goods, haulage, inspection, staff
from marketplace.listings.rules.gates.goods import forbidden_words
from marketplace.listings.rules.gates.staff import last_day_of_months, personal_words, runs_of

TODAY = date(2026, 9, 1)


def case(
    values: Mapping[str, Any],
    *,
    is_request: bool = False,
    organisation_kind: str = "firm",
    first: date | None = None,
    last: date | None = None,
    stretches: tuple[tuple[date, date], ...] = (),
    today: date = TODAY,
    earlier_uses: Mapping[str, int] | None = None,
    title: str = "Titel",
    description: str = "",
) -> GateCase:
    return GateCase(
        values=values,
        title=title,
        description=description,
        is_request=is_request,
        organisation_kind=organisation_kind,
        stretches=((first, last),) if first and last else stretches,
        today=today,
        earlier_uses=earlier_uses or {},
    )


def code_of(ruling: Ruling | None) -> str:
    return ruling.code if ruling else ""


def trip(**values: Any) -> dict[str, Any]:  # noqa: ANN401 (any attribute)
    return {"goods_owner": "third_party_goods", "cross_border": False, **values}


@pytest.mark.parametrize(
    ("values", "organisation_kind", "expected"),
    [
        (trip(gross_mass=3_500), "firm", "LIGHT"),
        (trip(gross_mass=3_501), "firm", "LICENCE_NEEDED"),
        (trip(gross_mass=3_500, goods_owner="mixed"), "firm", "LIGHT"),
        (trip(gross_mass=2_500, cross_border=True), "firm", "LIGHT_ABROAD"),
        (trip(gross_mass=2_501, cross_border=True), "firm", "LICENCE_NEEDED"),
        (trip(gross_mass=3_500, cross_border=True), "firm", "LICENCE_NEEDED"),
        ({"goods_owner": "own_goods", "gross_mass": 3_500}, "firm", "OWN_ACCOUNT"),
        ({"goods_owner": "own_goods", "gross_mass": 3_501}, "firm", "OWN_ACCOUNT_HEAVY"),
        (trip(gross_mass=7_500, charitable_trip=True), "association", "ASSOCIATION"),
        (trip(gross_mass=7_500, charitable_trip=True), "charity", "ASSOCIATION"),
        (trip(gross_mass=7_500, charitable_trip=False), "association", "LICENCE_NEEDED"),
        (trip(gross_mass=7_500, charitable_trip=True), "firm", "LICENCE_NEEDED"),
        (trip(gross_mass=7_500, licence="community_licence"), "firm", "LICENSED"),
        (trip(gross_mass=7_500, licence="old_national_permit"), "firm", "LICENSED"),
        (trip(gross_mass=7_500, licence="none"), "firm", "LICENCE_NEEDED"),
        (
            trip(gross_mass=7_500, licence="old_national_permit", cross_border=True),
            "firm",
            "LICENCE_NEEDED",
        ),
        (trip(gross_mass=3_501, remuneration="none"), "firm", "LICENCE_NEEDED"),
        ({"goods_owner": "own_goods"}, "firm", "OPEN_QUESTIONS"),
        (trip(gross_mass=3_500, cross_border=None), "firm", "OPEN_QUESTIONS"),
        ({}, "firm", "OPEN_QUESTIONS"),
    ],
)
def test_the_haulage_decision(
    values: dict[str, Any], organisation_kind: str, expected: str
) -> None:
    ruling = haulage.decide(case(values, organisation_kind=organisation_kind))

    assert code_of(ruling) == expected
    closed = expected in ("LICENCE_NEEDED", "OPEN_QUESTIONS")
    assert ruling is not None
    assert (ruling.verdict is Verdict.CLOSED) == closed
    assert bool(ruling.missing) == closed


@pytest.mark.parametrize(
    ("charitable_trip", "organisation_kind", "asked"),
    [
        (None, "association", {"charitable_trip", "licence"}),
        (False, "association", {"licence"}),
        (True, "firm", {"charitable_trip", "licence"}),
        (None, "firm", {"licence"}),
    ],
)
def test_associations_hear_what_they_may_state_and_others_that_it_is_not_for_them(
    charitable_trip: bool | None, organisation_kind: str, asked: set[str]
) -> None:
    values = trip(gross_mass=7_500, charitable_trip=charitable_trip)

    ruling = haulage.decide(case(values, organisation_kind=organisation_kind))

    assert ruling is not None
    assert set(ruling.missing) == asked


@pytest.mark.parametrize("kind", ["transport", "staff"])
def test_a_gate_asks_only_what_the_form_shows(kind: str) -> None:
    (ruling,) = (
        ruling for gate in KINDS[kind].gates if (ruling := gate.decide(case({}))) is not None
    )

    asked = [KINDS[kind].attribute(key) for key in ruling.missing]
    assert asked
    assert all(each is not None and KINDS[kind].applies(each, {}) for each in asked)


def test_who_looks_for_a_trip_carries_nothing() -> None:
    assert haulage.decide(case({}, is_request=True)) is None


@pytest.mark.parametrize(
    ("due", "today", "is_closed"),
    [
        ("2026-09", date(2026, 9, 30), False),
        ("2026-09", date(2026, 10, 1), True),
        ("2026-08", date(2026, 9, 1), True),
        ("2027-01", date(2026, 12, 31), False),
        (None, date(2026, 9, 1), False),
    ],
)
def test_a_month_of_inspection_counts_to_its_last_day(
    due: str | None, today: date, is_closed: bool
) -> None:
    ruling = inspection.inspected(case({"next_inspection": due}, today=today))

    assert (ruling is not None and ruling.verdict is Verdict.CLOSED) == is_closed
    assert (ruling is None) == (due is None)


def test_an_inspection_is_reminded_of_two_weeks_before_its_month_ends() -> None:
    ruling = inspection.inspected(case({"next_inspection": "2028-02"}))

    assert ruling is not None
    assert [reminder.day for reminder in ruling.reminders] == [date(2028, 2, 15)]


def test_a_machine_without_ce_marking_goes_to_the_staff() -> None:
    ruling = inspection.marking(case({"ce_marking": False}))

    assert ruling is not None
    assert ruling.verdict is Verdict.REVIEW
    assert inspection.marking(case({"ce_marking": True})) is None
    assert inspection.marking(case({})) is None


LENT: dict[str, Any] = {
    "directed_by": "borrower",
    "building_work": "no",
    "hired_for_lending": "no",
    "consent": True,
    "works_council": "none",
    "hints_read": True,
}
PERMIT: dict[str, Any] = {
    **LENT,
    "legal_basis": "permit",
    "permit_authority": "Agentur für Arbeit",
    "permit_date": "2026-03-01",
    "permit_unlimited": True,
}
SMALL_FIRM: dict[str, Any] = {
    **LENT,
    "legal_basis": "small_firm_notice",
    "employee_count": "below_50",
    "avoids_short_time": True,
    "notice_sent_on": "2026-08-31",
}
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 23)


@pytest.mark.parametrize(
    ("values", "expected", "is_open"),
    [
        ({}, "OPEN_QUESTIONS", False),
        ({"directed_by": "own_firm"}, "SERVICE_CONTRACT", False),
        ({"directed_by": "own_firm", "hints_read": True}, "SERVICE_CONTRACT", True),
        ({"directed_by": "unclear", "hints_read": True}, "ADVICE_NEEDED", False),
        ({"directed_by": "borrower"}, "OPEN_QUESTIONS", False),
        ({"directed_by": "borrower", "building_work": "yes"}, "CONSTRUCTION", False),
        ({**PERMIT, "building_work": "yes"}, "CONSTRUCTION", False),
        ({"directed_by": "borrower", "building_work": "unclear"}, "ADVICE_NEEDED", False),
        ({**LENT, "hired_for_lending": None}, "OPEN_QUESTIONS", False),
        ({**LENT, "hired_for_lending": "unclear"}, "ADVICE_NEEDED", False),
        (LENT, "OPEN_QUESTIONS", False),
        ({**LENT, "legal_basis": "none"}, "NO_BASIS", False),
        ({**LENT, "legal_basis": "occasional", "hired_for_lending": "yes"}, "PERMIT_ONLY", False),
        ({**PERMIT, "hired_for_lending": "yes"}, "PERMIT", True),
        (PERMIT, "PERMIT", True),
        ({**PERMIT, "hints_read": False}, "PERMIT", False),
        ({**PERMIT, "permit_authority": ""}, "BASIS_INCOMPLETE", False),
        ({**PERMIT, "permit_unlimited": False}, "BASIS_INCOMPLETE", False),
        (
            {**PERMIT, "permit_unlimited": False, "permit_valid_until": "2026-10-23"},
            "PERMIT",
            True,
        ),
        (
            {**PERMIT, "permit_unlimited": False, "permit_valid_until": "2026-10-22"},
            "BASIS_INCOMPLETE",
            False,
        ),
        ({**PERMIT, "permit_date": "2026-10-12"}, "PERMIT", True),
        ({**PERMIT, "permit_date": "2026-10-13"}, "BASIS_INCOMPLETE", False),
        ({**PERMIT, "consent": False}, "BASIS_INCOMPLETE", False),
        ({**PERMIT, "consent": None}, "BASIS_INCOMPLETE", False),
        ({**PERMIT, "works_council": "no"}, "BASIS_INCOMPLETE", False),
        ({**PERMIT, "works_council": None}, "BASIS_INCOMPLETE", False),
        (SMALL_FIRM, "SMALL_FIRM_NOTICE", True),
        ({**SMALL_FIRM, "employee_count": "from_50"}, "BASIS_INCOMPLETE", False),
        ({**SMALL_FIRM, "avoids_short_time": False}, "BASIS_INCOMPLETE", False),
        ({**SMALL_FIRM, "notice_sent_on": "2026-09-01"}, "SMALL_FIRM_NOTICE", True),
        ({**SMALL_FIRM, "notice_sent_on": "2026-09-02"}, "BASIS_INCOMPLETE", False),
        ({**LENT, "legal_basis": "group", "is_group": True}, "GROUP", True),
        ({**LENT, "legal_basis": "group"}, "BASIS_INCOMPLETE", False),
        (
            {**LENT, "legal_basis": "tariff_same_sector", "tariff_binds": True},
            "TARIFF_SAME_SECTOR",
            True,
        ),
        ({**LENT, "legal_basis": "tariff_same_sector"}, "BASIS_INCOMPLETE", False),
        ({**LENT, "legal_basis": "public_bodies"}, "BASIS_INCOMPLETE", False),
        ({**LENT, "legal_basis": "occasional"}, "OCCASIONAL", True),
    ],
)
def test_the_staff_wizard(values: dict[str, Any], expected: str, is_open: bool) -> None:
    ruling = staff.decide(case(values, first=FIRST, last=LAST))

    assert code_of(ruling) == expected
    assert ruling is not None
    assert (ruling.verdict is Verdict.OPEN) == is_open
    assert bool(ruling.missing) != is_open


@pytest.mark.parametrize(
    ("values", "question", "words"),
    [
        ({"directed_by": "unclear"}, "directed_by", "Wer sagt der Person"),
        ({"directed_by": "borrower", "building_work": "unclear"}, "building_work", "woran"),
        ({**LENT, "hired_for_lending": "unclear"}, "hired_for_lending", "Arbeitsvertrag"),
    ],
)
def test_who_is_unsure_hears_how_to_find_out(
    values: dict[str, Any], question: str, words: str
) -> None:
    ruling = staff.decide(case(values))

    assert ruling is not None
    assert words in ruling.missing[question]
    assert "Agentur für Arbeit" in ruling.text


@pytest.mark.parametrize(
    ("values", "is_request"),
    [
        ({"directed_by": "own_firm"}, False),
        ({"directed_by": "own_firm"}, True),
        ({"directed_by": "borrower", "building_work": "no"}, True),
        (PERMIT, False),
        (SMALL_FIRM, False),
        ({**LENT, "legal_basis": "group", "is_group": True}, False),
        ({**LENT, "legal_basis": "tariff_same_sector", "tariff_binds": True}, False),
        ({**LENT, "legal_basis": "occasional"}, False),
    ],
)
def test_the_form_shows_the_hints_that_are_confirmed_as_read(
    values: dict[str, Any], is_request: bool
) -> None:
    question = KINDS["staff"].attribute("hints_read")
    ruling = staff.decide(
        case({**values, "hints_read": True}, is_request=is_request, first=FIRST, last=LAST)
    )

    assert question is not None
    assert ruling is not None
    assert [
        hint.text
        for hint in question.hints_for(is_request=is_request)
        if hint.shown_if.holds(values)
    ] == [ruling.text]


def test_public_bodies_have_their_own_exemptions() -> None:
    values = {**LENT, "legal_basis": "public_bodies"}

    ruling = staff.decide(case(values, organisation_kind="public_body", first=FIRST, last=LAST))

    assert code_of(ruling) == "PUBLIC_BODIES"


def test_lending_needs_its_days() -> None:
    ruling = staff.decide(case(PERMIT))

    assert ruling is not None
    assert set(ruling.missing) == {"free_days"}


@pytest.mark.parametrize(
    ("earlier", "verdict"), [(0, Verdict.OPEN), (1, Verdict.OPEN), (2, Verdict.REVIEW)]
)
def test_occasional_is_warned_of_the_second_and_looked_at_the_third_time(
    earlier: int, verdict: Verdict
) -> None:
    values = {**LENT, "legal_basis": "occasional"}

    ruling = staff.decide(
        case(values, earlier_uses={"OCCASIONAL": earlier}, first=FIRST, last=LAST)
    )

    assert ruling is not None
    assert ruling.verdict is verdict
    assert ("schon einmal" in ruling.text) == (earlier == 1)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 10, 12), 18, date(2028, 4, 11)),
        (date(2026, 9, 1), 18, date(2028, 2, 29)),  # a leap year
        (date(2025, 9, 1), 18, date(2027, 2, 28)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 10, 12), 12, date(2027, 10, 11)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_are_counted_as_the_civil_code_does(first: date, months: int, last: date) -> None:
    assert last_day_of_months(first, months) == last


@pytest.mark.parametrize(
    ("values", "last", "is_open"),
    [
        (PERMIT, date(2028, 4, 11), True),
        (PERMIT, date(2028, 4, 12), False),
        (SMALL_FIRM, date(2027, 10, 11), True),
        (SMALL_FIRM, date(2027, 10, 12), False),
    ],
)
def test_the_longest_time_is_kept_to_the_day(
    values: dict[str, Any], last: date, is_open: bool
) -> None:
    ruling = staff.decide(case(values, first=date(2026, 10, 12), last=last))

    assert ruling is not None
    assert (ruling.verdict is Verdict.OPEN) == is_open
    assert ("free_days" in ruling.missing) != is_open


# The first time ends on 31 January: exactly three months later is 30 April.
@pytest.mark.parametrize(
    ("next_first", "runs"), [(date(2027, 4, 30), 1), (date(2027, 5, 1), 1), (date(2027, 5, 2), 2)]
)
def test_months_count_anew_after_a_pause_of_more_than_three_of_them(
    next_first: date, runs: int
) -> None:
    stretches = ((date(2026, 10, 1), date(2027, 1, 31)), (next_first, date(2028, 4, 30)))

    ruling = staff.decide(case(PERMIT, stretches=stretches))

    assert len(runs_of(stretches)) == runs
    assert ruling is not None
    assert (ruling.verdict is Verdict.OPEN) == (runs == 2)
    assert len(ruling.reminders) == (6 if runs == 2 else 0)


def test_times_that_lie_within_each_other_are_one() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))

    assert runs_of((year, (date(2026, 3, 1), date(2026, 3, 31)))) == (year,)


def test_reminders_come_at_the_start_and_60_and_14_days_before_the_end() -> None:
    ruling = staff.decide(case(PERMIT, first=date(2026, 10, 12), last=date(2026, 12, 1)))

    assert ruling is not None
    assert [reminder.day for reminder in ruling.reminders] == [
        date(2026, 10, 12),
        date(2028, 2, 11),
        date(2028, 3, 28),
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"directed_by": "own_firm", "hints_read": True}, "SERVICE_CONTRACT"),
        (
            {"directed_by": "borrower", "building_work": "no", "hints_read": True},
            "BORROWER",
        ),
        ({"directed_by": "borrower", "building_work": "yes"}, "CONSTRUCTION"),
    ],
)
def test_who_looks_for_staff_is_asked_less(values: dict[str, Any], expected: str) -> None:
    assert code_of(staff.decide(case(values, is_request=True))) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Herr Müller hilft gern", "Herr Müller"),
        ("unsere Kollegin Schmidt kommt", "Kollegin Schmidt"),
        ("geb. 3.4.1980", "geb. 3.4.1980"),
        ("zwei Leute, 34 Jahre alt", "34 Jahre alt"),
        ("ein schwerbehinderter Kollege", "schwerbehinderter"),
        ("Zwei Schweißer für den Stahlbau", ""),
        ("Frau oder Mann mit Führerschein B", ""),
        ("Herrenhaus in Brück streichen", ""),
    ],
)
def test_people_are_not_described(text: str, words: str) -> None:
    assert personal_words(text) == words


@pytest.mark.parametrize(
    ("text", "is_forbidden"),
    [
        ("20 Kisten Bier", True),
        ("Bierzeltgarnituren", False),
        ("Weinregal aus Eiche", False),
        ("Schränke, frei von Asbest", True),
        ("Platten ohne Asbest", False),
        ("Schmerzmittel, noch haltbar", True),
        ("Arzneischrank aus Metall", False),
        ("Asbestplatten, 20 m²", True),
        ("ein Karton Fahrradhelme", True),
        ("Abfalleimer, 40 Liter", False),
        ("Abfall aus der Werkstatt", True),
        ("Saft, kein Alkohol, keine Zigaretten", False),
        ("Kaninchenstall", False),
        ("drei Kaninchen", True),
    ],
)
def test_forbidden_goods_are_recognised_by_whole_words(text: str, is_forbidden: bool) -> None:
    assert (forbidden_words(text, is_new=False) is not None) == is_forbidden


def test_new_helmets_may_be_passed_on() -> None:
    assert forbidden_words("ein Karton Fahrradhelme", is_new=True) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"category": "electronics.laptop"}, "OPEN_QUESTIONS"),
        ({"category": "electronics.laptop", "data_carriers": "wiped"}, ""),
        ({"category": "electronics.laptop", "data_carriers": "none"}, ""),
        ({"category": "electronics.laptop", "data_carriers": "not_wiped"}, "DATA_NOT_WIPED"),
        ({"category": "furniture.chair"}, ""),
        ({"data_carriers": "not_wiped"}, "DATA_NOT_WIPED"),
    ],
)
def test_data_is_wiped_first(values: dict[str, Any], expected: str) -> None:
    gate = next(gate for gate in KINDS["goods"].gates if gate.key == "data_carriers")

    assert code_of(gate.decide(case(values))) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"use_by": "2026-08-31"}, "USE_BY_PASSED"),
        ({"use_by": "2026-09-01"}, ""),
        ({"best_before": "2026-01-01"}, ""),
        ({"condition": "defective", "is_electrical": True}, "DEFECTIVE_ELECTRICAL"),
        ({"condition": "defective"}, ""),
    ],
)
def test_what_is_passed_on_can_be_used(values: dict[str, Any], expected: str) -> None:
    assert code_of(goods.fit_for_use(case(values))) == expected


def test_every_text_of_a_gate_has_a_version() -> None:
    for kind in KINDS.values():
        for gate in kind.gates:
            assert gate.version
