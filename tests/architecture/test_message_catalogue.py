"""Every sentence that people read can be translated."""

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from marketplace.foundation.languages import DEFAULT_LANGUAGE, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_holds_every_sentence() -> None:
    done = subprocess.run(
        [ROOT / "tools" / "extract_messages", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


TRANSLATIONS = ROOT / "marketplace" / "translations"
_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]+>")


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {DEFAULT_LANGUAGE}))
def test_every_sentence_is_translated_with_the_same_values(language: str) -> None:
    wanted = _catalogue(TRANSLATIONS / "messages.pot")
    translated = _catalogue(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po")

    problems = []
    for message in wanted:
        found = translated.get(message.id) if message.id else None
        if not message.id:
            continue
        if found is None or not found.string or "fuzzy" in found.flags:
            problems.append(f"missing: {message.id}")
            continue
        german = message.id if isinstance(message.id, str) else message.id[-1]
        other = found.string if isinstance(found.string, str) else found.string[-1]
        if sorted(_PLACES.findall(german)) != sorted(_PLACES.findall(other)):
            problems.append(f"other values: {german} / {other}")
    assert problems == []


def test_in_english_a_mail_goes_on_with_a_capital_after_its_greeting() -> None:
    """German writes on in small letters after "Guten Tag ...,", English does not."""
    english = _catalogue(TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po")

    small = [
        found.string
        for message in _catalogue(TRANSLATIONS / "messages.pot")
        if any("templates/emails/" in path for path, _ in message.locations)
        and (found := english.get(message.id))
        and isinstance(found.string, str)
        and found.string[:1].islower()
        and found.string.endswith((".", ":"))
    ]

    assert small == []


def test_no_sentence_takes_its_reader_for_a_firm() -> None:
    """Associations and public bodies read the same pages."""
    sentences = [str(message.id) for message in _catalogue(TRANSLATIONS / "messages.pot")]

    assert [each for each in sentences if re.search(r"\bIhr(?:e[mns]?)? Betrieb", each)] == []
