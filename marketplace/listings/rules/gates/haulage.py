"""Which rules for haulage an offered trip falls under (domain.md 3.6).

GüKG § 1 (carrying for others, business-like or for pay), § 2(1) nos. 2 and 10 (associations;
up to 3.5 t), § 3 (Community licence), § 9 (own account), § 15a (registration), § 24 (old permits).
Across the border Regulation (EC) 1072/2009 as amended in 2022 counts from above 2.5 t. All masses
are the permitted mass of vehicle and trailer together, in kg.
"""

from collections.abc import Mapping

from marketplace.foundation.errors import N_
from marketplace.listings.resource_kind import Gate, GateCase, Ruling, Verdict

LIGHT_AT_HOME_KG = 3_500
LIGHT_ACROSS_THE_BORDER_KG = 2_500
_ASSOCIATIONS = ("association", "charity")
_LICENCES = ("community_licence", "old_national_permit")

_OWN = N_(
    "Sie fahren eigene Güter (Werkverkehr, § 1 Abs. 2 GüKG). Das setzt voraus: Die Güter gehören "
    "Ihnen, oder Sie haben sie gekauft, verkauft, gemietet, hergestellt oder bearbeitet; die "
    "Fahrt dient Ihrer eigenen Arbeit und ist dabei Nebensache; es fahren Ihre eigenen Leute "
    "oder solche, die Ihnen dafür gestellt werden. Trifft etwas davon nicht zu, ändern Sie, "
    "wessen Güter mitfahren."
)
_OWN_HEAVY = N_(
    "Sie fahren eigene Güter (Werkverkehr, § 1 Abs. 2 GüKG). Das setzt voraus: Die Güter gehören "
    "Ihnen, oder Sie haben sie gekauft, verkauft, gemietet, hergestellt oder bearbeitet; die "
    "Fahrt dient Ihrer eigenen Arbeit und ist dabei Nebensache; es fahren Ihre eigenen Leute "
    "oder solche, die Ihnen dafür gestellt werden. Trifft etwas davon nicht zu, ändern Sie, "
    "wessen Güter mitfahren. Über 3.500 kg zulässiger Gesamtmasse gehört dazu, dass Sie sich vor "
    "der ersten Fahrt beim Bundesamt für Logistik und Mobilität anmelden (§ 15a GüKG)."
)
_LIGHT = N_(
    "Bis 3.500 kg zulässiger Gesamtmasse mit Anhänger nimmt das Güterkraftverkehrsgesetz solche "
    "Fahrten aus, solange es nicht über die Grenze geht (§ 2 Abs. 1 Nr. 10 GüKG). Frachtrecht "
    "und Versicherung gelten trotzdem: Fragen Sie Ihre Versicherung vor der ersten Fahrt, ob sie "
    "bei Gütern anderer zahlt."
)
_LIGHT_ABROAD = N_(
    "Über die Grenze verlangt die EU eine Gemeinschaftslizenz ab mehr als 2.500 kg zulässiger "
    "Gesamtmasse mit Anhänger; das angegebene Fahrzeug liegt nicht darüber. Frachtrecht und "
    "Versicherung gelten trotzdem: Fragen Sie Ihre Versicherung vor der ersten Fahrt, ob sie bei "
    "Gütern anderer zahlt."
)
_ASSOCIATION = N_(
    "Das Gesetz nimmt gelegentliche Fahrten von Vereinen für ihre Mitglieder oder für "
    "gemeinnützige Zwecke aus, wenn sie nicht gewerblich sind (§ 2 Abs. 1 Nr. 2 GüKG). Bitte "
    "prüfen Sie, ob Ihre Fahrt so eine ist, und fragen Sie im Zweifel das Bundesamt für Logistik "
    "und Mobilität. Beim Angebot steht: Angabe der anbietenden Organisation, nicht geprüft."
)
_LICENSED = N_(
    "Sie geben an, eine Lizenz für den Güterkraftverkehr zu haben. Beim Angebot steht: Angabe "
    "der anbietenden Organisation, nicht geprüft. Zeigen Sie die Lizenz, wenn jemand danach "
    "fragt, und denken Sie an die Versicherung für die Güter (§ 7a GüKG)."
)
_CLOSED = N_(
    "Güter anderer mit einem Fahrzeug dieser Größe zu fahren, ist Güterkraftverkehr, wenn es "
    "gegen Geld oder geschäftsmäßig geschieht, also auf Wiederholung angelegt ist (§ 1 Abs. 1 "
    "GüKG). Dass es nichts kostet, ändert allein nichts daran. Dafür ist eine Lizenz nötig; ohne "
    "sie lässt sich die Fahrt hier nicht veröffentlichen. Wie man sie bekommt, sagt die IHK. "
    "Stattdessen geht: ein leichteres Fahrzeug (mit Anhänger bis 3.500 kg, über die Grenze bis "
    "2.500 kg), nur eigene Güter, oder Sie bieten das Fahrzeug ohne Fahrer als Maschine an."
)
_OPEN_QUESTIONS = N_("Damit klar ist, welche Regeln für die Fahrt gelten, fehlen noch Angaben.")

