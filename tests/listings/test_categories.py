"""Our own tree of categories."""

import re

import pytest

from marketplace.listings.kinds import KINDS
from marketplace.listings.rules.categories import (
    CATEGORIES,
    LANGUAGES,
    category_words,
    groups_of,
    is_within,
)
from tests.factories.accounts import make_organisation
from tests.factories.listings import make_listing
from tests.support.installation import Installation


def test_there_are_sixty_to_a_hundred_in_two_levels() -> None:
    assert 60 <= len(CATEGORIES) <= 100
    for key, category in CATEGORIES.items():
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)?", key)
        assert category.parent == (key.rpartition(".")[0] or None)


def test_every_name_stands_in_four_languages() -> None:
    for category in CATEGORIES.values():
        assert set(category.names) == set(LANGUAGES)
        assert all(name and name.strip() == name for name in category.names.values())
        for words in category.synonyms.values():
            assert len(words) == len(set(words))


def test_every_kind_has_groups_with_leaves() -> None:
    for kind in KINDS:
        leaves = [leaf for _, each in groups_of(kind) for leaf in each]
        assert len(leaves) >= 6
        assert all(leaf.kind == kind for leaf in leaves)


def test_a_leaf_lies_within_its_group_only() -> None:
    assert is_within("woodworking.milling", "woodworking")
    assert is_within("woodworking", "woodworking")
    assert not is_within("woodworking", "woodworking.milling")
    assert not is_within("woodworking.milling", "wood")
    assert not is_within(None, "woodworking")
    assert category_words("no.such") == ()


@pytest.mark.parametrize(
    "words",
    ["Fräsmaschine", "frezarka", "frézka", "milling", "Bearbeitungszentrum", "obróbka metalu"],
)
def test_a_category_is_found_by_its_words_in_every_language(
    installation: Installation, words: str
) -> None:
    with installation.work() as work:
        organisation = make_organisation(work)
        make_listing(work, organisation, title="Deckel FP4", category="metalworking.milling")
        make_listing(work, organisation, title="Bank", category="lifting.forklift")

    found = installation.visitor().get(f"/search?q={words}")

    assert "Deckel FP4" in found.words
    assert "1 Angebot" in found.words


def test_a_group_finds_what_lies_in_its_categories(installation: Installation) -> None:
    with installation.work() as work:
        organisation = make_organisation(work)
        make_listing(work, organisation, title="Deckel FP4", category="metalworking.milling")
        make_listing(work, organisation, title="Drehbank", category="metalworking.turning")
        make_listing(work, organisation, title="Stapler", category="lifting.forklift")

    found = installation.visitor().get("/search?category=metalworking")

    assert "2 Angebote" in found.words
    assert "Stapler" not in found.words
