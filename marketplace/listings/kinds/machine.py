"""Machines and tools (domain.md 3.3 and 3.4, the general table)."""

from marketplace.foundation.errors import N_
from marketplace.listings.resource_kind import (
    Check,
    ChoiceAttribute,
    MonthAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    SeveralAttribute,
    TextAttribute,
    YearAttribute,
    YesNoAttribute,
)

# One kilowatt in metric horsepower (PS): 1 / 0.73549875 (DIN 66036).
_HORSEPOWER_PER_KILOWATT = 1.35962


def _horsepower(kilowatt: float) -> str:
    return f"{round(kilowatt * _HORSEPOWER_PER_KILOWATT)} PS"


KIND = ResourceKind(
    key="machine",
    singular=N_("Maschine"),
    plural=N_("Maschinen"),
    example_title=N_("Zum Beispiel: Minibagger 1,8 t mit drei Löffeln"),
    units=(Option(key="piece", label=N_("Stück")),),
    modes=("lend", "rent", "co_use"),
    price_units=("hour", "day", "week", "month", "unit"),
    search_words=(N_("Maschine"), N_("Gerät"), N_("Werkzeug")),
    attributes=(
        TextAttribute(key="manufacturer", label=N_("Hersteller"), on_card=True),
        TextAttribute(key="model", label=N_("Modell"), on_card=True),
        YearAttribute(
            key="year_of_make", label=N_("Baujahr"), low=1900, typical_low=1990, on_card=True
        ),
        NumberAttribute(
            key="power",
            label=N_("Leistung"),
            unit="kW",
            low=0,
            high=5000,
            typical_low=0.1,
            typical_high=300,
            converted=_horsepower,
            on_card=True,
        ),
        ChoiceAttribute(
            key="drive",
            label=N_("Antrieb"),
            options=(
                Option(key="diesel", label=N_("Diesel")),
                Option(key="petrol", label=N_("Benzin")),
                Option(key="electric_battery", label=N_("Akku")),
                Option(key="electric_mains", label=N_("Strom aus dem Netz")),
                Option(key="hydraulic", label=N_("hydraulisch")),
                Option(key="manual", label=N_("von Hand")),
                Option(key="gas", label=N_("Gas")),
            ),
        ),
        ChoiceAttribute(
            key="mains",
            label=N_("Stromanschluss"),
            options=(
                Option(key="230v_16a", label="230 V / 16 A"),
                Option(key="400v_16a", label="400 V / 16 A"),
                Option(key="400v_32a", label="400 V / 32 A"),
                Option(key="400v_63a", label="400 V / 63 A"),
                Option(key="400v_125a", label="400 V / 125 A"),
            ),
        ),
        NumberAttribute(
            key="operating_hours",
            label=N_("Betriebsstunden"),
            unit="h",
            low=0,
            high=200_000,
            typical_high=20_000,
            whole=True,
        ),
        NumberAttribute(
            key="operating_weight",
            label=N_("Gewicht"),
            unit="kg",
            low=0.1,
            high=500_000,
            typical_low=10,
            typical_high=30_000,
        ),
        NumberAttribute(
            key="transport_length",
            label=N_("Länge beim Transport"),
            unit="m",
            low=0.01,
            high=60,
            typical_high=13.6,
        ),
        NumberAttribute(
            key="transport_width",
            label=N_("Breite beim Transport"),
            hint=N_("Über 2,55 m: bitte klären, ob eine Genehmigung für den Transport nötig ist."),
            unit="m",
            low=0.01,
            high=10,
            typical_high=2.55,
        ),
        NumberAttribute(
            key="transport_height",
            label=N_("Höhe beim Transport"),
            unit="m",
            low=0.01,
            high=10,
            typical_high=4,
        ),
        ChoiceAttribute(
            key="operator_required",
            label=N_("Bedienung"),
            on_card=True,
            options=(
                Option(key="self_operated", label=N_("Sie bedienen selbst")),
                Option(key="with_operator", label=N_("nur mit unserer Bedienung")),
                Option(key="either", label=N_("mit oder ohne Bedienung")),
            ),
        ),
        SeveralAttribute(
            key="qualifications",
            label=N_("Nötige Nachweise"),
            hint=N_("Was Bedienende mitbringen müssen. Nachweise zeigt man sich untereinander."),
            options=(
                Option(key="forklift", label=N_("Fahrausweis Flurförderzeuge")),
                Option(key="telehandler", label=N_("Teleskopstapler")),
                Option(key="aerial_platform", label=N_("Hubarbeitsbühne")),
                Option(key="earth_mover", label=N_("Baumaschinen")),
                Option(key="crane", label=N_("Kran")),
                Option(key="chainsaw", label=N_("Motorsäge")),
                Option(key="welder", label=N_("Schweißprüfung")),
                Option(key="electrician", label=N_("Elektrofachkraft")),
                Option(key="licence_b", label=N_("Führerschein B")),
                Option(key="licence_be", label=N_("Führerschein BE")),
                Option(key="licence_c1", label=N_("Führerschein C1")),
                Option(key="licence_c", label=N_("Führerschein C")),
                Option(key="licence_ce", label=N_("Führerschein CE")),
                Option(key="licence_t", label=N_("Führerschein T oder L")),
            ),
        ),
        YesNoAttribute(key="ce_marking", label=N_("CE-Kennzeichen vorhanden")),
        YesNoAttribute(key="manual_available", label=N_("Betriebsanleitung vorhanden")),
        MonthAttribute(key="last_inspection", label=N_("Letzte Prüfung")),
        MonthAttribute(
            key="next_inspection",
            label=N_("Nächste Prüfung fällig"),
            hint=N_("Steht auf der Plakette oder im Prüfbuch."),
        ),
        YesNoAttribute(key="public_road", label=N_("Für öffentliche Straßen zugelassen")),
        TextAttribute(key="serial_no", label=N_("Seriennummer"), is_private=True),
    ),
    checks=(
        Check(
            attribute="next_inspection",
            message=N_("Die nächste Prüfung liegt vor der letzten. Bitte prüfen Sie die Monate."),
            holds=lambda values: (
                not (
                    values.get("last_inspection")
                    and values.get("next_inspection")
                    and values["next_inspection"] <= values["last_inspection"]
                )
            ),
            blocks=True,
        ),
        Check(
            attribute="mains",
            message=N_("Ein Stromanschluss passt nur zum Antrieb aus dem Netz."),
            holds=lambda values: (
                not values.get("mains") or values.get("drive") in (None, "electric_mains")
            ),
        ),
        Check(
            attribute="manual_available",
            message=N_(
                "Ohne Betriebsanleitung fehlt den Nutzenden die Grundlage für die Unterweisung."
            ),
            holds=lambda values: values.get("manual_available") is not False,
        ),
    ),
)
