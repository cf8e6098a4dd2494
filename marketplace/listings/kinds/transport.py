"""Free room on vehicles and trips (domain.md 3.3 and 3.6)."""

from marketplace.foundation.errors import N_
from marketplace.listings.resource_kind import (
    AttributeValues,
    Check,
    ChoiceAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    SeveralAttribute,
    Step,
    TextAttribute,
    When,
    YesNoAttribute,
)
from marketplace.listings.rules.gates.haulage import HAULAGE

# Loading metres are metres of a truck 2.4 m wide; a EUR pallet (1.2 m by 0.8 m) takes 0.4 of them.
_TRUCK_WIDTH_METRES = 2.4
_EUR_PALLET_SQUARE_METRES = 1.2 * 0.8

_REEFER = When(key="body", answers=("reefer",))
_FOREIGN_GOODS = When(key="goods_owner", answers=("third_party_goods", "mixed"))


def _payload_is_less_than_the_mass(values: AttributeValues) -> bool:
    payload, gross = values.get("payload"), values.get("gross_mass")
    return payload is None or gross is None or payload < gross


def _pallets_fit(values: AttributeValues) -> bool:
    pallets, metres = values.get("pallet_places"), values.get("loading_metres")
    if not pallets or not metres:
        return True
    width = min(values.get("load_width") or _TRUCK_WIDTH_METRES, _TRUCK_WIDTH_METRES)
    return bool(pallets * _EUR_PALLET_SQUARE_METRES <= metres * width * 1.05)


