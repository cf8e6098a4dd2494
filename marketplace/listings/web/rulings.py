"""What the gates say, as pages show it."""

from dataclasses import dataclass

from flask_babel import gettext

from marketplace.foundation.errors import N_
from marketplace.foundation.web.localisation import say_message
from marketplace.listings.resource_kind import Verdict
from marketplace.listings.rules.gating import GateRuling

# What an organisation states about itself when it goes through a gate.
_STATEMENTS = {
    "LICENSED": N_("Erlaubnis für den Güterkraftverkehr"),
    "PERMIT": N_("Erlaubnis zum Verleih"),
    "SMALL_FIRM_NOTICE": N_("Verleih nach § 1a AÜG, angezeigt"),
    "TARIFF_SAME_SECTOR": N_("Verleih nach Tarifvertrag"),
    "GROUP": N_("Verleih im Konzern"),
    "OCCASIONAL": N_("gelegentlicher Verleih"),
    "PUBLIC_TRANSFER": N_("Verlagerung von Aufgaben im öffentlichen Dienst"),
    "PUBLIC_BODIES": N_("Verleih zwischen öffentlichen Arbeitgebern"),
    "ASSOCIATION": N_("gelegentliche Fahrt eines Vereins"),
}
_TONES = {Verdict.OPEN: "", Verdict.REVIEW: "careful", Verdict.CLOSED: "wrong"}


@dataclass(frozen=True, kw_only=True)
class ShownRuling:
    """A ruling in the visitor's language."""

    text: str
    tone: str
    open_points: tuple[str, ...]


def shown_rulings(found: tuple[GateRuling, ...]) -> list[ShownRuling]:
    """Give what is shown of each ruling."""
    return [
        ShownRuling(
            text=say_message(each.ruling.text, {}),
            tone="" if each.ruling.code == "OPEN_QUESTIONS" else _TONES[each.ruling.verdict],
            open_points=tuple(
                sentence
                for point in each.ruling.missing.values()
                if (sentence := say_message(point, {})) != say_message(each.ruling.text, {})
            ),
        )
        for each in found
    ]


def statement_label(code: str) -> str:
    """Give what was stated in this case; empty where nothing was."""
    return gettext(_STATEMENTS[code]) if code in _STATEMENTS else ""
