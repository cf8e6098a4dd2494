"""Report something, and what the staff make of it."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, StringField, TextAreaField

from marketplace.accounts.desk import DeskAction, DeskLine, DeskSection
from marketplace.accounts.permissions import Action
from marketplace.accounts.queries import organisation_by_id
from marketplace.accounts.rules.emails import LONGEST_EMAIL
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict, InvalidInput, NotFound
from marketplace.foundation.identifiers import AttachmentId, ReportId
from marketplace.foundation.web.forms import Form, Needed, TextLength
from marketplace.foundation.web.localisation import current_language, say
from marketplace.foundation.web.permissions import public, requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work
from marketplace.messaging.queries import attachment_around
from marketplace.messaging.web.files import file_response
from marketplace.messaging.web.panels import MessageLink, register_message_link
from marketplace.moderation.desk import register_review_section
from marketplace.moderation.models import Report
from marketplace.moderation.operations import decide_report, report_subject
from marketplace.moderation.queries import decided_reports, report_by_id, waiting_reports
from marketplace.moderation.rules.reports import LONGEST_REASON, Decision, ReportCategory
from marketplace.moderation.subjects import Evidence, subject_called
from marketplace.moderation.web.blueprint import blueprint

_CATEGORIES: Mapping[ReportCategory, str] = {
    ReportCategory.ILLEGAL_PRODUCT: N_("Das darf nicht angeboten werden"),
    ReportCategory.PROHIBITED_SERVICE: N_("Die Arbeit oder Dienstleistung ist nicht erlaubt"),
    ReportCategory.DANGEROUS_GOODS: N_("Es ist gefährlich"),
    ReportCategory.FRAUD: N_("Jemand täuscht oder betrügt"),
    ReportCategory.HATE: N_("Beleidigung oder Hetze"),
    ReportCategory.PERSONAL_DATA: N_("Persönliche Daten von anderen"),
    ReportCategory.INFRINGEMENT: N_("Fremde Bilder, Texte oder Marken"),
    ReportCategory.OUTDATED: N_("Stimmt nicht oder ist veraltet"),
    ReportCategory.OTHER: N_("Etwas anderes"),
}
_SUBJECTS: Mapping[str, str] = {"listing": N_("Eintrag"), "message": N_("Nachricht")}
_DECISIONS: Mapping[Decision, str] = {
    Decision.NO_ACTION: N_("Es bleibt, wie es ist"),
    Decision.HIDDEN: N_("Den Eintrag ausblenden"),
    Decision.ACTED: N_("Auf anderem Weg geklärt"),
}


class ReportForm(Form):
    """What is wrong, in a word and in one's own words."""

    category = RadioField(
        lazy_gettext("Was ist nicht in Ordnung?"),
        [Needed(lazy_gettext("Bitte wählen Sie, was am besten passt."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy_gettext("Was sollen wir wissen?"),
        [
            Needed(lazy_gettext("Bitte schreiben Sie in Ihren Worten, worum es geht.")),
            TextLength(least=5, most=LONGEST_REASON),
        ],
    )
    email = StringField(lazy_gettext("Ihre E-Mail-Adresse"), [TextLength(most=LONGEST_EMAIL)])

    def chosen(self) -> ReportCategory | None:
        """Give the category; None, with a sentence beside the field, where there is none."""
        try:
            return ReportCategory(self.category.data or "")
        except ValueError:
            self.category.errors = [gettext("Bitte wählen Sie, was am besten passt.")]
            return None


class DecisionForm(Form):
    """What is done, and why."""

    decision = RadioField(
        lazy_gettext("Was geschieht?"),
        [Needed(lazy_gettext("Bitte wählen Sie."))],
        validate_choice=False,
    )
    reason = TextAreaField(
        lazy_gettext("Begründung"),
        [
            Needed(lazy_gettext("Bitte begründen Sie in einem Satz.")),
            TextLength(least=5, most=1_000),
        ],
    )


def message_link(message_id: str) -> MessageLink:
    """Lead from a message to the form."""
    return MessageLink(
        label=gettext("Melden"),
        url=url_for("moderation.report", subject="message", subject_id=message_id),
    )


register_message_link(message_link)


@blueprint.get("/report/<subject>/<subject_id>")
@public
def report(subject: str, subject_id: str) -> ResponseReturnValue:
    """Ask what is wrong with a thing that the visitor sees."""
    return _form_page(subject, subject_id, ReportForm())


@blueprint.post("/report/<subject>/<subject_id>")
@limiter.limit(lambda: at_most(20, 60))
@public
def send_report(subject: str, subject_id: str) -> ResponseReturnValue:
    """Take the report, or show the form again with what is missing."""
    found = subject_called(subject).find(current_work(), subject_id)
    form = ReportForm()
    is_valid = form.validate()
    category = form.chosen()
    if not is_valid or category is None:
        return _form_page(subject, subject_id, form), 422
    try:
        report_subject(
            writing_work(),
            subject,
            subject_id,
            category=category,
            reason=form.reason.data or "",
            email=form.email.data or "",
            language=current_language(),
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _form_page(subject, subject_id, form), 422
    flash(gettext("Danke. Ihre Meldung liegt bei der Ansprechstelle im Landkreis."))
    return redirect(found.question_path.partition("#")[0], 303)


@blueprint.get("/moderation/reports/<report_id>")
@requires(Action.DECIDE_REPORT)
def reported(report_id: str) -> ResponseReturnValue:
    """Show what was reported, and no more of it than the decision needs."""
    return _decision_page(report_by_id(current_work(), ReportId(report_id)), DecisionForm())


@blueprint.post("/moderation/reports/<report_id>")
@requires(Action.DECIDE_REPORT)
def decide(report_id: str) -> ResponseReturnValue:
    """Close the report, or show the page again with what is missing."""
    identity, form = ReportId(report_id), DecisionForm()
    stored = report_by_id(current_work(), identity)
    is_valid = form.validate()
    decision = _chosen(form)
    if not is_valid or decision is None:
        return _decision_page(stored, form), 422
    try:
        decide_report(writing_work(), identity, decision=decision, reason=form.reason.data or "")
    except (InvalidInput, Conflict) as refusal:
        if isinstance(refusal, InvalidInput):
            form.show_refusal(refusal)
        else:
            form.form_errors.append(say(refusal))
        status = 422 if isinstance(refusal, InvalidInput) else 409
        return _decision_page(report_by_id(current_work(), identity), form), status
    flash(gettext("Entschieden. Wer gemeldet hat, bekommt die Begründung."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.get("/moderation/reports/<report_id>/attachments/<attachment_id>")
@requires(Action.DECIDE_REPORT)
def reported_file(report_id: str, attachment_id: str) -> ResponseReturnValue:
    """Give a file of the messages that the report's page shows, and no other."""
    work = current_work()
    stored = report_by_id(work, ReportId(report_id))
    if stored.subject != "message":
        raise NotFound
    identity = AttachmentId(attachment_id)
    return file_response(work, attachment_around(work, stored.subject_id, identity))


@blueprint.get("/moderation/reports")
@requires(Action.DECIDE_REPORT)
def decided() -> ResponseReturnValue:
    """List what was decided last."""
    return render_template(
        "moderation/decided.html",
        lines=[
            (each, gettext(_DECISIONS[Decision(each.decision or "")]))
            for each in decided_reports(current_work())
        ],
    )


def reports_section(work: UnitOfWork) -> DeskSection:
    """Give the reports that wait, the oldest first."""
    return DeskSection(
        key="reports",
        title=gettext("Meldungen"),
        lines=tuple(
            DeskLine(
                title=each.title,
                url=url_for("moderation.reported", report_id=each.id),
                action_label=gettext("Prüfen"),
                detail=f"{gettext(_SUBJECTS[each.subject])} · {_category(each)}",
                when=each.created_at,
            )
            for each in waiting_reports(work)
        ),
        empty_text=gettext("Zurzeit ist nichts gemeldet."),
        actions=(
            DeskAction(label=gettext("Entschiedene Meldungen"), url=url_for("moderation.decided")),
        ),
    )


register_review_section(reports_section)


def _chosen(form: DecisionForm) -> Decision | None:
    try:
        return Decision(form.decision.data or "")
    except ValueError:
        form.decision.errors = [gettext("Bitte wählen Sie.")]
        return None


def _category(stored: Report) -> str:
    return gettext(_CATEGORIES[ReportCategory(stored.category)])


def _form_page(subject: str, subject_id: str, form: ReportForm) -> str:
    work = current_work()
    found = subject_called(subject).find(work, subject_id)
    form.category.choices = [(key.value, gettext(label)) for key, label in _CATEGORIES.items()]
    return render_template(
        "moderation/report.html",
        form=form,
        title=found.title,
        question_url=found.question_path,
        is_message=subject == "message",
        is_visitor=work.actor.person_id is None,
    )


def _decision_page(stored: Report, form: DecisionForm) -> str:
    work = current_work()
    evidence: Evidence = subject_called(stored.subject).show(work, stored.subject_id)
    form.decision.choices = [
        (key.value, gettext(label))
        for key, label in _DECISIONS.items()
        if key is not Decision.HIDDEN or evidence.can_be_hidden
    ]
    return render_template(
        "moderation/reported.html",
        report=stored,
        form=form,
        evidence=evidence,
        rows=[
            (gettext("Gemeldet wird"), gettext(_SUBJECTS[stored.subject])),
            (gettext("Geschrieben von"), evidence.author),
            (gettext("Anlass"), _category(stored)),
            (gettext("Gemeldet von"), _reporter(work, stored)),
        ],
        decision=gettext(_DECISIONS[Decision(stored.decision)]) if stored.decision else "",
    )


def _reporter(work: UnitOfWork, stored: Report) -> str:
    if stored.organisation_id is not None:
        return organisation_by_id(work, stored.organisation_id).name
    return gettext("Ansprechstelle") if stored.person_id else gettext("Besucher ohne Anmeldung")
