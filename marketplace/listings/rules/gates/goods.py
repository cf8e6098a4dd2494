"""What may not be passed on, and what must be done before (domain.md 1.2, 11.3)."""

import re
from collections.abc import Mapping

from marketplace.foundation.errors import N_, Sentence
from marketplace.listings.resource_kind import Gate, GateCase, Ruling, Verdict, When

_NOT_WIPED = N_(
    "Datenträger mit Daten darauf dürfen nicht weitergegeben werden. Bauen Sie sie aus, oder "
    "löschen Sie sie sicher: Dateien in den Papierkorb zu legen genügt nicht. Ändern Sie dann "
    "die Angabe."
)
_NOT_WIPED_FIELD = N_("Erst nach dem Löschen oder Ausbauen lässt es sich veröffentlichen.")
_CARRIERS_OPEN = N_("Bei diesen Geräten muss klar sein, ob noch Daten darauf sind.")
_CARRIERS_FIELD = N_("Bitte sagen Sie, ob Datenträger dabei sind.")
_USE_BY_PASSED = N_(
    "Lebensmittel nach dem Verbrauchsdatum dürfen nicht weitergegeben werden, auch nicht geschenkt."
)
_USE_BY_FIELD = N_(
    "Dieser Tag ist vorbei. Steht ein anderer auf der Packung, ändern Sie ihn; sonst geht es "
    "hier nicht."
)
_DEFECTIVE = N_(
    "Defekte elektrische Geräte lassen sich hier nicht weitergeben. Die Ansprechstelle im "
    "Landkreis nennt Ihnen, wo sie angenommen werden."
)
_DEFECTIVE_FIELD = N_("Defekte elektrische Geräte gehen hier nicht.")
_FORBIDDEN = N_(
    "Das klingt nach etwas, das hier nicht weitergegeben werden darf. Geht es um etwas anderes, "
    "sagen Sie es mit anderen Worten, oder schreiben Sie der Ansprechstelle im Landkreis."
)

# What it is, as marked words, and by which words it is recognised: whole words, so that
# "Bierzelt" is no beer and "Abfalleimer" no waste.
_FORBIDDEN_WORDS: Mapping[str, str] = {
    N_("Waffen, Munition, Sprengstoff"): (
        r"waffen?|pistolen?|revolver|gewehre?|munition|patronen|sprengstoffe?|feuerwerk\w*|"
        r"böller|silvesterraketen?"
    ),
    N_("Arzneimittel und Drogen"): (
        r"medikamente?n?|arzneimitteln?|arznei|tabletten|antibiotik\w+|schmerzmittel|drogen|"
        r"cannabis|haschisch"
    ),
    N_("Tabak und Alkohol"): (
        r"zigaretten?|tabak|zigarren?|spirituosen?|schnaps|wodka|whiske?y|bier|wein|sekt"
    ),
    N_("lebende Tiere"): r"lebende\w* tiere?|welpen?|kätzchen|hühner|ferkel|kaninchen",
    N_("Gefahrstoffe und Asbest"): (
        r"asbest\w*|eternitplatten|pflanzenschutzmitteln?|pestizide?n?|gefahrstoffe?n?|"
        r"chemikalien|altöl|quecksilber"
    ),
    N_("zurückgerufene oder gefälschte Ware"): (
        r"rückruf(?:ware)?|zurückgerufene?\w*|fälschungen?|plagiate?"
    ),
    N_("Abfall"): r"abfälle?n?|abfall|sperrmüll|sondermüll|bauschutt|schrott",
}
_FORBIDDEN_WHEN_USED: Mapping[str, str] = {
    N_("gebrauchte Kindersitze und Helme"): (
        r"kindersitze?n?|babyschalen?|(?:fahrrad|motorrad|reit|ski)?helme?n?"
    ),
}
# "ohne Alkohol", "kein Wein", "nicht für Abfall": the text speaks of something else.
_DENIED = re.compile(r"\b(?:keine?[nmrs]?|ohne|nicht)\s+(?:\w+\s+)?$", re.IGNORECASE)


def forbidden_words(text: str, *, is_new: bool) -> tuple[str, str] | None:
    """Give what forbidden thing a text speaks of, and by which word; None where it does not."""
    searched = _FORBIDDEN_WORDS if is_new else {**_FORBIDDEN_WORDS, **_FORBIDDEN_WHEN_USED}
    for what, words in searched.items():
        for found in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE):
            if not _DENIED.search(text[: found.start()]):
                return what, found[0]
    return None


def allowed_things(case: GateCase) -> Ruling | None:
    """Keep back what may not be passed on, by the words of title and description."""
    is_new = case.values.get("condition") == "new"
    for name, text in (("title", case.title), ("description", case.description)):
        if found := forbidden_words(text, is_new=is_new):
            what, word = found
            sentence = Sentence(
                N_("„%(word)s“: Nicht erlaubt sind hier %(what)s."),
                word=word,
                what=what,
            )
            return Ruling(
                code="FORBIDDEN_GOODS",
                verdict=Verdict.CLOSED,
                text=_FORBIDDEN,
                missing={name: sentence},
            )
    return None


def data_carriers(asked_when: When) -> Gate:
    """Give the gate that keeps back devices with data on them.

    `asked_when`: the things that may carry data, so that the question has to be answered.
    """

    def decide(case: GateCase) -> Ruling | None:
        if case.is_request:
            return None
        match case.values.get("data_carriers"):
            case "not_wiped":
                code, text, field = "DATA_NOT_WIPED", _NOT_WIPED, _NOT_WIPED_FIELD
            case None if asked_when.holds(case.values):
                code, text, field = "OPEN_QUESTIONS", _CARRIERS_OPEN, _CARRIERS_FIELD
            case _:
                return None
        return Ruling(
            code=code, verdict=Verdict.CLOSED, text=text, missing={"data_carriers": field}
        )

    return Gate(key="data_carriers", version="2026-11-27", decide=decide)


def fit_for_use(case: GateCase) -> Ruling | None:
    """Keep back food past its use-by date and defective electrical goods."""
    values = case.values
    if case.is_request:
        return None
    use_by = values.get("use_by")
    if use_by and str(use_by) < case.today.isoformat():
        return Ruling(
            code="USE_BY_PASSED",
            verdict=Verdict.CLOSED,
            text=_USE_BY_PASSED,
            missing={"use_by": _USE_BY_FIELD},
        )
    if values.get("condition") == "defective" and values.get("is_electrical") is True:
        return Ruling(
            code="DEFECTIVE_ELECTRICAL",
            verdict=Verdict.CLOSED,
            text=_DEFECTIVE,
            missing={"condition": _DEFECTIVE_FIELD},
        )
    return None


ALLOWED_THINGS = Gate(key="allowed_things", version="2026-11-27", decide=allowed_things)
FIT_FOR_USE = Gate(key="fit_for_use", version="2026-11-27", decide=fit_for_use)
