"""Derives the German words that compounds are split by, from two PyPI packages.

usage: python tools/build_german_words.py FOLDER

FOLDER holds the unpacked wheels of german-nouns 1.2.5 and wordfreq 3.1.1; reading the latter's
lists needs the package msgpack. The output says its sources and licence in its first lines.
"""

import csv
import gzip
import lzma
import re
import sys
from collections import defaultdict
from math import log10
from pathlib import Path
from typing import Any

_TARGET = Path(__file__).resolve().parents[1] / "marketplace/search/data/german_words.txt.xz"
_HEAD = """\
# German nouns and stems of verbs: word, what it is, how frequent (ten times the Zipf value).
# m f n: a noun in the singular by gender; M F N: its plural; v: the stem of a verb.
# Nouns and forms: PyPI german-nouns 1.2.5, from Wiktionary (de.wiktionary.org), CC BY-SA 4.0.
# Frequencies and verbs: PyPI wordfreq 3.1.1 (Robyn Speer), data CC BY-SA 4.0.
# This list is under CC BY-SA 4.0 too. Changes: selection, lower case, one line a word.
"""
_RAREST_NOUN = 10
_RAREST_VERB = 15
# The source knows nouns that end in it, but has no entry of its own.
_MISSING = {"wagen": "m"}
_WORD = re.compile(r"[a-zäöüß]{2,24}")
_NAMES = ("Toponym", "Vorname", "Nachname", "Eigenname", "Wortverbindung", "Abkürzung", "Buchstabe")
_PLURAL = re.compile(r"nominativ plural")
_VERB = re.compile(r"([a-zäöüß]{3,12}?)(?:en|(?<=el)n|(?<=er)n)$")


def main() -> int:
    """Write the list; the same input gives the same bytes."""
    folder = Path(sys.argv[1])
    frequency = _frequencies(folder / "wordfreq/data/large_de.msgpack.gz")
    kinds = _nouns(folder / "german_nouns/nouns.csv")
    for word, zipf in frequency.items():
        verb = _VERB.fullmatch(word)
        if verb and zipf >= _RAREST_VERB and _is_conjugated(verb[1], frequency):
            kinds[verb[1]].add("v")
    for head, gender in _MISSING.items():
        kinds[head].add(gender)
    lines = []
    for word, found in sorted(kinds.items()):
        zipf = frequency.get(word, 0)
        kept = {kind for kind in found if kind == "v" or zipf >= _RAREST_NOUN}
        if kept and _WORD.fullmatch(word):
            lines.append(f"{word} {''.join(sorted(kept))} {zipf}\n")
    _TARGET.write_bytes(lzma.compress((_HEAD + "".join(lines)).encode(), preset=9))
    print(f"{len(lines)} words, {_TARGET.stat().st_size} bytes")
    return 0


def _frequencies(path: Path) -> dict[str, int]:
    """Read a list of wordfreq: words by the hundredth part of their frequency's bel."""
    import msgpack  # type: ignore[import-not-found]

    with gzip.open(path) as file:
        _, *classes = msgpack.load(file)
    one_in_a_billion = 9
    found: dict[str, int] = {}
    for centibels, words in enumerate(classes):
        zipf = round(10 * (one_in_a_billion + log10(10 ** (-centibels / 100))))
        for word in words:
            found[word] = max(0, zipf)
    return found


def _is_conjugated(stem: str, frequency: dict[str, int]) -> bool:
    """Tell verbs from plurals: "fräst" is a word, "küchet" is none."""
    forms = (f"{stem}t", f"{stem}et", f"{stem}te", f"ge{stem}t", f"ge{stem}en")
    return any(frequency.get(form, 0) >= _RAREST_VERB for form in forms)


def _nouns(path: Path) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if "Substantiv" not in row["pos"] or any(name in row["pos"] for name in _NAMES):
                continue
            for gender in _genders(row):
                kinds[row["lemma"].lower()].add(gender)
                for form in _forms(row, _PLURAL) - {row["lemma"]}:
                    kinds[form.lower()].add(gender.upper())
    return kinds


def _genders(row: dict[str, Any]) -> set[str]:
    values = (row[name] for name in row if name.startswith("genus"))
    return {value for value in values if value in ("m", "f", "n")}


def _forms(row: dict[str, Any], wanted: re.Pattern[str]) -> set[str]:
    return {value for name, value in row.items() if value and wanted.match(name)}


if __name__ == "__main__":
    sys.exit(main())
