"""What the gate for staff time says: hints and no advice, for firms and associations alike."""

from collections.abc import Mapping

from marketplace.foundation.errors import N_

OWN_SERVICE = N_(
    "Fachleistung: Sie schulden die Leistung und weisen Ihre Leute selbst an. Achten Sie darauf, "
    "dass es vor Ort auch so läuft. Arbeiten Ihre Leute dort in Wirklichkeit nach fremden "
    "Anweisungen, kann es ein Verleih sein, wie auch immer der Vertrag heißt (§ 12 Abs. 1 AÜG): "
    "Geben Sie dann die andere Antwort."
)
SERVICE_WANTED = N_(
    "Fachleistung: Die andere Seite schuldet die Leistung und weist ihre Leute selbst an. Achten "
    "Sie darauf, dass es vor Ort auch so läuft. Arbeiten die Leute in Wirklichkeit nach Ihren "
    "Anweisungen, kann es ein Verleih sein, wie auch immer der Vertrag heißt (§ 12 Abs. 1 AÜG): "
    "Geben Sie dann die andere Antwort."
)
ADVICE = N_(
    "Solange diese Antwort unklar ist, bleibt es ein Entwurf. Rat gibt die Agentur für Arbeit, "
    "Betrieben auch IHK und Handwerkskammer."
)
CONSTRUCTION = N_(
    "In Betriebe des Baugewerbes dürfen Beschäftigte für gewerbliche Arbeiten, bis auf enge "
    "Ausnahmen, nicht verliehen werden (§ 1b AÜG). Weist die Organisation, die die Leute schickt, "
    "sie selbst an, ist es eine Fachleistung: Ändern Sie dann die erste Antwort. Rat gibt die "
    "Agentur für Arbeit, Betrieben auch IHK und Handwerkskammer."
)
CONSTRUCTION_FIELD = N_(
    "Verleih ins Baugewerbe lässt sich hier nicht veröffentlichen; möglich bleibt eine "
    "Fachleistung."
)
PERMIT_ONLY = N_(
    "Wer Beschäftigte einstellt, um sie zu verleihen, braucht eine Erlaubnis; eine Ausnahme "
    "kommt dafür nicht in Frage (§ 1 Abs. 3, § 1a AÜG). Ohne Erlaubnis bleibt es ein Entwurf. "
    "Rat gibt die Agentur für Arbeit, Betrieben auch IHK und Handwerkskammer."
)
PERMIT_ONLY_FIELD = N_(
    "Haben Sie eine Erlaubnis, wählen Sie sie. Wurde die Person nicht zum Verleihen eingestellt, "
    "ändern Sie diese Antwort."
)
NO_BASIS = N_(
    "Wer Beschäftigte nach fremden Anweisungen arbeiten lässt, verleiht sie und braucht dafür "
    "eine Erlaubnis oder eine Ausnahme des Gesetzes (§ 1 AÜG). Ohne sie bleibt es ein Entwurf. "
    "Weisen Sie Ihre Leute selbst an, ist es eine Fachleistung: Ändern Sie dann die erste "
    "Antwort. Rat gibt die Agentur für Arbeit, Betrieben auch IHK und Handwerkskammer."
)
NO_BASIS_FIELD = N_(
    "Haben Sie eine Erlaubnis, oder gilt eine Ausnahme für Sie, wählen Sie sie. Sonst bleibt es "
    "ein Entwurf."
)
PERMIT = N_(
    "Verleih mit Erlaubnis. Beim Angebot steht: Angabe der anbietenden Organisation, nicht "
    "geprüft. Nennen Sie den Vertrag vor Beginn ausdrücklich Arbeitnehmerüberlassung und darin "
    "die Person (§ 1 Abs. 1 AÜG). Vom ersten Tag an bekommt sie das gleiche Entgelt wie "
    "vergleichbare Beschäftigte vor Ort, wenn kein Tarifvertrag anderes bestimmt (§ 8 AÜG)."
)
EXEMPTION = N_(
    "Verleih nach einer Ausnahme des Gesetzes. Beim Angebot steht: Angabe der anbietenden "
    "Organisation, nicht geprüft. Ob die Ausnahme für Sie gilt, klären Sie bitte vorher mit der "
    "Agentur für Arbeit; Betriebe können auch IHK oder Handwerkskammer fragen."
)
SMALL_FIRM = N_(
    "Verleih nach § 1a AÜG: weniger als 50 Beschäftigte, um Kurzarbeit oder Entlassungen zu "
    "vermeiden, vorher schriftlich bei der Agentur für Arbeit angezeigt, höchstens zwölf Monate. "
    "Beim Angebot steht: Angabe der anbietenden Organisation, nicht geprüft. Die Anzeige nennt "
    "Person, Tätigkeit, Zeit und die andere Seite: Steht etwas davon erst später fest, fragen "
    "Sie vor dem ersten Tag bei der Agentur für Arbeit nach."
)
OCCASIONAL_AGAIN = N_(
    "Gelegentlich wird eng verstanden. In den letzten zwölf Monaten haben Sie schon einmal so "
    "angeboten; das spricht gegen „gelegentlich“ (§ 1 Abs. 3 Nr. 2a AÜG). Klären Sie bitte "
    "vorher mit der Agentur für Arbeit, ob es noch darunter fällt."
)
OCCASIONAL_OFTEN = N_(
    "Zum dritten Mal in zwölf Monaten „gelegentlich“: Die Ansprechstelle im Landkreis sieht sich "
    "das Angebot an, bevor andere es sehen. Schreiben Sie in die Beschreibung, warum es "
    "gelegentlich bleibt. Ist es schon eingereicht, geht das nach „Zurückholen“."
)
BORROWER = N_(
    "Sie möchten Beschäftigte anderer nach Ihren Anweisungen arbeiten lassen. Fragen Sie die "
    "andere Seite vor Beginn nach ihrer Erlaubnis oder Ausnahme. Auch Sie haben Pflichten: die "
    "Leute vor Beginn einweisen, für den Arbeitsschutz sorgen und angeben, was vergleichbare "
    "Beschäftigte bei Ihnen verdienen (§§ 11, 12 AÜG). Rat gibt die Agentur für Arbeit, "
    "Betrieben auch IHK und Handwerkskammer."
)
PERSONAL = N_(
    "Namen, Geburtsdaten und Angaben zur Gesundheit gehören nicht hierher. Beschreiben Sie die "
    "Arbeit, nicht die Person."
)
PERSONAL_FIELD = N_("„%(words)s“ beschreibt eine Person. Bitte nehmen Sie es heraus.")
OPEN = N_("Damit klar ist, was hier gilt, fehlen noch Angaben.")
INCOMPLETE = N_(
    "Mit diesen Angaben lässt sich der Verleih nicht veröffentlichen. Was fehlt oder nicht "
    "passt, steht bei den Fragen."
)
DIRECTED_UNCLEAR = N_(
    "Wer sagt der Person vor Ort, was sie wann und wie tut? Legen Sie das fest, und ändern Sie "
    "dann die Antwort."
)
BUILDING_UNCLEAR = N_("Klären Sie, wo und woran gearbeitet wird, und ändern Sie dann die Antwort.")
HIRED_UNCLEAR = N_(
    "Sehen Sie im Arbeitsvertrag nach, wofür die Person eingestellt wurde, und ändern Sie dann "
    "die Antwort."
)
ASK_DIRECTED = N_("Bitte sagen Sie, wer die Person vor Ort anweist.")
ASK_BUILDING = N_("Bitte sagen Sie, ob es um gewerbliche Arbeiten im Baugewerbe geht.")
ASK_HIRED = N_("Bitte sagen Sie, ob die Person zum Verleihen eingestellt wurde.")
ASK_BASIS = N_(
    "Bitte wählen Sie Erlaubnis oder Ausnahme. Wenn Sie es nicht wissen, wählen Sie die letzte "
    "Antwort; dann steht hier, wer Rat gibt."
)
ASK_DAYS = N_("Beim Verleih müssen die Tage feststehen. Bitte tragen Sie sie ein.")
ASK_HINTS = N_("Bitte lesen Sie den Hinweis, und beantworten Sie die Frage danach mit Ja.")
ASK_CONSENT = N_(
    "Ohne die Zustimmung der Beschäftigten geht es nicht. Fragen Sie sie, bevor Sie anbieten."
)
ASK_COUNCIL = N_("Bitte informieren Sie zuerst den Betriebsrat, und antworten Sie dann mit Ja.")
ASK_COUNCIL_OPEN = N_("Bitte sagen Sie, ob der Betriebsrat informiert ist oder ob es keinen gibt.")
ASK_PERMIT: Mapping[str, str] = {
    "permit_authority": N_("Bitte nennen Sie die Behörde, die die Erlaubnis erteilt hat."),
    "permit_date": N_("Bitte nennen Sie den Tag der Erlaubnis."),
    "permit_unlimited": N_("Bitte sagen Sie, ob die Erlaubnis unbefristet gilt."),
}
ASK_PERMIT_END = N_("Bitte nennen Sie den letzten Tag der Erlaubnis.")
PERMIT_TOO_SHORT = N_(
    "Die Erlaubnis endet vor dem letzten Tag des Einsatzes (%(day)s). Verkürzen Sie den Zeitraum."
)
PERMIT_NOT_YET = N_(
    "Die Erlaubnis muss vor dem Einsatz erteilt sein. Bitte prüfen Sie den Tag der Erlaubnis und "
    "den Zeitraum."
)
TOO_LONG = N_(
    "Höchstens %(months)s Monate am Stück, also bis zum %(day)s: Bitte verkürzen Sie den Zeitraum. "
    "Neu gezählt wird erst nach mehr als drei Monaten Pause."
)
TOO_LARGE = N_(
    "§ 1a AÜG gilt nur unter 50 Beschäftigten. Bitte wählen Sie eine andere Erlaubnis oder "
    "Ausnahme."
)
ASK_SIZE = N_("Bitte sagen Sie, wie viele Beschäftigte Sie haben.")
ASK_AVOIDS = N_(
    "§ 1a AÜG setzt voraus, dass Kurzarbeit oder Entlassungen vermieden werden. Trifft das nicht "
    "zu, wählen Sie eine andere Erlaubnis oder Ausnahme."
)
ASK_NOTICE = N_(
    "Bitte nennen Sie den Tag, an dem Sie die Anzeige gesendet haben. Wie man anzeigt, sagt die "
    "Agentur für Arbeit."
)
NOTICE_LATE = N_(
    "Die Anzeige muss vor dem ersten Tag des Einsatzes gesendet sein. Lassen Sie ihn später "
    "beginnen."
)
NOTICE_AHEAD = N_(
    "Der Tag der Anzeige liegt in der Zukunft. Tragen Sie ihn ein, wenn sie gesendet ist."
)
ASK_GROUP = N_(
    "Diese Ausnahme gilt nur zwischen Unternehmen eines Konzerns (§ 18 AktG). Gehören Sie zu "
    "keinem, wählen Sie eine andere Erlaubnis oder Ausnahme."
)
ASK_TARIFF = N_(
    "Diese Ausnahme gilt nur, wenn ein Tarifvertrag beide Seiten bindet und es so vorsieht. "
    "Trifft das nicht zu, wählen Sie eine andere Erlaubnis oder Ausnahme."
)
ONLY_PUBLIC = N_(
    "Diese Ausnahme gilt nur für öffentliche Stellen. Bitte wählen Sie eine andere Erlaubnis "
    "oder Ausnahme."
)
REMIND_EQUAL_PAY = N_("Der Einsatz beginnt. Vom ersten Tag an gilt gleiches Entgelt (§ 8 AÜG).")
REMIND_END = N_(
    "Am %(day)s endet die längste Zeit, für die das Gesetz diesen Einsatz zulässt. Danach sind "
    "mehr als drei Monate Pause nötig, bevor sie neu zählt (§ 1 Abs. 1b AÜG)."
)
