"""Machines and tools (domain.md 3.3 and 3.4)."""

from typing import Any

from marketplace.foundation.errors import N_, NN_
from marketplace.listings.resource_kind import (
    CATEGORY,
    Attribute,
    BudgetUnit,
    Check,
    ChoiceAttribute,
    MonthAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    Scheduling,
    SeveralAttribute,
    Step,
    TextAttribute,
    When,
    YearAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.gates.inspection import CE_MARKING, INSPECTION, OPERATION

# One kilowatt in metric horsepower (PS): 1 / 0.73549875 (DIN 66036).
_HORSEPOWER_PER_KILOWATT = 1.35962


def _horsepower(kilowatt: float) -> str:
    return f"{round(kilowatt * _HORSEPOWER_PER_KILOWATT)} PS"


def _type_step(key: str, label: str, *categories: str) -> Step:
    return Step(key=key, label=label, shown_if=When(key=CATEGORY, answers=categories))


# Fields that only machines of one sort have: domain.md 3.4, "type-specific".
_TYPE_STEPS = (
    _type_step("forklift", N_("Gabelstapler"), "lifting.forklift"),
    _type_step("telehandler", N_("Teleskoplader"), "lifting.telehandler"),
    _type_step("aerial_platform", N_("Arbeitsbühne"), "lifting.aerial_platform"),
    _type_step("excavator", N_("Bagger"), "construction.excavator"),
    _type_step("wheel_loader", N_("Radlader"), "construction.wheel_loader"),
    _type_step("generator", N_("Stromerzeuger"), "energy.generator"),
    _type_step("compressor", N_("Kompressor"), "energy.compressor"),
    _type_step(
        "machining",
        N_("Bearbeitung"),
        "metalworking.milling",
        "metalworking.turning",
        "woodworking.milling",
    ),
    _type_step("cutting", N_("Schneiden"), "metalworking.laser"),
    _type_step("printing", N_("3D-Druck"), "metalworking.three_d_printing"),
    _type_step("tractor", N_("Traktor"), "agriculture.tractor"),
    _type_step("trailer", N_("Anhänger"), "agriculture.trailer"),
    _type_step("event", N_("Veranstaltung"), "event"),
    _type_step("kitchen", N_("Küche"), "kitchen"),
    _type_step("measuring", N_("Messen"), "measuring"),
    _type_step("media", N_("Bild und Ton"), "media"),
)


def _typed(
    key: str,
    step: str,
    label: str,
    unit: str,
    low: float,
    high: float,
    **more: Any,  # noqa: ANN401 (fields of the declaration)
) -> NumberAttribute:
    """Declare a number with its typical range; domain.md 3.4 sets the hard bounds tenfold."""
    return NumberAttribute(
        key=key,
        step=step,
        label=label,
        unit=unit,
        low=low / 10,
        high=high * 10,
        typical_low=low,
        typical_high=high,
        **more,
    )


_TYPE_ATTRIBUTES: tuple[Attribute, ...] = (
    _typed("lift_capacity", "forklift", N_("Tragkraft"), "kg", 1_000, 5_000, on_card=True),
    _typed("load_centre", "forklift", N_("Lastschwerpunkt"), "mm", 400, 600, in_requests=False),
    _typed("lift_height", "forklift", N_("Hubhöhe"), "mm", 3_000, 7_000, on_card=True),
    _typed("closed_height", "forklift", N_("Bauhöhe"), "mm", 1_900, 2_800, in_requests=False),
    _typed("fork_length", "forklift", N_("Gabellänge"), "mm", 1_000, 1_200),
    _typed("telehandler_capacity", "telehandler", N_("Tragkraft"), "kg", 2_500, 5_000),
    _typed("telehandler_height", "telehandler", N_("Hubhöhe"), "m", 6, 20, on_card=True),
    _typed("working_height", "aerial_platform", N_("Arbeitshöhe"), "m", 6, 30, on_card=True),
    _typed("basket_load", "aerial_platform", N_("Korblast"), "kg", 120, 450),
    ChoiceAttribute(
        key="platform_place",
        step="aerial_platform",
        label=N_("Einsatz"),
        options=(
            Option(key="indoor", label=N_("innen")),
            Option(key="outdoor", label=N_("außen")),
            Option(key="both", label=N_("innen und außen")),
        ),
    ),
    _typed("excavator_weight", "excavator", N_("Einsatzgewicht"), "t", 0.8, 30, on_card=True),
    _typed("dig_depth", "excavator", N_("Grabtiefe"), "m", 1.5, 7),
    TextAttribute(
        key="bucket_widths",
        step="excavator",
        label=N_("Löffelbreiten in mm"),
        hint=N_("Zum Beispiel: 300, 600, 1200"),
    ),
    _typed("bucket_volume", "wheel_loader", N_("Schaufelinhalt"), "m³", 0.2, 4, on_card=True),
    _typed("apparent_power", "generator", N_("Leistung"), "kVA", 5, 500, on_card=True),
    NumberAttribute(
        key="noise",
        step="generator",
        label=N_("Lautstärke"),
        unit="dB",
        low=0,
        high=160,
        typical_low=50,
        typical_high=110,
        in_requests=False,
    ),
    _typed("air_flow", "compressor", N_("Luftmenge"), "m³/min", 0.2, 20, on_card=True),
    _typed("pressure", "compressor", N_("Druck"), "bar", 7, 14),
    _typed("travel_x", "machining", N_("Verfahrweg X"), "mm", 100, 4_000, on_card=True),
    _typed("travel_y", "machining", N_("Verfahrweg Y"), "mm", 100, 4_000),
    _typed("travel_z", "machining", N_("Verfahrweg Z"), "mm", 100, 4_000),
    _typed("spindle_power", "machining", N_("Spindelleistung"), "kW", 5, 60),
    _typed("tolerance", "machining", N_("Genauigkeit"), "mm", 0.005, 0.5),
    _typed("bed_length", "cutting", N_("Tischlänge"), "mm", 500, 6_000, on_card=True),
    _typed("bed_width", "cutting", N_("Tischbreite"), "mm", 300, 2_500),
    TextAttribute(
        key="thickness",
        step="cutting",
        label=N_("Größte Stärke je Werkstoff"),
        hint=N_("Zum Beispiel: Stahl 20 mm, Edelstahl 10 mm"),
        longest=200,
    ),
    TextAttribute(
        key="build_size",
        step="printing",
        label=N_("Bauraum"),
        hint=N_("Zum Beispiel: 250 × 210 mm"),
    ),
    TextAttribute(key="print_materials", step="printing", label=N_("Werkstoffe"), longest=200),
    _typed(
        "tractor_power",
        "tractor",
        N_("Motorleistung"),
        "kW",
        35,
        250,
        converted=_horsepower,
        other_units={"PS": 1 / _HORSEPOWER_PER_KILOWATT},
        on_card=True,
    ),
    YesNoAttribute(key="power_take_off", step="tractor", label=N_("Zapfwelle")),
    ChoiceAttribute(
        key="linkage",
        step="tractor",
        label=N_("Dreipunkt, Kategorie"),
        options=tuple(Option(key=each, label=each) for each in ("0", "1", "2", "3", "4")),
    ),
    NumberAttribute(
        key="trailer_gross",
        step="trailer",
        label=N_("Zulässige Gesamtmasse"),
        unit="kg",
        low=50,
        high=60_000,
        typical_low=750,
        typical_high=18_000,
        on_card=True,
    ),
    _typed("trailer_payload", "trailer", N_("Nutzlast"), "kg", 300, 14_000),
    _typed("tent_area", "event", N_("Zeltfläche"), "m²", 9, 2_000, on_card=True),
    _typed("seats", "event", N_("Sitzplätze"), N_("Plätze"), 10, 1_000, whole=True, on_card=True),
    _typed("sound_power", "event", N_("Tonleistung"), "W", 100, 20_000),
    _typed("meals_per_hour", "kitchen", N_("Essen je Stunde"), N_("Essen"), 20, 1_000, whole=True),
    TextAttribute(key="measuring_range", step="measuring", label=N_("Messbereich")),
    MonthAttribute(
        key="calibration_due",
        step="measuring",
        label=N_("Nächste Kalibrierung"),
        in_requests=False,
    ),
    TextAttribute(key="resolution", step="media", label=N_("Auflösung")),
    _typed("brightness", "media", N_("Helligkeit"), "lm", 500, 20_000),
)


KIND = ResourceKind(
    key="machine",
    singular=N_("Maschine"),
    plural=N_("Maschinen"),
    order=10,
    example_title=N_("Zum Beispiel: Minibagger 1,8 t mit drei Löffeln"),
    example_request=N_("Zum Beispiel: Häcksler für einen Tag"),
    travels=True,
    steps=(
        Step(key="device", label=N_("Gerät")),
        *_TYPE_STEPS,
        Step(key="use", label=N_("Bedienung und Prüfung")),
        Step(key="size", label=N_("Gewicht und Maße beim Transport")),
    ),
    gates=(INSPECTION, CE_MARKING, OPERATION),
    units=(
        Option(key="piece", label=NN_("Stück", "Stück")),
        Option(key="machine_hour", label=N_("Maschinenstunden"), one=N_("Maschinenstunde")),
    ),
    modes=("lend", "rent", "co_use"),
    scheduling=Scheduling(is_returned=True, budgets={"machine_hour": BudgetUnit.HOUR}),
    price_units=("hour", "day", "week", "month", "unit"),
    search_words=(N_("Maschine"), N_("Gerät"), N_("Werkzeug")),
    attributes=(
        TextAttribute(
            key="manufacturer",
            step="device",
            in_requests=False,
            label=N_("Hersteller"),
            on_card=True,
        ),
        TextAttribute(
            key="model", step="device", in_requests=False, label=N_("Modell"), on_card=True
        ),
        YearAttribute(
            key="year_of_make",
            step="device",
            in_requests=False,
            label=N_("Baujahr"),
            low=1900,
            typical_low=1990,
            on_card=True,
        ),
        NumberAttribute(
            key="power",
            step="device",
            label=N_("Leistung"),
            unit="kW",
            low=0,
            high=5000,
            typical_low=0.1,
            typical_high=300,
            converted=_horsepower,
            other_units={"PS": 1 / _HORSEPOWER_PER_KILOWATT},
            hint=N_("In kW, oder mit PS dahinter: 50 PS."),
            on_card=True,
        ),
        ChoiceAttribute(
            key="drive",
            step="device",
            is_facet=True,
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
            step="device",
            shown_if=When(key="drive", answers=("electric_mains",)),
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
            step="device",
            in_requests=False,
            label=N_("Betriebsstunden"),
            unit="h",
            low=0,
            high=200_000,
            typical_high=20_000,
            whole=True,
        ),
        NumberAttribute(
            key="operating_weight",
            step="size",
            label=N_("Gewicht"),
            unit="kg",
            low=0.1,
            high=500_000,
            typical_low=10,
            typical_high=30_000,
        ),
        NumberAttribute(
            key="transport_length",
            step="size",
            in_requests=False,
            label=N_("Länge beim Transport"),
            unit="m",
            low=0.01,
            high=60,
            typical_high=13.6,
        ),
        NumberAttribute(
            key="transport_width",
            step="size",
            in_requests=False,
            label=N_("Breite beim Transport"),
            hint=N_("Über 2,55 m: bitte klären, ob eine Genehmigung für den Transport nötig ist."),
            unit="m",
            low=0.01,
            high=10,
            typical_high=2.55,
        ),
        NumberAttribute(
            key="transport_height",
            step="size",
            in_requests=False,
            label=N_("Höhe beim Transport"),
            unit="m",
            low=0.01,
            high=10,
            typical_high=4,
        ),
        ChoiceAttribute(
            key="operator_required",
            step="use",
            is_facet=True,
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
            step="use",
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
        YesNoAttribute(
            key="ce_marking", step="use", in_requests=False, label=N_("CE-Kennzeichen vorhanden")
        ),
        YesNoAttribute(
            key="manual_available",
            step="use",
            in_requests=False,
            label=N_("Betriebsanleitung vorhanden"),
        ),
        MonthAttribute(
            key="last_inspection", step="use", in_requests=False, label=N_("Letzte Prüfung")
        ),
        MonthAttribute(
            key="next_inspection",
            step="use",
            in_requests=False,
            label=N_("Nächste Prüfung fällig"),
            hint=N_("Steht auf der Plakette oder im Prüfbuch."),
        ),
        YesNoAttribute(
            key="public_road",
            step="use",
            in_requests=False,
            label=N_("Für öffentliche Straßen zugelassen"),
        ),
        TextAttribute(
            key="serial_no",
            step="use",
            in_requests=False,
            label=N_("Seriennummer"),
            is_private=True,
        ),
        *_TYPE_ATTRIBUTES,
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
            attribute="manual_available",
            message=N_(
                "Ohne Betriebsanleitung fehlt den Nutzenden die Grundlage für die Unterweisung."
            ),
            holds=lambda values: values.get("manual_available") is not False,
        ),
    ),
)
