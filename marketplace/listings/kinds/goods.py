"""Surplus goods, given away or sold on (domain.md 1.2 and 11.3)."""

from marketplace.foundation.errors import N_, NN_
from marketplace.listings.resource_kind import (
    CATEGORY,
    MODE,
    UNNAMED,
    Check,
    ChoiceAttribute,
    ClockAttribute,
    DayAttribute,
    MonthAttribute,
    NumberAttribute,
    Option,
    ResourceKind,
    Scheduling,
    Step,
    TextAttribute,
    When,
    YearAttribute,
    YesNoAttribute,
)
from marketplace.listings.rules.gates.goods import ALLOWED_THINGS, FIT_FOR_USE, data_carriers

_MAY_HOLD_DATA = When(key=CATEGORY, answers=("electronics",))
_FOOD = When(key=CATEGORY, answers=("food",))
_GIVEN = When(key=MODE, answers=("give",))
_ELECTRICAL = When(key="is_electrical", answers=("yes",))

KIND = ResourceKind(
    key="goods",
    singular=N_("Ware"),
    plural=N_("Waren"),
    order=50,
    example_title=N_("Zum Beispiel: 60 Bürostühle, gut erhalten"),
    example_request=N_("Zum Beispiel: 24 Stühle für den Vereinsraum"),
    units=(
        Option(key="piece", label=NN_("Stück", "Stück")),
        Option(key="box", label=N_("Kartons"), one=N_("Karton")),
        Option(key="pallet", label=N_("Paletten"), one=N_("Palette")),
        Option(key="kilogram", label=N_("kg")),
    ),
    modes=("give", "lend", "rent"),
    mode_words={"rent": N_("gegen Bezahlung überlassen")},
    price_units=("unit",),
    scheduling=Scheduling(is_returned=True),
    is_claimed=True,
    search_words=(N_("Ware"), N_("Sachspende"), N_("gebraucht"), N_("Überschuss")),
    steps=(
        Step(key="item", label=N_("Zustand und Maße"), is_open=True),
        Step(key="device", label=N_("Elektrogerät")),
        Step(key="giving", label=N_("Wer es bekommt"), shown_if=_GIVEN, is_open=True),
        Step(key="food", label=N_("Lebensmittel"), shown_if=_FOOD),
    ),
    gates=(ALLOWED_THINGS, data_carriers(_MAY_HOLD_DATA), FIT_FOR_USE),
    attributes=(
        ChoiceAttribute(
            key="recipients",
            step="giving",
            label=N_("Wer darf es bekommen?"),
            hint=N_("Ohne Angabe: alle freigegebenen Organisationen."),
            in_requests=False,
            options=(
                Option(key="everybody", label=N_("alle freigegebenen Organisationen")),
                Option(
                    key="recognised",
                    label=N_("öffentliche Stellen und Organisationen mit Nachweis des Finanzamts"),
                ),
            ),
        ),
        DayAttribute(
            key="recognised_first_until",
            step="giving",
            label=N_("Bis dahin nur öffentliche Stellen und Organisationen mit Nachweis"),
            hint=N_("Danach alle. Der Tag zählt noch mit."),
            in_requests=False,
        ),
        DayAttribute(
            key="apply_until",
            step="giving",
            label=N_("Anmelden bis"),
            hint=N_("Danach wird verteilt. Ohne Angabe entscheiden Sie, wie sich jemand meldet."),
            in_requests=False,
        ),
        ClockAttribute(
            key="apply_until_time",
            step="giving",
            label=N_("Anmelden bis: Uhrzeit"),
            hint=N_("Etwa 12:00. Ohne Angabe zählt der Tag ganz."),
            in_requests=False,
        ),
        DayAttribute(
            key="collect_until",
            step="giving",
            label=N_("Abholen bis"),
            in_requests=False,
        ),
        YesNoAttribute(
            key="may_split",
            step="giving",
            label=N_("Darf aufgeteilt werden"),
            in_requests=False,
        ),
        NumberAttribute(
            key="smallest_lot",
            step="giving",
            label=N_("Kleinste Menge je Empfänger"),
            unit="",
            low=1,
            high=1_000_000,
            whole=True,
            in_requests=False,
        ),
        YesNoAttribute(
            key=UNNAMED,
            step="giving",
            label=N_("Ungenannt geben"),
            hint=N_(
                "Statt Ihres Namens steht dann überall „Ungenannt“ und nur der Ort. Ihren Namen "
                "erfährt, wer eine Zusage angenommen hat, und die Ansprechstelle im Landkreis. "
                "Es gilt, sobald Sie speichern. Bitte achten Sie darauf, dass auch Titel, Text, "
                "Bilder und Nachrichten Sie nicht nennen."
            ),
            is_private=True,
            in_requests=False,
        ),
        ChoiceAttribute(
            key="condition",
            step="item",
            label=N_("Zustand"),
            on_card=True,
            is_facet=True,
            options=(
                Option(key="new", label=N_("neu")),
                Option(key="like_new", label=N_("wie neu")),
                Option(key="good", label=N_("gut erhalten")),
                Option(key="used", label=N_("gebraucht")),
                Option(key="repairable", label=N_("reparaturbedürftig")),
                Option(key="defective", label=N_("defekt")),
            ),
        ),
        TextAttribute(
            key="manufacturer", step="item", label=N_("Hersteller"), on_card=True, in_requests=False
        ),
        TextAttribute(key="model", step="item", label=N_("Modell"), in_requests=False),
        YearAttribute(
            key="year_of_make",
            step="item",
            label=N_("Baujahr"),
            low=1900,
            typical_low=1990,
            in_requests=False,
        ),
        NumberAttribute(
            key="weight",
            step="item",
            label=N_("Gewicht je Stück"),
            unit="kg",
            low=0.001,
            high=50_000,
            typical_low=0.1,
            typical_high=500,
            other_units={"g": 0.001, "t": 1_000},
        ),
        TextAttribute(
            key="dimensions",
            step="item",
            label=N_("Maße"),
            hint=N_("Zum Beispiel: 120 × 80 × 75 cm"),
        ),
        YesNoAttribute(
            key="fit_for_purpose",
            step="item",
            label=N_("Für seinen Zweck brauchbar"),
            in_requests=False,
        ),
        YesNoAttribute(
            key="recall_checked",
            step="item",
            label=N_("Auf Rückrufe nachgesehen"),
            in_requests=False,
        ),
        YesNoAttribute(key="is_electrical", step="device", label=N_("Elektrogerät")),
        MonthAttribute(
            key="electrical_inspection",
            step="device",
            label=N_("Letzte elektrische Prüfung"),
            in_requests=False,
            shown_if=_ELECTRICAL,
        ),
        ChoiceAttribute(
            key="data_carriers",
            step="device",
            label=N_("Sind Datenträger dabei?"),
            hint=N_("Festplatten, Speicherkarten, auch in Kopierern und Telefonen."),
            in_requests=False,
            options=(
                Option(key="none", label=N_("nein")),
                Option(key="wiped", label=N_("ja, sicher gelöscht")),
                Option(key="not_wiped", label=N_("ja, nicht gelöscht")),
            ),
        ),
        DayAttribute(
            key="best_before",
            step="food",
            label=N_("Mindestens haltbar bis"),
            in_requests=False,
        ),
        DayAttribute(
            key="use_by",
            step="food",
            label=N_("Zu verbrauchen bis"),
            in_requests=False,
        ),
    ),
    checks=(
        Check(
            attribute="apply_until_time",
            message=N_("Bitte geben Sie auch den Tag an, bis zu dem man sich anmeldet."),
            holds=lambda values: "apply_until_time" not in values or "apply_until" in values,
            blocks=True,
            in_requests=False,
        ),
        Check(
            attribute="collect_until",
            message=N_("Abgeholt wird erst nach der Anmeldung. Bitte prüfen Sie beide Tage."),
            holds=lambda values: (
                "collect_until" not in values
                or values.get("apply_until", "") <= values["collect_until"]
            ),
            blocks=True,
            in_requests=False,
        ),
    ),
)