KIND = ResourceKind(
    key="transport",
    singular=N_("Transport"),
    plural=N_("Transporte"),
    order=30,
    example_title=N_("Zum Beispiel: Jeden Dienstag leer von Teltow nach Bad Belzig"),
    example_request=N_("Zum Beispiel: Zwei Paletten von Beelitz nach Brück"),
    units=(
        Option(key="trip", label=N_("Fahrten"), one=N_("Fahrt")),
        Option(key="pallet_place", label=N_("Palettenplätze"), one=N_("Palettenplatz")),
        Option(key="kilogram", label=N_("kg")),
        Option(key="loading_metre", label=N_("Lademeter")),
    ),
    modes=("lend", "rent", "co_use"),
    mode_words={
        "lend": N_("kostenlos mitnehmen"),
        "rent": N_("gegen Bezahlung"),
        "co_use": N_("Kosten teilen"),
    },
    price_units=("km", "hour", "day", "unit"),
    search_words=(N_("Transport"), N_("Fahrt"), N_("Mitnahme"), N_("Lieferung")),
    travels=True,
    steps=(
        Step(key="trip", label=N_("Fahrt"), is_open=True),
        Step(key="vehicle", label=N_("Fahrzeug und Ladung"), is_open=True),
        Step(
            key="law",
            label=N_("Was mitfährt"),
            hint=N_("Daraus ergibt sich, welche Regeln für die Fahrt gelten."),
            is_open=True,
        ),
    ),
    gates=(HAULAGE,),
    attributes=(
        TextAttribute(key="trip_from", step="trip", label=N_("Von"), on_card=True),
        TextAttribute(key="trip_to", step="trip", label=N_("Nach"), on_card=True),
        TextAttribute(key="trip_via", step="trip", label=N_("Über"), longest=200),
        TextAttribute(
            key="departure",
            step="trip",
            label=N_("Abfahrt"),
            hint=N_("Zum Beispiel: dienstags 7:30"),
        ),
        NumberAttribute(
            key="detour",
            step="trip",
            label=N_("Umweg möglich bis"),
            unit="km",
            low=0,
            high=100,
            typical_high=30,
            in_requests=False,
        ),
        ChoiceAttribute(
            key="vehicle_class",
            step="vehicle",
            label=N_("Fahrzeug"),
            on_card=True,
            is_facet=True,
            options=(
                Option(key="cargo_bike", label=N_("Lastenrad")),
                Option(key="car", label=N_("Pkw")),
                Option(key="van_3_5", label=N_("Transporter bis 3,5 t")),
                Option(key="truck_7_5", label=N_("Lkw bis 7,5 t")),
                Option(key="truck_12", label=N_("Lkw bis 12 t")),
                Option(key="truck_18", label=N_("Lkw bis 18 t")),
                Option(key="truck_26", label=N_("Lkw bis 26 t")),
                Option(key="semi_40", label=N_("Sattelzug bis 40 t")),
                Option(key="trailer", label=N_("Anhänger")),
                Option(key="tractor", label=N_("Traktor")),
            ),
        ),
        NumberAttribute(
            key="payload",
            step="vehicle",
            label=N_("Freie Nutzlast"),
            unit="kg",
            low=1,
            high=60_000,
            typical_low=50,
            typical_high=25_000,
            other_units={"t": 1_000},
            on_card=True,
        ),
        NumberAttribute(
            key="loading_metres",
            step="vehicle",
            label=N_("Freie Lademeter"),
            hint=N_("Länge der freien Ladefläche bei 2,40 m Breite. Eine Europalette braucht 0,4."),
            unit="m",
            low=0,
            high=15,
            typical_high=13.6,
        ),
        NumberAttribute(
            key="pallet_places",
            step="vehicle",
            label=N_("Freie Palettenplätze"),
            unit=N_("Plätze"),
            low=0,
            high=40,
            typical_high=34,
            whole=True,
        ),
        NumberAttribute(
            key="load_length",
            step="vehicle",
            label=N_("Ladefläche, Länge"),
            unit="m",
            low=0.1,
            high=25,
            typical_low=1,
            typical_high=13.6,
        ),
        NumberAttribute(
            key="load_width",
            step="vehicle",
            label=N_("Ladefläche, Breite"),
            unit="m",
            low=0.1,
            high=3,
            typical_low=0.6,
            typical_high=2.48,
        ),
        NumberAttribute(
            key="load_height",
            step="vehicle",
            label=N_("Ladehöhe"),
            unit="m",
            low=0.1,
            high=4,
            typical_low=1,
            typical_high=3,
        ),
        ChoiceAttribute(
            key="body",
            step="vehicle",
            label=N_("Aufbau"),
            is_facet=True,
            options=(
                Option(key="box", label=N_("Koffer")),
                Option(key="curtain", label=N_("Plane")),
                Option(key="flatbed", label=N_("Pritsche")),
                Option(key="reefer", label=N_("Kühlaufbau")),
                Option(key="tank", label=N_("Tank")),
                Option(key="tipper", label=N_("Kipper")),
                Option(key="car_carrier", label=N_("Autotransporter")),
            ),
        ),
        NumberAttribute(
            key="temperature_low",
            step="vehicle",
            label=N_("Temperatur mindestens"),
            unit="°C",
            low=-30,
            high=30,
            shown_if=_REEFER,
        ),
        NumberAttribute(
            key="temperature_high",
            step="vehicle",
            label=N_("Temperatur höchstens"),
            unit="°C",
            low=-30,
            high=30,
            shown_if=_REEFER,
        ),
        SeveralAttribute(
            key="equipment",
            step="vehicle",
            label=N_("Ausstattung"),
            options=(
                Option(key="tail_lift", label=N_("Ladebordwand")),
                Option(key="crane", label=N_("Ladekran")),
                Option(key="pallet_truck", label=N_("Hubwagen")),
                Option(key="lashing", label=N_("Gurte und Netze")),
                Option(key="fork_pockets", label=N_("Staplertaschen")),
            ),
        ),
        ChoiceAttribute(
            key="goods_owner",
            step="law",
            label=N_("Wessen Güter fahren mit?"),
            in_requests=False,
            options=(
                Option(key="own_goods", label=N_("nur unsere eigenen")),
                Option(key="third_party_goods", label=N_("Güter anderer")),
                Option(key="mixed", label=N_("eigene und Güter anderer")),
            ),
        ),
        NumberAttribute(
            key="gross_mass",
            step="law",
            label=N_("Zulässige Gesamtmasse mit Anhänger"),
            hint=N_("Steht im Fahrzeugschein (F.2), Zugfahrzeug und Anhänger zusammen."),
            unit="kg",
            low=50,
            high=100_000,
            typical_low=100,
            typical_high=40_000,
            other_units={"t": 1_000},
            in_requests=False,
        ),
        YesNoAttribute(
            key="cross_border",
            step="law",
            label=N_("Geht es über die Grenze?"),
            in_requests=False,
            shown_if=_FOREIGN_GOODS,
        ),
        ChoiceAttribute(
            key="remuneration",
            step="law",
            label=N_("Gegenleistung"),
            in_requests=False,
            shown_if=_FOREIGN_GOODS,
            options=(
                Option(key="none", label=N_("keine")),
                Option(key="cost_share", label=N_("Anteil an den Kosten")),
                Option(key="paid", label=N_("bezahlt")),
            ),
        ),
        YesNoAttribute(
            key="charitable_trip",
            step="law",
            label=N_("Gelegentliche Fahrt eines Vereins für Mitglieder oder gemeinnützige Zwecke?"),
            in_requests=False,
            shown_if=_FOREIGN_GOODS,
        ),
        ChoiceAttribute(
            key="licence",
            step="law",
            label=N_("Lizenz für den Güterkraftverkehr"),
            hint=N_("Nur nötig bei Gütern anderer und größeren Fahrzeugen."),
            in_requests=False,
            shown_if=_FOREIGN_GOODS,
            options=(
                Option(key="none", label=N_("keine")),
                Option(key="community_licence", label=N_("Gemeinschaftslizenz (EU)")),
                Option(key="old_national_permit", label=N_("frühere nationale Erlaubnis")),
            ),
        ),
    ),
    checks=(
        Check(
            attribute="payload",
            message=N_("Die Nutzlast muss kleiner sein als die zulässige Gesamtmasse."),
            holds=_payload_is_less_than_the_mass,
            blocks=True,
        ),
        Check(
            attribute="pallet_places",
            message=N_("So viele Paletten brauchen mehr Lademeter. Bitte prüfen."),
            holds=_pallets_fit,
        ),
        Check(
            attribute="temperature_high",
            message=N_("Die höchste Temperatur liegt unter der niedrigsten."),
            holds=lambda values: (
                values.get("temperature_low") is None
                or values.get("temperature_high") is None
                or values["temperature_low"] <= values["temperature_high"]
            ),
            blocks=True,
        ),
    ),
)
