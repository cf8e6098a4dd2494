"""What the product must never claim (domain.md 1.3, 2.3, 3.8, 4.7, 5.7, 6.8, 7.3, 8.5).

Each claim is a pattern; where a sentence holds one of its allowed contexts, it says something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim by name, how it is recognised, and contexts in which the words are harmless."""

    name: str
    pattern: str
    allowed: str = ""


CLAIMS = (
    Claim(name="tax", pattern=r"steuerlich\s+absetzbar\w*|tax[- ]deductible"),
    Claim(
        name="receipt guaranteed",
        pattern=r"(?:spendenquittung|zuwendungsbestätigung|spendenbescheinigung)\w*\s+"
        r"(?:ist\s+|wird\s+)?garantiert|garantierte\s+(?:spendenquittung|zuwendungsbestätigung)"
        r"|guaranteed\s+(?:donation\s+)?receipt",
    ),
    Claim(name="vat", pattern=r"umsatzsteuerfrei\w*|steuerfrei\w*|vat[- ]free|tax[- ]free"),
    Claim(
        name="charitable status",
        pattern=r"geprüft\w*\s+gemeinnützig\w*|verified\s+charit\w+",
    ),
    Claim(
        name="valid without signature",
        pattern=r"(?:digital\s+)?gültig\s+ohne\s+unterschrift|ohne\s+unterschrift\s+gültig"
        r"|valid\s+without\s+(?:a\s+)?signature",
    ),
    Claim(
        name="no permit needed",
        pattern=r"erlaubnisfrei\w*|genehmigungsfrei\w*|lizenzfrei\w*"
        r"|kein\w*\s+(?:genehmigung|erlaubnis|lizenz)\s+(?:nötig|erforderlich|notwendig)"
        r"|permit[- ]free|licen[cs]e[- ]free|no\s+(?:permit|licen[cs]e)\s+(?:is\s+)?"
        r"(?:needed|required|necessary)",
    ),
    Claim(
        name="legally safe",
        pattern=r"rechtssicher\w*|rechtlich\s+unbedenklich\w*|legally\s+(?:safe|secure|sound)",
    ),
    Claim(
        name="we check the permit",
        pattern=r"wir\s+prüfen\s+die\s+(?:erlaubnis|lizenz|genehmigung)"
        r"|we\s+(?:check|verify)\s+the\s+(?:permit|licen[cs]e)",
    ),
    Claim(
        name="insured",
        pattern=r"\bversichert(?:e[nmrs]?)?\b|\binsured\b",
        allowed=r"\b(?:nicht|kein\w*|not)\s+(?:\w+\s+)?(?:versichert\w*|insured)"
        r"|ob\s[^.]*versichert|whether\s[^.]*insured",
    ),
    Claim(
        name="checked machine",
        pattern=r"geprüfte\w*\s+(?:maschine|gerät|angebot|inserat)\w*"
        r"|(?:verified|certified|inspected)\s+(?:machine|equipment|offer)s?",
    ),
    Claim(
        name="dangerous goods exempt",
        pattern=r"gefahrgut\w*\s+(?:ist\s+)?freigestellt|freigestellte\w*\s+gefahrgut\w*"
        r"|dangerous\s+goods\s+(?:are\s+)?exempt",
    ),
    Claim(
        name="forklift without licence",
        pattern=r"(?:stapler|gabelstapler)\w*\s+ohne\s+(?:schein|führerschein|fahrausweis)"
        r"|forklift\s+without\s+(?:a\s+)?licen[cs]e",
    ),
    Claim(name="dsa", pattern=r"dsa[- ]konform\w*|dsa[- ]compliant"),
    Claim(
        name="certified marketplace",
        pattern=r"zertifizierte\w*\s+(?:marktplatz|plattform|portal)\w*"
        r"|certified\s+(?:marketplace|platform)",
    ),
    Claim(
        name="safe trade",
        pattern=r"sichere\w*\s+handel\w*|safe\s+trad(?:e|ing)|secure\s+trading",
    ),
    Claim(
        name="state approved",
        pattern=r"staatlich\s+(?:geprüft|anerkannt|zertifiziert)\w*|amtlich\s+bestätigt\w*"
        r"|state[- ](?:approved|certified)|officially\s+confirmed",
    ),
    Claim(
        name="no liability",
        pattern=r"(?:land)?kreis\s+haftet\s+nicht|district\s+is\s+not\s+liable",
    ),
    Claim(
        name="accessible",
        pattern=r"barrierefrei\s+nach\s+bitv|bitv[- ]konform\w*|wcag[- ](?:konform|compliant)\w*",
    ),
    Claim(name="ozg", pattern=r"ozg[- ]konform\w*|ozg[- ]compliant"),
    Claim(name="bsi", pattern=r"bsi[- ]zertifiziert\w*|bsi[- ]certified"),
    Claim(
        name="gdpr",
        pattern=r"(?:dsgvo|gdpr)[- ](?:zertifiziert|konform|certified|compliant)\w*",
    ),
    Claim(
        name="nothing stored",
        pattern=r"daten\s+werden\s+nicht\s+gespeichert|no\s+data\s+(?:is|are)\s+stored",
    ),
    Claim(
        name="checked company",
        pattern=r"geprüfte\w*\s+(?:unternehmen|betrieb|firma|organisation|anbieter)\w*"
        r"|verified\s+(?:compan(?:y|ies)|firms?|organisations?|suppliers?)",
    ),
    Claim(
        name="reputable",
        pattern=r"\bseriöse?[nmrs]?\b|\breputable\b|\btrustworthy\b",
    ),
    Claim(
        name="climate neutral",
        pattern=r"(?:co2|co₂|klima)[- ]?neutral\w*|carbon[- ]neutral",
    ),
    Claim(
        name="sustainable company",
        pattern=r"nachhaltige\w*\s+(?:unternehmen|betrieb|firma)\w*|sustainable\s+compan(?:y|ies)",
    ),
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]?")


def claims_in(text: str) -> Iterator[tuple[str, str]]:
    """Give name and sentence of each forbidden claim of a text."""
    for sentence in _SENTENCE.findall(text):
        for claim in CLAIMS:
            rest = re.sub(claim.allowed, "", sentence, flags=re.I) if claim.allowed else sentence
            if re.search(claim.pattern, rest, re.IGNORECASE):
                yield claim.name, sentence.strip()
