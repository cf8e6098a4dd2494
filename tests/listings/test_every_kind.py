"""What holds for every kind of resource, in both directions, from its declaration alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.api.rules.schemas import attributes_schema
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.queries import parts_of
from marketplace.listings.resource_kind import (
    CATEGORY,
    MODE,
    Attribute,
    ChoiceAttribute,
    NumberAttribute,
    ResourceKind,
    SeveralAttribute,
)
from marketplace.listings.rules.attributes import (
    broken_checks,
    read_values,
    typed_again,
    warnings_for,
    written,
)
from marketplace.listings.rules.categories import CATEGORIES, groups_of
from marketplace.listings.rules.drafts import ListingDraft, missing_for_publishing, problems_of
from marketplace.listings.rules.states import Direction
from marketplace.listings.search_documents import document_of
from marketplace.search.interfaces import SearchDocument
from tests.factories.accounts import make_organisation, make_person, sign_in
from tests.factories.kinds import typical_values
from tests.factories.listings import make_listing
from tests.support.installation import Installation

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
BOTH = pytest.mark.parametrize("direction", list(Direction))
EVERY = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))


def numbers(*, only_with_unusual: bool = False) -> list[Any]:
    return [
        pytest.param(kind, attribute, id=f"{kind.key}-{attribute.key}")
        for kind in KINDS.values()
        for attribute in kind.attributes
        if isinstance(attribute, NumberAttribute)
        and not (only_with_unusual and (attribute.typical_high or attribute.high) >= attribute.high)
    ]


@EVERY
def test_the_declaration_is_sound(kind: ResourceKind) -> None:
    keys = [attribute.key for attribute in kind.attributes]
    steps = {step.key for step in kind.steps}

    assert len(keys) == len(set(keys))
    assert CATEGORY not in keys
    assert {attribute.step for attribute in kind.attributes} <= steps
    assert kind.units
    assert kind.modes
    for attribute in kind.attributes:
        if isinstance(attribute, ChoiceAttribute | SeveralAttribute):
            options = [option.key for option in attribute.options]
            assert len(options) == len(set(options))
    conditions = [
        *(each.shown_if for each in kind.attributes),
        *(each.shown_if for each in kind.steps),
    ]
    for condition in filter(None, conditions):
        known = CATEGORIES if condition.key == CATEGORY else keys
        assert condition.key in {CATEGORY, MODE} or condition.key in known
        if condition.key == CATEGORY:
            assert all(CATEGORIES[each].kind == kind.key for each in condition.answers)


@EVERY
def test_typical_values_are_read_written_and_read_again(kind: ResourceKind) -> None:
    values = typical_values(kind)

    read = read_values(kind, values, today=TODAY)

    assert read.problems == {}
    assert read.values == values
    for attribute in kind.attributes:
        if attribute.key in values and not isinstance(attribute, SeveralAttribute):
            text = typed_again(attribute, values[attribute.key])
            again = read_values(kind, {attribute.key: text}, today=TODAY)
            assert again.values == {attribute.key: values[attribute.key]}
            assert written(attribute, values[attribute.key])


@EVERY
def test_typical_values_warn_of_nothing(kind: ResourceKind) -> None:
    values = typical_values(kind)

    assert warnings_for(kind, values, today=TODAY) == {}
    assert broken_checks(kind, values) == {}


@pytest.mark.parametrize(("kind", "attribute"), numbers())
def test_a_number_is_kept_within_its_hard_bounds(
    kind: ResourceKind, attribute: NumberAttribute
) -> None:
    step = 1 if attribute.whole else 0.0001

    def problems(value: float) -> dict[str, str]:
        return read_values(kind, {attribute.key: value}, today=TODAY).problems

    assert problems(attribute.low) == {}
    assert problems(attribute.high) == {}
    assert set(problems(attribute.low - step)) == {attribute.key}
    assert set(problems(attribute.high + step)) == {attribute.key}


@pytest.mark.parametrize(("kind", "attribute"), numbers(only_with_unusual=True))
def test_an_unusual_number_is_warned_of_and_may_stay(
    kind: ResourceKind, attribute: NumberAttribute
) -> None:
    values = {attribute.key: attribute.high}

    assert read_values(kind, values, today=TODAY).problems == {}
    assert "Ungewöhnlich" in warnings_for(kind, values, today=TODAY)[attribute.key]


@EVERY
@BOTH
def test_a_complete_listing_can_be_published(kind: ResourceKind, direction: Direction) -> None:
    draft = ListingDraft(
        kind=kind,
        direction=direction,
        title="Ein brauchbarer Titel",
        description="Für das Sommerfest",
        terms_mode=kind.modes[0],
        attributes=typical_values(kind),
    )

    assert problems_of(draft, now=NOW) == {}
    assert set(missing_for_publishing(draft)) == {"place"}


@EVERY
def test_the_schema_of_the_api_has_every_question(kind: ResourceKind) -> None:
    schema = attributes_schema(kind)

    assert list(schema["properties"]) == [attribute.key for attribute in kind.attributes]


@EVERY
@BOTH
def test_form_page_card_and_document_come_from_the_declaration(
    installation: Installation, kind: ResourceKind, direction: Direction
) -> None:
    category = _first_category(kind)
    values = typical_values(kind, category=category)
    is_request = direction is Direction.REQUEST
    asked = {each.key for each in kind.asked(is_request=is_request)}
    kept = {key: value for key, value in values.items() if key in asked}
    with installation.work() as work:
        organisation = make_organisation(work)
        person = make_person(work, organisation=organisation)
        listing = make_listing(
            work,
            organisation,
            kind=kind.key,
            direction=direction,
            title="Besonderes Fundstück",
            category=category,
            attributes=kept,
        )
        document = document_of(work, parts_of(work, listing))
        listing_id = listing.id
    owner, visitor = installation.visitor(), installation.visitor()
    sign_in(owner, person)

    form = owner.get(f"/listings/{listing_id}/edit")
    page = visitor.get(f"/listings/{listing_id}")
    found = visitor.get(f"/search?q=Fundstück&direction={direction}")

    names = {element.get("name") for tag in ("input", "select") for element in form.all(tag)}
    for attribute in kind.attributes:
        assert (f"attributes.{attribute.key}" in names) == (attribute.key in asked)
        _check_page(page.words, attribute, kept, kind, category)
    assert "Besonderes Fundstück" in found.words
    assert category is None or CATEGORIES[category].names["de"] in page.words
    assert SearchDocument.from_json(document.to_json()) == document


def _first_category(kind: ResourceKind) -> str | None:
    groups = groups_of(kind.key)
    return groups[0][1][0].key if groups else None


def _check_page(
    words: str,
    attribute: Attribute,
    values: dict[str, Any],
    kind: ResourceKind,
    category: str | None,
) -> None:
    shown = (
        attribute.key in values
        and not attribute.is_private
        and kind.applies(attribute, {**values, CATEGORY: category})
    )
    if shown:
        assert " ".join(written(attribute, values[attribute.key]).split()) in words


@EVERY
@BOTH
def test_one_posts_it_from_the_first_page_to_the_search(
    installation: Installation, kind: ResourceKind, direction: Direction
) -> None:
    is_request = direction is Direction.REQUEST
    with installation.work() as work:
        person = make_person(work, organisation=make_organisation(work))
    member = installation.visitor()
    sign_in(member, person)
    begin = f"/listings/new/{kind.key}" + ("?direction=request" if is_request else "")
    values = typical_values(kind)

    started = member.send(begin.split("?")[0], {"title": "Fundstück der Woche"}, form_at=begin)
    typed: dict[str, Any] = {"action": "publish", "description": "Für das Fest im Dorf."}
    typed["mode"] = kind.modes[0]
    for attribute in kind.asked(is_request=is_request):
        if attribute.key in values:
            value = values[attribute.key]
            is_list = isinstance(attribute, SeveralAttribute)
            typed[f"attributes.{attribute.key}"] = (
                value if is_list else typed_again(attribute, value)
            )
    published = member.send(started.path, typed)

    assert "Veröffentlicht" in published.words, published.words[:800]
    found = installation.visitor().get(f"/search?q=Fundstück&direction={direction}")
    assert "Fundstück der Woche" in found.words
    with installation.work() as work:
        stored = work.session.scalars(select(Listing)).one()
        asked = {each.key for each in kind.asked(is_request=is_request)}
        assert stored.attributes == {key: value for key, value in values.items() if key in asked}
