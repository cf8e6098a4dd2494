"""Until which day a tax office's notice counts, and what can be stated of one."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.donations.rules.recipients import (
    Notice,
    NoticeKind,
    NoticeState,
    counting_notice,
    is_recognised,
    lapsed_notice,
    reminder_days,
)
from marketplace.donations.rules.statements import (
    SettledStatement,
    Statement,
    settled_statement,
)
from marketplace.foundation.errors import InvalidInput

TODAY = date(2026, 9, 1)
A_DAY = timedelta(days=1)
EXEMPTION, ANNEX, SECTION_60A = NoticeKind
ACCEPTED, REFUSED, SUBMITTED = NoticeState.ACCEPTED, NoticeState.REFUSED, NoticeState.SUBMITTED


def notice(
    day: date, kind: NoticeKind = EXEMPTION, state: NoticeState = NoticeState.ACCEPTED
) -> Notice:
    return Notice(kind=kind, day=day, state=state)


@pytest.mark.parametrize(
    ("kind", "day", "last_day"),
    [
        (EXEMPTION, date(2021, 9, 1), date(2026, 9, 1)),
        (ANNEX, date(2021, 9, 1), date(2026, 9, 1)),
        (SECTION_60A, date(2023, 9, 1), date(2026, 9, 1)),
        (EXEMPTION, date(2024, 2, 29), date(2029, 2, 28)),
        (SECTION_60A, date(2024, 2, 29), date(2027, 2, 28)),
        (EXEMPTION, date(2023, 2, 28), date(2028, 2, 28)),
        (SECTION_60A, date(2025, 2, 28), date(2028, 2, 28)),
        (EXEMPTION, date(2019, 12, 31), date(2024, 12, 31)),
        (EXEMPTION, date(2020, 3, 1), date(2025, 3, 1)),
    ],
)
def test_a_notice_counts_on_its_last_day_and_not_on_the_next(
    kind: NoticeKind, day: date, last_day: date
) -> None:
    stated = notice(day, kind)

    assert stated.last_day == last_day
    assert counting_notice([stated], last_day) == stated
    assert counting_notice([stated], last_day + A_DAY) is None
    assert lapsed_notice([stated], last_day) is None
    assert lapsed_notice([stated], last_day + A_DAY) == stated


def test_a_notice_counts_from_its_own_day() -> None:
    stated = notice(TODAY)

    assert counting_notice([stated], TODAY) == stated
    assert counting_notice([stated], TODAY - A_DAY) is None


@pytest.mark.parametrize("state", [SUBMITTED, REFUSED])
def test_only_what_was_accepted_counts(state: NoticeState) -> None:
    assert counting_notice([notice(TODAY, state=state)], TODAY) is None


def test_of_several_the_one_that_lasts_longest_counts() -> None:
    older, newer = notice(date(2022, 1, 1)), notice(date(2024, 1, 1), ANNEX)

    assert counting_notice([newer, older], TODAY) == counting_notice([older, newer], TODAY) == newer


def test_after_an_exemption_no_determination_counts_any_more() -> None:
    lapsed, determination = notice(date(2020, 1, 1)), notice(date(2026, 1, 1), SECTION_60A)

    assert counting_notice([determination], TODAY) == determination
    assert counting_notice([notice(date(2025, 1, 1)), determination], TODAY) != determination
    assert counting_notice([lapsed, determination], TODAY) is None
    assert lapsed_notice([lapsed, determination], TODAY) == lapsed


def test_an_exemption_that_was_refused_takes_nothing_from_a_determination() -> None:
    determination = notice(date(2026, 1, 1), SECTION_60A)
    refused = notice(date(2025, 1, 1), state=REFUSED)

    assert counting_notice([refused, determination], TODAY) == determination


@pytest.mark.parametrize(
    ("kind", "needs_none"),
    [
        (OrganisationKind.PUBLIC_BODY, True),
        (OrganisationKind.PUBLIC_SERVICE, True),
        (OrganisationKind.ASSOCIATION, False),
        (OrganisationKind.CHARITY, False),
        (OrganisationKind.FIRM, False),
    ],
)
def test_public_bodies_need_no_notice(kind: OrganisationKind, *, needs_none: bool) -> None:
    assert is_recognised(kind, [], TODAY) is needs_none
    assert is_recognised(kind, [notice(TODAY)], TODAY)


def test_reminders_come_180_90_and_30_days_before_the_last_day() -> None:
    assert reminder_days(notice(date(2024, 2, 29))) == (
        date(2028, 9, 1),
        date(2028, 11, 30),
        date(2029, 1, 29),
    )


def stated(known: tuple[Notice, ...] = (), **changes: object) -> SettledStatement:
    values: dict[str, object] = {
        "kind": "exemption",
        "tax_office": "Finanzamt Brandenburg",
        "tax_number": "048/140/00000",
        "day": date(2024, 5, 6),
        "assessment_period": "2021 bis 2023",
        "purposes": "Förderung des Sports",
        **changes,
    }
    return settled_statement(Statement(**values), known, today=TODAY)  # type: ignore[arg-type]


def refused_fields(known: tuple[Notice, ...] = (), **changes: object) -> set[str]:
    with pytest.raises(InvalidInput) as refusal:
        stated(known, **changes)
    return set(refusal.value.errors)


def test_what_is_typed_is_tidied() -> None:
    settled = stated(
        tax_office=" Finanzamt  Brandenburg ",
        tax_number=" 048/140/00000 ",
        purposes="Förderung des Sports\r\n\r\n  Förderung der Jugendhilfe \r\n",
    )

    assert settled.tax_office == "Finanzamt Brandenburg"
    assert settled.tax_number == "048/140/00000"
    assert settled.purposes == ("Förderung des Sports", "Förderung der Jugendhilfe")


def test_each_empty_field_is_named() -> None:
    assert refused_fields(
        kind="", tax_office=" ", tax_number="", day=None, assessment_period="", purposes="\r\n "
    ) == {"kind", "tax_office", "tax_number", "day", "purposes"}
    assert refused_fields(assessment_period=" ") == {"assessment_period"}
    assert refused_fields(kind="letter") == {"kind"}


def test_a_determination_names_no_period() -> None:
    assert stated(kind="section_60a", assessment_period="").assessment_period == ""
    assert refused_fields(kind="section_60a") == {"assessment_period"}


@pytest.mark.parametrize("number", ["04814000000", "048/140/00000", "5133081508159", "2181508150"])
def test_a_tax_number_is_taken_however_a_state_writes_it(number: str) -> None:
    assert stated(tax_number=number).tax_number == number


@pytest.mark.parametrize("number", ["123", "048/140/0000000000", "DE123456789", "unbekannt"])
def test_what_is_no_tax_number_is_refused(number: str) -> None:
    assert refused_fields(tax_number=number) == {"tax_number"}


def test_a_day_can_be_today_and_the_last_on_which_it_still_counts() -> None:
    assert stated(day=TODAY).day == TODAY
    assert stated(day=date(2021, 9, 1)).day == date(2021, 9, 1)
    assert stated(kind="section_60a", assessment_period="", day=date(2023, 9, 1))


def test_a_day_to_come_or_too_long_ago_is_refused() -> None:
    assert refused_fields(day=TODAY + A_DAY) == {"day"}
    assert refused_fields(day=date(2021, 8, 31)) == {"day"}
    assert refused_fields(kind="section_60a", assessment_period="", day=date(2023, 8, 31)) == {
        "day"
    }


def test_the_same_notice_is_stated_once_unless_it_was_refused() -> None:
    day = date(2024, 5, 6)

    for state in (SUBMITTED, ACCEPTED):
        assert refused_fields((notice(day, state=state),)) == {"day"}
    assert stated((notice(day, state=REFUSED),)).day == day
    assert stated((notice(day, ANNEX),)).day == day


def test_a_determination_is_not_taken_once_an_exemption_was_accepted() -> None:
    changes = {"kind": "section_60a", "assessment_period": ""}

    assert refused_fields((notice(date(2020, 1, 1)),), **changes) == {"kind"}
    assert stated((notice(date(2020, 1, 1), state=SUBMITTED),), **changes)
