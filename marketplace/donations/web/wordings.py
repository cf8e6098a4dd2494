"""The district's administrators see and adopt the words of the official forms of receipts."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField, TextAreaField

from marketplace.accounts.permissions import Action
from marketplace.donations.models import ReceiptWording
from marketplace.donations.operations.receipts import adopt_wording
from marketplace.donations.queries.receipts import stored_wordings, wording_for
from marketplace.donations.queries.wordings import preview_of, wording_by_id
from marketplace.donations.rules.recipients import NoticeKind
from marketplace.donations.rules.wordings import (
    TEXTS,
    FormVariant,
    Wording,
    blanks_of,
    checked_texts,
)
from marketplace.donations.web.papers import pdf_response
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, InvalidInput
from marketplace.foundation.web.forms import Form
from marketplace.foundation.web.localisation import format_day
from marketplace.foundation.web.permissions import requires
from marketplace.foundation.web.rate_limits import at_most, limiter
from marketplace.foundation.web.request_scope import current_work, writing_work

blueprint = Blueprint("receipt_wordings", __name__)

_VARIANT = f"any({', '.join(FormVariant)})"
VARIANT_LABELS: Mapping[FormVariant, str] = {
    FormVariant.ASSOCIATION: N_("Vordruck für Vereine und andere steuerbegünstigte Körperschaften"),
    FormVariant.PUBLIC: N_("Vordruck für öffentliche Stellen"),
}
_TEXT_LABELS: Mapping[str, str] = {
    "issuer_label": N_("Über dem Aussteller"),
    "title": N_("Titel"),
    "subtitle": N_("Unter dem Titel"),
    "giver_label": N_("Über der gebenden Seite"),
    "digits_label": N_("Über dem Wert in Ziffern"),
    "words_label": N_("Über dem Wert in Buchstaben"),
    "day_label": N_("Über dem Tag der Zuwendung"),
    "description_label": N_("Über der Bezeichnung der Sache"),
    "annex_reference": N_("Verweis auf die Anlage"),
    "origin_business": N_("Herkunft: Betriebsvermögen"),
    "origin_private": N_("Herkunft: Privatvermögen"),
    "origin_not_stated": N_("Herkunft: keine Angabe"),
    "evidence": N_("Unterlagen zum Wert"),
    "purpose": N_("Wofür es verwendet wird"),
    "signature_label": N_("Unter der Unterschrift"),
    "liability": N_("Hinweis zur Haftung"),
    "status_exemption": N_("Status nach Freistellungsbescheid oder Anlage"),
    "status_60a": N_("Status nach Feststellung gemäß § 60a AO"),
    "recognition": N_("Hinweis zur Anerkennung"),
}
_PREVIEWS: Mapping[FormVariant, Mapping[str, str]] = {
    FormVariant.ASSOCIATION: {
        NoticeKind.EXEMPTION: N_("Entwurf mit Freistellungsbescheid (PDF)"),
        NoticeKind.SECTION_60A: N_("Entwurf mit Feststellung nach § 60a (PDF)"),
    },
    FormVariant.PUBLIC: {"none": N_("Entwurf ansehen (PDF)")},
}


class WordingForm(Form):
    """Version, source and every text of a form; `wording_form` makes one for a variant."""

    version = StringField(lazy_gettext("Fassung"))
    source = StringField(lazy_gettext("Quelle"))

    def texts(self, variant: FormVariant) -> dict[str, str]:
        """Give what was typed, text by text."""
        return {name: self[name].data or "" for name in TEXTS[variant]}


def wording_form(variant: FormVariant, texts: Mapping[str, str] | None = None) -> WordingForm:
    """Give the form for a variant: with what was sent, or filled with these texts."""
    fields = {name: TextAreaField(lazy_gettext(_TEXT_LABELS[name])) for name in TEXTS[variant]}
    made = cast(type[WordingForm], type("_WordingForm", (WordingForm,), fields))
    return made() if texts is None else made(formdata=None, data=texts)


@blueprint.get("/moderation/receipt-wordings")
@requires(Action.MANAGE_DONATIONS)
def overview() -> ResponseReturnValue:
    """Show which words of each form count now, and which did before."""
    work = current_work()
    return render_template(
        "donations/wordings.html", forms=[_overview_of(work, each) for each in FormVariant]
    )


@blueprint.get(f"/moderation/receipt-wordings/<{_VARIANT}:kind>")
@requires(Action.MANAGE_DONATIONS)
def edit(kind: str) -> ResponseReturnValue:
    """Show the words that count now, to be written anew."""
    variant = FormVariant(kind)
    return _page(variant, wording_form(variant, wording_for(current_work(), variant).texts))


@blueprint.post(f"/moderation/receipt-wordings/<{_VARIANT}:kind>")
@limiter.limit(lambda: at_most(60, 60))
@requires(Action.MANAGE_DONATIONS)
def adopt(kind: str) -> ResponseReturnValue:
    """Adopt the words, or show them on paper, or show the form again with what is wrong."""
    variant = FormVariant(kind)
    form = wording_form(variant)
    if not form.validate():
        return _page(variant, form), 422
    try:
        if "preview" in request.form:
            return _preview(variant, form, request.form["preview"])
        adopt_wording(
            writing_work(),
            variant,
            version=form.version.data or "",
            source=form.source.data or "",
            texts=form.texts(variant),
        )
    except InvalidInput as refusal:
        form.show_refusal(refusal)
        return _page(variant, form), 422
    flash(gettext("Gespeichert. Neue Bestätigungen tragen ab jetzt diese Fassung."))
    return redirect(url_for("receipt_wordings.overview"), 303)


@blueprint.get("/moderation/receipt-wordings/versions/<wording_id>")
@requires(Action.MANAGE_DONATIONS)
def version(wording_id: str) -> ResponseReturnValue:
    """Show words that the district has adopted at some time."""
    stored = wording_by_id(current_work(), wording_id)
    variant = FormVariant(stored.variant)
    return render_template(
        "donations/wording_version.html",
        form_label=gettext(VARIANT_LABELS[variant]),
        version=stored.version,
        facts_of_version=_facts(stored),
        texts=[(gettext(_TEXT_LABELS[name]), stored.texts[name]) for name in TEXTS[variant]],
    )


def _preview(variant: FormVariant, form: WordingForm, status: str) -> ResponseReturnValue:
    wording = Wording(
        variant=variant,
        version=form.version.data or gettext("noch ohne Fassung"),
        source=form.source.data or "",
        texts=checked_texts(variant, form.texts(variant)),
    )
    kinds = {each.value: each for each in NoticeKind}
    return pdf_response(preview_of(current_work(), wording, kinds.get(status)), gettext("Entwurf"))


def _page(variant: FormVariant, form: WordingForm) -> str:
    wording = wording_for(current_work(), variant)
    return render_template(
        "donations/wording.html",
        form_label=gettext(VARIANT_LABELS[variant]),
        is_sample=wording.is_sample,
        current=wording.version,
        form=form,
        texts=[(form[name], _hint(name), _rows(form[name])) for name in TEXTS[variant]],
        previews=[(key, gettext(label)) for key, label in _PREVIEWS[variant].items()],
    )


def _hint(name: str) -> str:
    blanks = " ".join(f"{{{each}}}" for each in blanks_of(name))
    if not blanks:
        return ""
    return gettext("Das wird aus dem Bescheid eingesetzt und muss vorkommen: %(what)s", what=blanks)


def _rows(field: Field) -> int:
    return min(8, 1 + len(field.data or "") // 60)


def _overview_of(work: UnitOfWork, variant: FormVariant) -> dict[str, object]:
    wording, stored = wording_for(work, variant), stored_wordings(work, variant)
    return {
        "key": variant.value,
        "label": gettext(VARIANT_LABELS[variant]),
        "is_sample": wording.is_sample,
        "facts": _facts(stored[0]) if stored else _sample_facts(wording),
        "url": url_for("receipt_wordings.edit", kind=variant),
        "versions": [
            (
                url_for("receipt_wordings.version", wording_id=each.id),
                each.version,
                format_day(each.created_at),
            )
            for each in stored
        ],
    }


def _facts(stored: ReceiptWording) -> list[tuple[str, str]]:
    return [
        (gettext("Fassung"), stored.version),
        (gettext("Quelle"), stored.source),
        (gettext("Eingetragen am"), format_day(stored.created_at)),
    ]


def _sample_facts(wording: Wording) -> list[tuple[str, str]]:
    return [
        (gettext("Fassung"), wording.version),
        (gettext("Quelle"), wording.source),
        (gettext("Eingetragen am"), gettext("nicht eingetragen, mit dem Programm geliefert")),
    ]
