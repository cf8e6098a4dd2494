"""The tree of categories: groups and their leaves, with names and synonyms in four languages."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

LANGUAGES = ("de", "en", "pl", "cs")
_DEFAULT = "de"
_KIND = "kind"


@dataclass(frozen=True, kw_only=True)
class Category:
    """A group ("woodworking", its `parent` None) or one of its leaves ("woodworking.milling")."""

    key: str
    kind: str
    parent: str | None
    names: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]

    def name_in(self, language: str) -> str:
        """Give the name, in German where we do not know the language."""
        return self.names.get(language, self.names[_DEFAULT])


def _category(key: str, kind: str, parent: str | None, texts: Mapping[str, Any]) -> Category:
    names, synonyms = {}, {}
    for language in LANGUAGES:
        name, _, others = texts[language].partition(":")
        names[language] = name.strip()
        synonyms[language] = tuple(word.strip() for word in others.split(",") if word.strip())
    return Category(key=key, kind=kind, parent=parent, names=names, synonyms=synonyms)


def _read() -> Iterator[Category]:
    file = resources.files("marketplace.listings") / "data" / "categories.toml"
    for key, group in tomllib.loads(file.read_text(encoding="utf-8")).items():
        yield _category(key, group[_KIND], None, group)
        for name, leaf in group.items():
            if isinstance(leaf, dict):
                yield _category(f"{key}.{name}", group[_KIND], key, leaf)


CATEGORIES: Mapping[str, Category] = {category.key: category for category in _read()}


def groups_of(kind: str) -> tuple[tuple[Category, tuple[Category, ...]], ...]:
    """Give the groups of a kind, each with its leaves, in the order of the file."""
    groups = [each for each in CATEGORIES.values() if each.kind == kind and each.parent is None]
    return tuple(
        (group, tuple(each for each in CATEGORIES.values() if each.parent == group.key))
        for group in groups
    )


def category_words(key: str) -> tuple[str, ...]:
    """Give all words for a category and its group, in all languages; none for an unknown key."""
    category = CATEGORIES.get(key)
    if category is None:
        return ()
    sources = [category, *([CATEGORIES[category.parent]] if category.parent else [])]
    words = [
        word
        for source in sources
        for language in LANGUAGES
        for word in (source.names[language], *source.synonyms[language])
    ]
    return tuple(dict.fromkeys(words))


def is_within(key: str | None, ancestor: str) -> bool:
    """Tell whether a category is another one or one of its leaves."""
    return key is not None and f"{key}.".startswith(f"{ancestor}.")
