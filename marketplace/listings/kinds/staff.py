"""Staff time: a firm's own service, or the lending of workers behind the gate (domain.md 2)."""

from marketplace.foundation.errors import N_
from marketplace.listings.resource_kind import (
    BudgetUnit,
    ChoiceAttribute,
    DayAttribute,
    Hint,
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
from marketplace.listings.rules.gates.staff import STAFF_BASIS, STAFF_PRIVACY
from marketplace.listings.rules.gates.staff_texts import (
    BORROWER,
    EXEMPTION,
    OWN_SERVICE,
    PERMIT,
    SERVICE_WANTED,
    SMALL_FIRM,
)

_OWN_SERVICE = When(key="directed_by", answers=("own_firm",))
_LENDING = When(key="directed_by", answers=("borrower",))
_PERMIT = When(key="legal_basis", answers=("permit",))
_SMALL_FIRM = When(key="legal_basis", answers=("small_firm_notice",))
_OTHER_EXEMPTIONS = When(
    key="legal_basis",
    answers=("tariff_same_sector", "group", "occasional", "public_transfer", "public_bodies"),
)
_YES_NO_UNCLEAR = (
    Option(key="yes", label=N_("ja")),
    Option(key="no", label=N_("nein")),
    Option(key="unclear", label=N_("unklar")),
)

KIND = ResourceKind(
    key="staff",
    singular=N_("Fachleistung"),
    plural=N_("Fachleistungen"),
    order=40,
    example_title=N_("Zum Beispiel: Zwei Schweißer, zehn Personentage im Oktober"),
    example_request=N_("Zum Beispiel: Zwei Tage Hilfe bei der Buchhaltung"),
    units=(
        Option(key="person_day", label=N_("Personentage"), one=N_("Personentag")),
        Option(key="hour", label=N_("Stunden"), one=N_("Stunde")),
        Option(key="person", label=N_("Personen"), one=N_("Person")),
    ),
    modes=("lend", "rent", "co_use"),
    mode_words={
        "lend": N_("ohne Bezahlung"),
        "rent": N_("gegen Bezahlung"),
        "co_use": N_("auf Gegenseitigkeit"),
    },
    price_units=("hour", "day", "week", "month", "unit"),
    search_words=(N_("Personal"), N_("Fachleistung"), N_("Arbeitszeit"), N_("Fachkräfte")),
    takes_photos=False,
    travels=True,
    scheduling=Scheduling(
        budgets={"person_day": BudgetUnit.DAY, "hour": BudgetUnit.HOUR}, at_once="headcount"
    ),
    steps=(
        Step(key="work", label=N_("Arbeit"), is_open=True),
        Step(
            key="law",
            label=N_("Wer weist an?"),
            hint=N_(
                "Davon hängt ab, ob es eine Fachleistung ist oder ein Verleih von Beschäftigten. "
                "Das sind Hinweise und keine Rechtsberatung."
            ),
            is_open=True,
        ),
    ),
    gates=(STAFF_PRIVACY, STAFF_BASIS),
    attributes=(
        TextAttribute(
            key="role",
            step="work",
            label=N_("Tätigkeit"),
            hint=N_("Die Arbeit, nicht die Person: keine Namen."),
            on_card=True,
        ),
        NumberAttribute(
            key="headcount",
            step="work",
            label=N_("Wie viele Leute"),
            unit=N_("Personen"),
            low=1,
            high=50,
            typical_high=10,
            whole=True,
            on_card=True,
        ),
        NumberAttribute(
            key="hours_per_week",
            step="work",
            label=N_("Stunden je Woche"),
            unit="h",
            low=1,
            high=48,
            typical_high=40,
        ),
        SeveralAttribute(
            key="qualifications",
            step="work",
            label=N_("Nachweise"),
            options=(
                Option(key="journeyman", label=N_("Gesellenbrief oder Facharbeiter")),
                Option(key="master", label=N_("Meisterbrief")),
                Option(key="welder", label=N_("Schweißprüfung")),
                Option(key="electrician", label=N_("Elektrofachkraft")),
                Option(key="forklift", label=N_("Fahrausweis Flurförderzeuge")),
                Option(key="earth_mover", label=N_("Baumaschinen")),
                Option(key="crane", label=N_("Kran")),
                Option(key="chainsaw", label=N_("Motorsäge")),
                Option(key="first_aid", label=N_("Erste Hilfe")),
                Option(key="food_hygiene", label=N_("Belehrung für Lebensmittel")),
            ),
        ),
        SeveralAttribute(
            key="licences",
            step="work",
            label=N_("Führerschein"),
            options=tuple(
                Option(key=each.lower(), label=each)
                for each in ("B", "BE", "C1", "C1E", "C", "CE", "T", "L")
            ),
        ),
        SeveralAttribute(
            key="languages",
            step="work",
            label=N_("Sprachen"),
            options=(
                Option(key="de", label=N_("Deutsch")),
                Option(key="en", label=N_("Englisch")),
                Option(key="pl", label=N_("Polnisch")),
                Option(key="cs", label=N_("Tschechisch")),
                Option(key="uk", label=N_("Ukrainisch")),
            ),
        ),
        YesNoAttribute(key="shifts", step="work", label=N_("Schicht- oder Nachtarbeit")),
        ChoiceAttribute(
            key="reason",
            step="work",
            label=N_("Anlass"),
            options=(
                Option(key="idle_capacity", label=N_("gerade wenig zu tun")),
                Option(key="avoid_short_time", label=N_("Kurzarbeit vermeiden")),
                Option(key="peak", label=N_("gerade viel zu tun")),
            ),
        ),
        ChoiceAttribute(
            key="directed_by",
            step="law",
            label=N_("Wer weist die Person vor Ort an?"),
            hint=N_("Wer sagt ihr, was sie wann und wie tut?"),
            is_facet=True,
            options=(
                Option(key="own_firm", label=N_("die Organisation, die sie schickt")),
                Option(key="borrower", label=N_("die Organisation, bei der sie arbeitet")),
                Option(key="unclear", label=N_("unklar")),
            ),
        ),
        ChoiceAttribute(
            key="building_work",
            step="law",
            label=N_("Geht es um gewerbliche Arbeiten in einem Betrieb des Baugewerbes?"),
            hint=N_("Gewerblich heißt: auf der Baustelle oder in der Werkstatt, nicht im Büro."),
            shown_if=_LENDING,
            options=_YES_NO_UNCLEAR,
        ),
        ChoiceAttribute(
            key="hired_for_lending",
            step="law",
            label=N_("Wurde die Person zum Verleihen eingestellt?"),
            in_requests=False,
            shown_if=_LENDING,
            options=_YES_NO_UNCLEAR,
        ),
        ChoiceAttribute(
            key="legal_basis",
            step="law",
            label=N_("Erlaubnis oder Ausnahme"),
            in_requests=False,
            shown_if=_LENDING,
            options=(
                Option(key="permit", label=N_("wir haben eine Erlaubnis")),
                Option(
                    key="small_firm_notice",
                    label=N_("weniger als 50 Beschäftigte, angezeigt (§ 1a AÜG)"),
                ),
                Option(
                    key="tariff_same_sector",
                    label=N_("gleiche Branche, Tarifvertrag (§ 1 Abs. 3 Nr. 1)"),
                ),
                Option(key="group", label=N_("im selben Konzern (Nr. 2)")),
                Option(key="occasional", label=N_("nur gelegentlich (Nr. 2a)")),
                Option(
                    key="public_transfer",
                    label=N_("Verlagerung von Aufgaben, öffentlicher Dienst (Nr. 2b)"),
                ),
                Option(
                    key="public_bodies", label=N_("zwischen öffentlichen Arbeitgebern (Nr. 2c)")
                ),
                Option(key="none", label=N_("nichts davon oder unklar")),
            ),
        ),
        TextAttribute(
            key="permit_authority",
            step="law",
            label=N_("Behörde der Erlaubnis"),
            in_requests=False,
            is_private=True,
            shown_if=_PERMIT,
        ),
        TextAttribute(
            key="permit_place",
            step="law",
            label=N_("Ort der Behörde"),
            in_requests=False,
            is_private=True,
            shown_if=_PERMIT,
        ),
        DayAttribute(
            key="permit_date",
            step="law",
            label=N_("Erteilt am"),
            in_requests=False,
            is_private=True,
            shown_if=_PERMIT,
        ),
        YesNoAttribute(
            key="permit_unlimited",
            step="law",
            label=N_("Gilt sie unbefristet?"),
            in_requests=False,
            is_private=True,
            shown_if=_PERMIT,
        ),
        DayAttribute(
            key="permit_valid_until",
            step="law",
            label=N_("Gilt bis"),
            in_requests=False,
            is_private=True,
            shown_if=When(key="permit_unlimited", answers=("no",)),
        ),
        ChoiceAttribute(
            key="employee_count",
            step="law",
            label=N_("Wie viele Beschäftigte haben Sie?"),
            in_requests=False,
            is_private=True,
            shown_if=_SMALL_FIRM,
            options=(
                Option(key="below_50", label=N_("weniger als 50")),
                Option(key="from_50", label=N_("50 oder mehr")),
            ),
        ),
        YesNoAttribute(
            key="avoids_short_time",
            step="law",
            label=N_("Vermeidet das Kurzarbeit oder Entlassungen?"),
            in_requests=False,
            is_private=True,
            shown_if=_SMALL_FIRM,
        ),
        DayAttribute(
            key="notice_sent_on",
            step="law",
            label=N_("Schriftlich angezeigt bei der Agentur für Arbeit am"),
            in_requests=False,
            is_private=True,
            shown_if=_SMALL_FIRM,
        ),
        YesNoAttribute(
            key="tariff_binds",
            step="law",
            label=N_("Bindet ein Tarifvertrag beide Seiten und sieht es so vor?"),
            in_requests=False,
            is_private=True,
            shown_if=When(key="legal_basis", answers=("tariff_same_sector",)),
        ),
        YesNoAttribute(
            key="is_group",
            step="law",
            label=N_("Gehören beide zu einem Konzern (§ 18 AktG)?"),
            in_requests=False,
            is_private=True,
            shown_if=When(key="legal_basis", answers=("group",)),
        ),
        YesNoAttribute(
            key="consent",
            step="law",
            label=N_("Sind die Beschäftigten einverstanden?"),
            in_requests=False,
            is_private=True,
            shown_if=_LENDING,
        ),
        ChoiceAttribute(
            key="works_council",
            step="law",
            label=N_("Ist der Betriebsrat informiert?"),
            in_requests=False,
            is_private=True,
            shown_if=_LENDING,
            options=(
                Option(key="yes", label=N_("ja")),
                Option(key="no", label=N_("nein")),
                Option(key="none", label=N_("es gibt keinen")),
            ),
        ),
        YesNoAttribute(
            key="hints_read",
            step="law",
            label=N_("Haben Sie die Hinweise dazu gelesen?"),
            is_private=True,
            hints=(
                Hint(text=OWN_SERVICE, shown_if=_OWN_SERVICE),
                Hint(text=SERVICE_WANTED, shown_if=_OWN_SERVICE, in_offers=False, in_requests=True),
                Hint(text=PERMIT, shown_if=_PERMIT),
                Hint(text=SMALL_FIRM, shown_if=_SMALL_FIRM),
                Hint(text=EXEMPTION, shown_if=_OTHER_EXEMPTIONS),
                Hint(text=BORROWER, shown_if=_LENDING, in_offers=False, in_requests=True),
            ),
        ),
    ),
)
