"""Warehouses and rooms (domain.md 3.3 and 3.5)."""

from marketplace.foundation.errors import N_
from marketplace.listings.resource_kind import (
    AttributeValues,
    Check,
    ChoiceAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    Scheduling,
    SeveralAttribute,
    Step,
    TextAttribute,
    When,
    YesNoAttribute,
)

# Footprint of one EUR pallet with the room around it: 1.20 m by 0.80 m.
_PALLET_SQUARE_METRES = 0.96
# Highest racks in halls have about this many levels (clear height 12.5 m, 1.8 m a level).
_MOST_LEVELS = 7
# 1 kN is the weight of 102 kg (standard gravity 9.80665 m/s²).
_KILOGRAM_PER_KILONEWTON = 101.97


def _kilonewton(kilogram: float) -> str:
    return f"{kilogram / _KILOGRAM_PER_KILONEWTON:.1f} kN/m²".replace(".", ",")


def _pallets_fit(values: AttributeValues) -> bool:
    pallets, area = values.get("pallet_places"), values.get("area")
    return not pallets or not area or pallets * _PALLET_SQUARE_METRES <= area * _MOST_LEVELS


KIND = ResourceKind(
    key="space",
    singular=N_("Raum oder Lager"),
    plural=N_("Räume und Lager"),
    order=20,
    example_title=N_("Zum Beispiel: 40 Palettenplätze, trocken, mit Rampe"),
    example_request=N_("Zum Beispiel: Raum für 30 Leute, ein Abend im Monat"),
    steps=(
        Step(key="room", label=N_("Raum")),
        Step(key="store", label=N_("Lagern")),
        Step(key="access", label=N_("Zufahrt und Zugang")),
        Step(key="safety", label=N_("Sicherheit und Obhut")),
    ),
    units=(
        Option(key="room", label=N_("Raum")),
        Option(key="pallet_place", label=N_("Palettenplätze"), one=N_("Palettenplatz")),
        Option(key="square_metre", label=N_("m²")),
    ),
    modes=("lend", "rent", "co_use"),
    scheduling=Scheduling(is_returned=True),
    price_units=("hour", "day", "week", "month", "pallet_month", "m2_month"),
    search_words=(N_("Raum"), N_("Lager"), N_("Fläche")),
    attributes=(
        ChoiceAttribute(
            key="space_kind",
            step="room",
            is_facet=True,
            label=N_("Art"),
            on_card=True,
            options=(
                Option(key="hall", label=N_("Halle")),
                Option(key="rack", label=N_("Regallager")),
                Option(key="floor_block", label=N_("Blocklager")),
                Option(key="open_yard", label=N_("Freifläche")),
                Option(key="office", label=N_("Büro")),
                Option(key="workshop", label=N_("Werkstatt")),
                Option(key="kitchen", label=N_("Küche")),
                Option(key="meeting_room", label=N_("Versammlungsraum")),
                Option(key="cold_room", label=N_("Kühlraum")),
            ),
        ),
        NumberAttribute(
            key="area",
            step="room",
            label=N_("Fläche"),
            unit="m²",
            low=1,
            high=500_000,
            typical_low=20,
            typical_high=10_000,
            on_card=True,
        ),
        NumberAttribute(
            key="pallet_places",
            step="store",
            label=N_("Palettenplätze"),
            hint=N_("Ein Platz für eine Europalette misst 1,20 × 0,80 m."),
            unit=N_("Plätze"),
            low=0,
            high=500_000,
            typical_low=5,
            typical_high=5_000,
            whole=True,
            on_card=True,
        ),
        NumberAttribute(
            key="clear_height",
            step="room",
            label=N_("Lichte Höhe"),
            unit="m",
            low=1.8,
            high=45,
            typical_low=3,
            typical_high=12.5,
            on_card=True,
        ),
        NumberAttribute(
            key="floor_load",
            step="store",
            other_units={"t/m²": 1_000, "kN/m²": _KILOGRAM_PER_KILONEWTON},
            label=N_("Bodenlast"),
            unit="kg/m²",
            low=100,
            high=20_000,
            typical_low=500,
            typical_high=5_000,
            converted=_kilonewton,
        ),
        NumberAttribute(
            key="rack_bay_load",
            step="store",
            shown_if=When(key="space_kind", answers=("rack",)),
            label=N_("Last je Regalfach"),
            unit="kg",
            low=0,
            high=20_000,
            typical_low=500,
            typical_high=4_000,
        ),
        ChoiceAttribute(
            key="temperature_class",
            step="room",
            is_facet=True,
            label=N_("Temperatur"),
            options=(
                Option(key="ambient", label=N_("unbeheizt")),
                Option(key="frost_free", label=N_("frostfrei (ab 5 °C)")),
                Option(key="tempered", label=N_("temperiert (15 bis 25 °C)")),
                Option(key="cool", label=N_("kühl (8 bis 15 °C)")),
                Option(key="chilled", label=N_("gekühlt (2 bis 8 °C)")),
                Option(key="frozen", label=N_("tiefgekühlt (−18 °C und kälter)")),
                Option(key="custom", label=N_("eigener Bereich")),
            ),
        ),
        NumberAttribute(
            key="temperature_low",
            step="room",
            label=N_("Temperatur mindestens"),
            unit="°C",
            low=-40,
            high=60,
            shown_if=When(key="temperature_class", answers=("custom",)),
        ),
        NumberAttribute(
            key="temperature_high",
            step="room",
            label=N_("Temperatur höchstens"),
            unit="°C",
            low=-40,
            high=60,
            shown_if=When(key="temperature_class", answers=("custom",)),
        ),
        NumberAttribute(
            key="humidity_max",
            step="room",
            in_requests=False,
            label=N_("Luftfeuchte höchstens"),
            unit="%",
            low=0,
            high=100,
            typical_low=40,
            typical_high=65,
        ),
        ChoiceAttribute(
            key="dock_kind",
            step="access",
            label=N_("Laderampe"),
            options=(
                Option(key="ground_level", label=N_("ebenerdig")),
                Option(key="dock", label=N_("Rampe")),
                Option(key="dock_with_leveller", label=N_("Rampe mit Überladebrücke")),
            ),
        ),
        NumberAttribute(
            key="gate_width",
            step="access",
            label=N_("Breite des Tores"),
            unit="m",
            low=0.8,
            high=20,
            typical_low=3,
            typical_high=5,
        ),
        NumberAttribute(
            key="gate_height",
            step="access",
            label=N_("Höhe des Tores"),
            unit="m",
            low=0.8,
            high=20,
            typical_low=3,
            typical_high=5,
        ),
        ChoiceAttribute(
            key="truck_access",
            step="access",
            label=N_("Zufahrt bis"),
            options=(
                Option(key="van", label=N_("Transporter")),
                Option(key="truck_7_5", label=N_("Lkw bis 7,5 t")),
                Option(key="truck_12", label=N_("Lkw bis 12 t")),
                Option(key="semi_40", label=N_("Sattelzug bis 40 t")),
            ),
        ),
        YesNoAttribute(
            key="turning_area", step="access", in_requests=False, label=N_("Platz zum Wenden")
        ),
        SeveralAttribute(
            key="handling",
            step="access",
            label=N_("Beim Verladen hilft"),
            options=(
                Option(key="forklift_on_site", label=N_("Gabelstapler")),
                Option(key="hand_pallet", label=N_("Hubwagen")),
                Option(key="crane", label=N_("Kran")),
                Option(key="staff", label=N_("unser Personal")),
            ),
        ),
        SeveralAttribute(
            key="security",
            step="safety",
            label=N_("Sicherung"),
            hint=N_("Bei Kameras bitte auf den Datenschutz hinweisen."),
            options=(
                Option(key="fence", label=N_("Zaun")),
                Option(key="alarm", label=N_("Alarmanlage")),
                Option(key="cctv", label=N_("Kameras")),
                Option(key="guard", label=N_("Wachdienst")),
                Option(key="key", label=N_("eigener Schlüssel")),
            ),
        ),
        SeveralAttribute(
            key="fire",
            step="safety",
            in_requests=False,
            label=N_("Brandschutz"),
            options=(
                Option(key="alarm_system", label=N_("Brandmelder")),
                Option(key="sprinkler", label=N_("Sprinkler")),
                Option(key="extinguishers", label=N_("Feuerlöscher")),
                Option(key="smoke_vent", label=N_("Rauchabzug")),
            ),
        ),
        SeveralAttribute(
            key="permitted_goods",
            step="store",
            label=N_("Erlaubte Güter"),
            options=(
                Option(key="general", label=N_("allgemeine Güter")),
                Option(key="food", label=N_("Lebensmittel")),
                Option(key="pharma", label=N_("Arzneimittel")),
                Option(key="textile", label=N_("Textilien")),
            ),
        ),
        ChoiceAttribute(
            key="custody",
            step="safety",
            label=N_("Obhut"),
            options=(
                Option(key="space_only", label=N_("nur die Fläche")),
                Option(key="with_custody", label=N_("wir nehmen die Güter in Obhut")),
            ),
        ),
        TextAttribute(
            key="access_hours",
            step="access",
            label=N_("Zugang"),
            hint=N_("Zum Beispiel: Mo bis Fr, 7 bis 17 Uhr"),
        ),
        TextAttribute(key="power_connection", step="room", label=N_("Stromanschluss")),
        YesNoAttribute(key="accessible", step="room", label=N_("Stufenlos erreichbar")),
    ),
    checks=(
        Check(
            attribute="pallet_places",
            message=N_("So viele Palettenplätze passen kaum auf diese Fläche. Bitte prüfen."),
            holds=_pallets_fit,
        ),
        Check(
            attribute="area",
            message=N_("Bitte geben Sie bei Hallen, Freiflächen und Büros die Fläche an."),
            holds=lambda values: (
                values.get("space_kind") not in ("hall", "open_yard", "office")
                or values.get("area") is not None
            ),
            blocks=True,
            in_requests=False,
        ),
        Check(
            attribute="temperature_high",
            message=N_("Die höchste Temperatur liegt unter der niedrigsten."),
            holds=lambda values: (
                values.get("temperature_low") is None
                or values.get("temperature_high") is None
                or values["temperature_low"] < values["temperature_high"]
            ),
            blocks=True,
        ),
    ),
)