_QUESTIONS: Mapping[str, str] = {
    "goods_owner": N_("Bitte sagen Sie, wessen Güter mitfahren."),
    "gross_mass": N_("Bitte geben Sie die zulässige Gesamtmasse mit Anhänger an."),
    "cross_border": N_("Bitte sagen Sie, ob es über die Grenze geht."),
}
_NEEDS_LICENCE = N_(
    "Bitte geben Sie die Lizenz an. Haben Sie keine, nennt der Hinweis, was stattdessen geht."
)
_ASK_ASSOCIATION = N_(
    "Ist es eine gelegentliche Fahrt für Mitglieder oder gemeinnützige Zwecke und nicht "
    "gewerblich, beantworten Sie die Frage danach mit Ja."
)
_NO_ASSOCIATION = N_(
    "Vereinsfahrten gibt es nur bei Vereinen und gemeinnützigen Einrichtungen; Ihre Organisation "
    "ist als etwas anderes angemeldet. Beantworten Sie die Frage danach mit Nein, oder ändern "
    "Sie die Angaben der Organisation, wenn sie nicht stimmen."
)
_NOT_ABROAD = N_(
    "Die frühere nationale Erlaubnis gilt nicht über die Grenze. Wählen Sie die "
    "Gemeinschaftslizenz, wenn Sie sie haben, oder bieten Sie die Fahrt nur innerhalb "
    "Deutschlands an."
)


def decide(case: GateCase) -> Ruling | None:
    """Tell which rules apply; those who only look for a trip carry nothing."""
    if case.is_request:
        return None
    values = case.values
    # Only what the form shows is asked for: the border comes up with other people's goods.
    foreign = values.get("goods_owner") not in (None, "own_goods")
    needed = tuple(_QUESTIONS) if foreign else ("goods_owner", "gross_mass")
    missing = {key: _QUESTIONS[key] for key in needed if values.get(key) is None}
    if missing:
        return Ruling(
            code="OPEN_QUESTIONS", verdict=Verdict.CLOSED, text=_OPEN_QUESTIONS, missing=missing
        )
    return _ruling(case, gross=float(values["gross_mass"]))


def _ruling(case: GateCase, *, gross: float) -> Ruling:
    values = case.values
    if values["goods_owner"] == "own_goods":
        heavy = gross > LIGHT_AT_HOME_KG
        return _open("OWN_ACCOUNT_HEAVY", _OWN_HEAVY) if heavy else _open("OWN_ACCOUNT", _OWN)
    abroad = values["cross_border"] is True
    if gross <= (LIGHT_ACROSS_THE_BORDER_KG if abroad else LIGHT_AT_HOME_KG):
        return _open("LIGHT_ABROAD", _LIGHT_ABROAD) if abroad else _open("LIGHT", _LIGHT)
    if case.organisation_kind in _ASSOCIATIONS and values.get("charitable_trip") is True:
        return _open("ASSOCIATION", _ASSOCIATION)
    licence = values.get("licence")
    if licence == "old_national_permit" and abroad:
        return _closed({"licence": _NOT_ABROAD})
    if licence in _LICENCES:
        return _open("LICENSED", _LICENSED)
    return _closed({**_association_missing(case), "licence": _NEEDS_LICENCE})


def _association_missing(case: GateCase) -> dict[str, str]:
    """Say to associations what they may state, and to others that it is not for them."""
    charitable = case.values.get("charitable_trip")
    if case.organisation_kind in _ASSOCIATIONS:
        return {"charitable_trip": _ASK_ASSOCIATION} if charitable is None else {}
    return {"charitable_trip": _NO_ASSOCIATION} if charitable is True else {}


def _open(code: str, text: str) -> Ruling:
    return Ruling(code=code, verdict=Verdict.OPEN, text=text)


def _closed(missing: Mapping[str, str]) -> Ruling:
    return Ruling(
        code="LICENCE_NEEDED",
        verdict=Verdict.CLOSED,
        text=_CLOSED,
        missing=missing,
    )


HAULAGE = Gate(key="haulage", version="2026-11-27", decide=decide)
