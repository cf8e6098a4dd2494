"""What a district's folder must hold, checked before anything is stored.

district.toml       names, hosts, contact, colours
logo.png            optional; PNG, JPEG or WebP
boundary.geojson    optional; without it the official boundary of the AGS counts
texts/imprint.md    and privacy.md, terms.md, accessibility.md
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.districts.rules.contrast import BRAND_RULES, check_brand_colour, is_colour
from marketplace.foundation.errors import N_

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}")
_AGS = re.compile(r"[0-9]{5}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_EMAIL = re.compile(r"[^@\s\"<>,;:]+@[^@\s\"<>,;:]+\.[a-z0-9-]+", re.IGNORECASE)
_LONGEST = 300

_TEXT_FIELDS = (
    "slug",
    "name",
    "full_name",
    "site_name",
    "claim",
    "ags",
    "office",
    "contact_email",
    "sender_name",
    "sender_email",
    "hero_title",
    "hero_text",
)
_OPTIONAL_FIELDS = {"contact_phone": "", "language": "de"}
_OTHER_FIELDS = frozenset({"hosts", "colours", "synonyms"})
_SYNONYM = re.compile(r"[^\W\d_][^\W_]{1,49}")
_MOST_SYNONYMS = 500


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something in the folder that keeps it from being imported."""

    file: str
    field: str
    message: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        place = f"{self.file}, {self.field}" if self.field else self.file
        return f"{place}: {self.message % self.values if self.values else self.message}"


@dataclass(frozen=True, kw_only=True)
class DistrictFile:
    """A district.toml that holds; `values` are columns of District, the first host is primary."""

    values: Mapping[str, str | list[list[str]]]
    hosts: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The short name of the district."""
        return str(self.values["slug"])

    @property
    def ags(self) -> str:
        """The official key."""
        return str(self.values["ags"])


def read_district_file(text: str) -> tuple[DistrictFile | None, list[Problem]]:
    """Read district.toml; gives all of its problems at once."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_problem("", N_("Das ist kein gültiges TOML: %(error)s"), error=error)]
    problems = [
        *_unknown_fields(document),
        *_text_problems(document),
        *_form_problems(document),
        *_host_problems(document.get("hosts")),
        *_colour_problems(document.get("colours")),
        *_synonym_problems(document.get("synonyms", [])),
    ]
    if problems:
        return None, problems
    values: dict[str, str | list[list[str]]] = {
        name: str(document[name]).strip() for name in _TEXT_FIELDS
    }
    values |= {name: str(document.get(name, default)) for name, default in _OPTIONAL_FIELDS.items()}
    values |= {role: document["colours"][role].lower() for role in BRAND_RULES}
    values["synonyms"] = document.get("synonyms", [])
    return DistrictFile(values=values, hosts=tuple(document["hosts"])), []


def _problem(field: str, message: str, **values: object) -> Problem:
    return Problem(file="district.toml", field=field, message=message, values=values)


def _unknown_fields(document: Mapping[str, Any]) -> list[Problem]:
    known = {*_TEXT_FIELDS, *_OPTIONAL_FIELDS, *_OTHER_FIELDS}
    return [
        _problem(name, N_("Dieses Feld gibt es nicht. Bitte prüfen Sie die Schreibweise."))
        for name in sorted(set(document) - known)
    ]


def _text_problems(document: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for name in _TEXT_FIELDS:
        value = document.get(name)
        if not isinstance(value, str) or not value.strip():
            problems.append(_problem(name, N_("Bitte füllen Sie dieses Feld aus.")))
        elif len(value) > _LONGEST or "\n" in value.strip():
            problems.append(
                _problem(
                    name, N_("Bitte höchstens %(most)s Zeichen in einer Zeile."), most=_LONGEST
                )
            )
    return problems


def _form_problems(document: Mapping[str, Any]) -> list[Problem]:
    forms = {
        "slug": (
            _SLUG,
            N_("Nur kleine Buchstaben, Ziffern und Bindestriche, zum Beispiel bergland."),
        ),
        "ags": (
            _AGS,
            N_("Der amtliche Schlüssel hat fünf Ziffern und steht in Anführungszeichen."),
        ),
        "contact_email": (_EMAIL, N_("Das ist keine E-Mail-Adresse.")),
        "sender_email": (_EMAIL, N_("Das ist keine E-Mail-Adresse.")),
    }
    return [
        _problem(name, message)
        for name, (pattern, message) in forms.items()
        if isinstance(document.get(name), str)
        and document[name].strip()
        and not pattern.fullmatch(document[name].strip())
    ]


def _host_problems(hosts: object) -> list[Problem]:
    if not isinstance(hosts, list) or not hosts:
        return [
            _problem("hosts", N_("Bitte nennen Sie mindestens einen Hostnamen in einer Liste."))
        ]
    return [
        _problem(
            "hosts",
            N_("%(host)s ist kein Hostname: klein geschrieben, ohne https:// und ohne Port."),
            host=host,
        )
        for host in hosts
        if not isinstance(host, str) or not _HOST.fullmatch(host)
    ]


def _synonym_problems(synonyms: object) -> list[Problem]:
    if not isinstance(synonyms, list) or len(synonyms) > _MOST_SYNONYMS:
        return [
            _problem(
                "synonyms",
                N_('Bitte als Liste von Gruppen schreiben: [["Hänger", "Anhänger"]].'),
            )
        ]
    return [
        _problem(
            f"synonyms[{number}]",
            N_(
                "Eine Gruppe hat mindestens zwei Wörter, jedes aus Buchstaben und ohne Leerzeichen."
            ),
        )
        for number, group in enumerate(synonyms)
        if not isinstance(group, list)
        or len(group) < 2
        or not all(isinstance(word, str) and _SYNONYM.fullmatch(word) for word in group)
    ]


def _colour_problems(colours: object) -> list[Problem]:
    if not isinstance(colours, dict):
        return [_problem("colours", N_("Bitte nennen Sie die vier Farben unter [colours]."))]
    problems = [
        _problem(
            f"colours.{name}",
            N_("Diese Farbe gibt es nicht. Möglich sind: %(known)s."),
            known=", ".join(BRAND_RULES),
        )
        for name in sorted(set(colours) - set(BRAND_RULES))
    ]
    for role in BRAND_RULES:
        colour = colours.get(role)
        if not isinstance(colour, str) or not is_colour(colour.lower()):
            problems.append(
                _problem(
                    f"colours.{role}", N_("Bitte als #rrggbb schreiben, zum Beispiel #00543c.")
                )
            )
        elif unreadable := check_brand_colour(role, colour.lower()):
            problems.append(
                _problem(
                    f"colours.{role}",
                    N_(
                        "%(colour)s ist nicht lesbar (%(purpose)s): Kontrast %(contrast)s zu 1, "
                        "nötig sind 4,5 zu 1. Die nächste Farbe, die geht, ist %(nearest)s."
                    ),
                    colour=colour,
                    purpose=unreadable.purpose,
                    contrast=f"{int(unreadable.contrast * 10) / 10}".replace(".", ","),
                    nearest=unreadable.nearest,
                )
            )
    return problems
