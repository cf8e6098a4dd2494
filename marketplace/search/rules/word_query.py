"""What somebody typed into the search field, and what of a document it finds.

All words must occur, somewhere; "words in quotation marks" one after the other; -words must not;
the beginning of a word ends with an asterisk*. Anything else that looks like syntax is text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from whoosh import query as whoosh_query
from whoosh.qparser import (
    OperatorsPlugin,
    PhrasePlugin,
    PrefixPlugin,
    QueryParser,
    WhitespacePlugin,
)

from marketplace.search.rules.analysis import (
    SPELLING_MARK,
    WEAK_MARK,
    AnalysedText,
    Word,
    composed,
    in_blanks,
    spellings_of,
    stem,
    words_of,
)
from marketplace.search.rules.german import common_gender, compound_of, folded

# How much it counts to find what was typed, and to find what means the same.
SAME, ALIKE = 4, 3
# The most that one word can count: SAME for a whole word in every field (rules.analysis).
MOST_FOR_A_WORD = SAME * 252

_parser = QueryParser(
    "text",
    schema=None,
    plugins=[
        WhitespacePlugin(),
        OperatorsPlugin(
            And=None,
            Or=None,
            AndNot=None,
            AndMaybe=None,
            Require=None,
            Not=r"(?:^|(?<=\s))-(?=\S)",
        ),
        PhrasePlugin(),
        PrefixPlugin(),
    ],
)
# Phones and word processors write these by themselves.
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("„“”«»", '"'))

# Folded words that mean the same, for each of them: the district's own.
Synonyms: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class OneWord:
    """A word: any of these lexemes finds it, each with what it counts (SAME, ALIKE)."""

    typed: str  # folded
    lexemes: tuple[tuple[str, int], ...]

    def weight_in(self, text: AnalysedText) -> int:
        """Tell how much a document that has it counts; 0: it has not."""
        return max(count * text.lexemes.get(lexeme, 0) for lexeme, count in self.lexemes)


@dataclass(frozen=True, slots=True)
class InARow:
    """Words one after the other."""

    terms: tuple[str, ...]

    @property
    def needle(self) -> str:
        """Give them as AnalysedText.sequence has them."""
        return in_blanks(self.terms)

    def weight_in(self, text: AnalysedText) -> int:
        """Tell how much a document that has them counts: as its least important one."""
        if self.needle not in text.sequence:
            return 0
        return SAME * min(text.lexemes[term] for term in self.terms)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The beginning of a word."""

    spelling: str

    @property
    def lexeme(self) -> str:
        """Give what the lexemes of such words begin with."""
        return SPELLING_MARK + self.spelling

    def weight_in(self, text: AnalysedText) -> int:
        """Tell how much a document with such a word counts: as the most important of them."""
        weights = (
            weight for lexeme, weight in text.lexemes.items() if lexeme.startswith(self.lexeme)
        )
        return SAME * max(weights, default=0)


Part: TypeAlias = OneWord | InARow | Beginning


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What must stand in a document, and what must not; with neither it finds every document."""

    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()

    def weight_in(self, text: AnalysedText) -> int | None:
        """Tell how well a document answers; None: it is none of those that were looked for.

        The sum of what its parts count. How often and how rare a word is and how long the text
        does not count: offers are short, all words must occur, and a figure over all documents
        would change the order with every new one.
        """
        if any(part.weight_in(text) for part in self.unwanted):
            return None
        weights = [part.weight_in(text) for part in self.wanted]
        return sum(weights) if all(weights) else None

    def corrected(self, words: Mapping[str, str]) -> "WordQuery":
        """Give the same query with other words in place of some that were typed (folded)."""
        return replace(
            self,
            wanted=tuple(
                one_word(words[part.typed])
                if isinstance(part, OneWord) and part.typed in words
                else part
                for part in self.wanted
            ),
        )


def synonyms_by_word(groups: Iterable[Iterable[str]]) -> Synonyms:
    """Give for each word of the groups, folded, all others of its groups."""
    by_word: dict[str, set[str]] = {}
    for group in groups:
        words = {folded(word) for word in group}
        for word in words:
            by_word.setdefault(word, set()).update(words - {word})
    return {word: frozenset(others) for word, others in by_word.items()}


def one_word(word: str, synonyms: Synonyms | None = None) -> OneWord:
    """Give what finds a folded word: itself, all genders, parts of compounds, what means the same.

    A machine is also found by what it does: "Fräsmaschine" finds "Tischfräse".
    """
    same, alike = [stem(word), WEAK_MARK + stem(word)], [stem(common_gender(word))]
    compound = compound_of(word)
    if compound is not None and compound.has_general_head and compound.is_action:
        alike.append(stem(compound.modifier))
    for synonym in sorted((synonyms or {}).get(word, ())):
        alike.append(stem(synonym))
    counts = {**dict.fromkeys(alike, ALIKE), **dict.fromkeys(same, SAME)}
    return OneWord(word, tuple(counts.items()))


def parsed(text: str, synonyms: Synonyms | None = None) -> WordQuery:
    """Read what somebody typed; there is nothing that cannot be read."""
    tree = _parser.parse(composed(text).translate(_QUOTATION_MARKS), normalize=False)
    parts = list(_parts_of(tree, synonyms or {}))
    return WordQuery(
        wanted=tuple(dict.fromkeys(part for part, is_wanted in parts if is_wanted)),
        unwanted=tuple(dict.fromkeys(part for part, is_wanted in parts if not is_wanted)),
    )


def _parts_of(
    tree: whoosh_query.Query, synonyms: Synonyms, *, is_wanted: bool = True
) -> Iterator[tuple[Part, bool]]:
    match tree:
        case whoosh_query.Not():
            yield from _parts_of(tree.query, synonyms, is_wanted=False)
        case whoosh_query.Phrase():
            yield from _in_a_row(words_of(" ".join(tree.words)), is_wanted=is_wanted)
        case whoosh_query.Prefix():
            yield from _beginning(tree.text, is_wanted=is_wanted)
        case whoosh_query.Term() if is_wanted:
            # "CNC-Fräsmaschine" also finds a milling machine that is called CNC elsewhere.
            yield from ((one_word(word.folded, synonyms), True) for word in words_of(tree.text))
        case whoosh_query.Term():
            yield from _in_a_row(words_of(tree.text), is_wanted=False)
        case _:
            for part in tree.children():
                yield from _parts_of(part, synonyms)


def _in_a_row(words: Iterable[Word], *, is_wanted: bool) -> Iterator[tuple[Part, bool]]:
    terms = tuple(word.term for word in words)
    if len(terms) == 1:  # in quotation marks or unwanted: just this, and compounds with this head
        yield OneWord(terms[0], ((terms[0], SAME),)), is_wanted
    elif terms:
        yield InARow(terms), is_wanted


def _beginning(text: str, *, is_wanted: bool) -> Iterator[tuple[Part, bool]]:
    *whole, last = spellings_of(text) or ("",)
    for word in whole:
        yield one_word(word), is_wanted
    if last:
        yield Beginning(last), is_wanted
