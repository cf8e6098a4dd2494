"""Wishes meet gifts: whoever looks for something learns of it, with at most one mail a day."""

from datetime import timedelta

from marketplace.accounts.rules.organisations import OrganisationKind
from marketplace.foundation.identifiers import ListingId
from marketplace.listings.events import ListingPublished
from tests.factories.accounts import make_organisation, make_person
from tests.factories.listings import make_listing
from tests.support.installation import Installation


def published(
    installation: Installation,
    email: str,
    title: str,
    *,
    direction: str = "request",
    mode: str | None = "give",
) -> ListingId:
    """Let somebody publish a wish or an offer of goods."""
    with installation.work() as work:
        organisation = make_organisation(
            work, name=email.partition("@")[0], kind=OrganisationKind.ASSOCIATION
        )
        make_person(work, email=email, organisation=organisation)
        listing = make_listing(
            work,
            organisation,
            kind="goods",
            title=title,
            direction=direction,
            terms_mode=mode,
        )
        work.emit(ListingPublished(listing_id=listing.id))
        return listing.id


def mails_next_morning(installation: Installation, email: str) -> list[str]:
    installation.run_jobs()
    installation.clock.advance(timedelta(days=1))
    installation.run_jobs()
    return [mail.get_body(("plain",)).get_content() for mail in installation.mails(email)]  # type: ignore[union-attr]


def test_who_looks_for_something_learns_the_next_morning_that_it_is_given(
    installation: Installation,
) -> None:
    published(installation, "verein@a.example", "Stühle für den Vereinsraum")
    published(installation, "schule@a.example", "Tische für die Aula")
    published(installation, "betrieb@a.example", "Vierzig Bürostühle", direction="offer")

    (mail,) = mails_next_morning(installation, "verein@a.example")

    assert "Vierzig Bürostühle" in mail
    assert mails_next_morning(installation, "schule@a.example") == []


def test_who_gives_something_learns_that_somebody_looks_for_it(installation: Installation) -> None:
    published(installation, "betrieb@a.example", "Vierzig Bürostühle", direction="offer")
    published(installation, "verein@a.example", "Stühle für den Vereinsraum")

    (mail,) = mails_next_morning(installation, "betrieb@a.example")

    assert "Stühle für den Vereinsraum" in mail


def test_several_on_one_day_come_in_one_mail_and_none_comes_twice(
    installation: Installation,
) -> None:
    published(installation, "verein@a.example", "Stühle für den Vereinsraum")
    first = published(installation, "eins@a.example", "Bürostühle", direction="offer")
    published(installation, "zwei@a.example", "Klappstühle", direction="offer")
    (mail,) = mails_next_morning(installation, "verein@a.example")
    with installation.work() as work:
        work.emit(ListingPublished(listing_id=first))

    assert "Bürostühle" in mail
    assert "Klappstühle" in mail
    assert len(mails_next_morning(installation, "verein@a.example")) == 1


def test_what_is_rented_out_is_no_gift(installation: Installation) -> None:
    published(installation, "betrieb@a.example", "Bürostühle", direction="offer", mode="rent")
    published(installation, "verein@a.example", "Stühle für den Vereinsraum")

    assert mails_next_morning(installation, "betrieb@a.example") == []
