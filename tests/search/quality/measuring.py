"""Measure which queries of the quality set find their texts."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.search.backends.answering import Search
from marketplace.search.interfaces import SearchRequest
from marketplace.search.operations import index_document
from tests.factories.search import make_document

MUST_NOT_MATCH = "must not match"
_FOLDER = Path(__file__).parent


class Part(StrEnum):
    """What is worked with, and what is only reported."""

    WORKING = "working"
    HELD_OUT = "held_out"


@dataclass(frozen=True)
class Pair:
    """A query, and the text that it must, or must not, find."""

    query: str
    text: str


@dataclass(frozen=True)
class Score:
    """How the pairs of a class came out; for "must not match" a miss is a pair that matched."""

    pairs: int
    misses: tuple[Pair, ...]

    @property
    def percent_right(self) -> float:
        """Give the share of pairs that came out as they must, in percent."""
        return 100 * (self.pairs - len(self.misses)) / self.pairs


def pairs_of(part: Part) -> Mapping[str, list[Pair]]:
    """Give the pairs of a part by class."""
    by_class: dict[str, list[Pair]] = defaultdict(list)
    with (_FOLDER / f"{part}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_class[row["class"]].append(Pair(row["query"], row["text"]))
    return by_class


def index_texts(work: UnitOfWork, part: Part) -> None:
    """Index one offer for each text of a part."""
    texts = {pair.text for pairs in pairs_of(part).values() for pair in pairs}
    for number, text in enumerate(sorted(texts)):
        index_document(work, make_document(f"{part}-{number}", title=text, organisation_name=""))


def measure(work: UnitOfWork, search: Search, part: Part) -> dict[str, Score]:
    """Ask every query of a part, of an index that `index_texts` filled."""
    scores = {}
    for name, pairs in pairs_of(part).items():
        misses = [pair for pair in pairs if _finds(work, search, pair) == (name == MUST_NOT_MATCH)]
        scores[name] = Score(len(pairs), tuple(misses))
    return scores


def _finds(work: UnitOfWork, search: Search, pair: Pair) -> bool:
    result = search.search(work, SearchRequest(now=work.now(), words=pair.query, limit=100))
    return any(hit.document.title == pair.text for hit in result.hits)
