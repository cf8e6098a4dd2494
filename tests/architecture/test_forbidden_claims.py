"""No catalogue entry, template, mail or text of the product claims what it must not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.architecture.forbidden_claims import CLAIMS, claims_in

ROOT = Path(__file__).resolve().parents[2]


def texts() -> Iterator[tuple[str, str]]:
    """Give every text that people may read, with where it stands."""
    for path in [
        ROOT / "marketplace/translations/messages.pot",
        *(ROOT / "marketplace/translations").rglob("*.po"),
    ]:
        with path.open("rb") as file:
            for message in read_po(file):
                for said in (message.id, message.string):
                    for text in said if isinstance(said, tuple | list) else [said]:
                        yield str(path.relative_to(ROOT)), text or ""
    for path in (ROOT / "templates").rglob("*.*"):
        content = re.sub(r"<[^>]+>|\{[%#].*?[%#]\}", " ", path.read_text(encoding="utf-8"))
        yield str(path.relative_to(ROOT)), content
    for pattern in ("*.toml", "*.md"):
        for path in (ROOT / "marketplace").rglob(pattern):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_product_claims_nothing_that_it_must_not() -> None:
    found = [
        (where, name, sentence) for where, text in texts() for name, sentence in claims_in(text)
    ]

    assert found == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Ihre Spende ist steuerlich absetzbar.",
        "Die steuerlich absetzbare Gabe hilft allen.",
        "Spendenquittung garantiert!",
        "Umsatzsteuerfreie Abgabe an Vereine.",
        "Geprüft gemeinnützig seit 2020.",
        "Digital gültig ohne Unterschrift.",
        "Personal erlaubnisfrei teilen.",
        "Dafür ist keine Genehmigung nötig.",
        "Es ist keine Erlaubnis erforderlich.",
        "So teilen Sie Personal rechtssicher.",
        "Rechtssichere Verträge inklusive.",
        "Keine Sorge, wir prüfen die Erlaubnis.",
        "Jede Maschine ist versichert.",
        "Alle Fahrten sind über uns versichert, auch abends.",
        "Ein versicherter Transport.",
        "Hier finden Sie nur geprüfte Maschinen.",
        "Das Gefahrgut ist freigestellt.",
        "Stapler ohne Schein zu mieten.",
        "Unser Portal ist DSA-konform.",
        "Der zertifizierte Marktplatz Ihrer Region.",
        "Sicherer Handel für alle.",
        "Staatlich geprüft und empfohlen.",
        "Der Landkreis haftet nicht.",
        "Barrierefrei nach BITV.",
        "OZG-konforme Anmeldung.",
        "Der Betrieb ist BSI-zertifiziert.",
        "DSGVO-zertifizierte Plattform.",
        "Ihre Daten werden nicht gespeichert.",
        "Ein geprüftes Unternehmen aus Brück.",
        "Nur seriöse Anbieter.",
        "Amtlich bestätigte Angaben.",
        "CO2-neutral unterwegs.",
        "Ein nachhaltiges Unternehmen.",
        "Your gift is tax deductible.",
        "No permit is needed for that.",
        "Every machine is insured.",
        "A certified marketplace.",
        "Only verified companies.",
        "GDPR-compliant and carbon-neutral.",
    ],
)
def test_a_planted_claim_is_found(sentence: str) -> None:
    assert list(claims_in(f"Guten Tag. {sentence} Bis bald."))


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Maschine ist nicht versichert.",
        "Bitte klären Sie, ob das Gerät versichert ist.",
        "Versicherung: nach Absprache",
        "Ihre Organisation wird noch geprüft.",
        "Angabe der anbietenden Organisation, nicht geprüft.",
        "Die nächste Prüfung ist fällig.",
        "Angaben eingesehen am 1. Oktober 2026.",
        "Wer verleiht, braucht eine Erlaubnis.",
        "Dafür ist eine Lizenz nötig.",
        "Ein Hinweis, keine Rechtsberatung.",
        "zuzüglich Umsatzsteuer",
        "ohne Umsatzsteuer",
        "Barrierefreiheit",
        "Stapler mit Fahrausweis",
        "Bitte unterschreiben Sie von Hand.",
        "Gemeinnützige Einrichtung oder Stiftung",
        "Der Landkreis ist an Verträgen nicht beteiligt.",
        "Nachhaltigkeit steht bei uns im Leitbild.",
        "The machine is not insured.",
        "A licence is needed for it.",
        "Your organisation is still being checked.",
    ],
)
def test_an_allowed_sentence_is_left_alone(sentence: str) -> None:
    assert list(claims_in(sentence)) == []


def test_each_claim_has_a_name_of_its_own() -> None:
    names = [claim.name for claim in CLAIMS]

    assert len(names) == len(set(names))
