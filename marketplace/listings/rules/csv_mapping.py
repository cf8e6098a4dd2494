"""How the columns of a CSV file become the fields of a listing.

A mapping is a TOML file with three tables, all optional:

    row_key = "OSM-ID"                          # the column that names a row for good
    [fields]                                    # text with {Column} where its value goes
    title = "Gemeinschaftsraum in {Ort}"
    postcode = "{PLZ}"
    kind = "space"                              # no braces: the same for every row
    [attributes]                                # the kind's own fields
    space_kind = "meeting_room"

Without a mapping the columns bear the names of the fields themselves.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.foundation.errors import N_, InvalidInput

# security.md 5.5: what one file may hold.
LARGEST_FILE_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000

# Names of contract section 6, flat; what a row may fill.
FIELDS = frozenset(
    {
        "kind",
        "category",
        "direction",
        "service_radius_km",
        "title",
        "description",
        "quantity",
        "unit",
        "mode",
        "amount",
        "per",
        "vat_info",
        "street",
        "postcode",
        "place",
        "lat",
        "lon",
        "valid_until",
        "available_from",
        "available_to",
    }
)
_ROW_KEY = "row_key"
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_DELIMITERS = ";,\t|"


@dataclass(frozen=True, kw_only=True)
class CsvMapping:
    """Templates for fields and attributes, and the column that names a row."""

    row_key: str
    fields: Mapping[str, str]
    attributes: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Give every column that the mapping speaks of."""
        texts = [*self.fields.values(), *self.attributes.values()]
        return {name for text in texts for name in _PLACEHOLDER.findall(text)} | {self.row_key}


@dataclass(frozen=True, kw_only=True)
class CsvRow:
    """One row of the file: `number` is the one a spreadsheet shows (the header is row 1)."""

    number: int
    key: str
    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    problem: str | None = None


def read_mapping(text: str) -> CsvMapping:
    """Read a mapping file; raises InvalidInput with what is wrong in it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            {"mapping": N_("Die Zuordnung ist kein gültiges TOML: %(error)s")}, error=error
        ) from None
    unknown = set(document) - {_ROW_KEY, "fields", "attributes"}
    fields, attributes = document.get("fields", {}), document.get("attributes", {})
    unknown |= set(fields) - FIELDS
    if unknown:
        raise InvalidInput(
            {"mapping": N_("Unbekannte Felder: %(names)s. Möglich sind: %(known)s.")},
            names=", ".join(sorted(unknown)),
            known=", ".join(sorted(FIELDS)),
        )
    if not document.get(_ROW_KEY):
        raise InvalidInput(
            {"mapping": N_("Es fehlt row_key: die Spalte, die eine Zeile eindeutig benennt.")}
        )
    return CsvMapping(
        row_key=str(document[_ROW_KEY]),
        fields={name: str(value) for name, value in fields.items()},
        attributes={name: str(value) for name, value in attributes.items()},
    )


def mapping_by_column_names(header: Sequence[str]) -> CsvMapping:
    """Map each column to the field of its own name; the first column names the row."""
    return CsvMapping(
        row_key=header[0] if header else "",
        fields={name: f"{{{name}}}" for name in header if name in FIELDS},
        attributes={
            name.removeprefix("attributes."): f"{{{name}}}"
            for name in header
            if name.startswith("attributes.")
        },
    )


def decode_csv(content: bytes) -> str:
    """Read UTF-8 (with or without mark), else the Windows code page of older spreadsheets."""
    if len(content) > LARGEST_FILE_BYTES:
        raise InvalidInput(
            {"file": N_("Die Datei ist größer als %(most)s MiB. Bitte teilen Sie sie auf.")},
            most=LARGEST_FILE_BYTES // 1024 // 1024,
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_header(text: str) -> list[str]:
    """Give the names of the columns; raises InvalidInput where the header cannot be used."""
    header = next(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), [])
    header = [name.strip() for name in header]
    if not any(header):
        raise InvalidInput({"file": N_("Die Datei hat keine Kopfzeile mit Spaltennamen.")})
    if len(header) > MOST_COLUMNS:
        raise InvalidInput(
            {"file": N_("Die Datei hat mehr als %(most)s Spalten.")}, most=MOST_COLUMNS
        )
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise InvalidInput(
            {"file": N_("Diese Spalten kommen doppelt vor: %(names)s.")},
            names=", ".join(sorted(doubled)),
        )
    return header


def check_columns(mapping: CsvMapping, header: Sequence[str]) -> None:
    """Raise InvalidInput where the mapping speaks of columns that the file does not have."""
    missing = mapping.columns() - set(header)
    if missing:
        raise InvalidInput(
            {"mapping": N_("Diese Spalten fehlen in der Datei: %(names)s. Sie hat: %(known)s.")},
            names=", ".join(sorted(missing)),
            known=", ".join(header),
        )


def read_rows(text: str, mapping: CsvMapping, header: Sequence[str]) -> Iterator[CsvRow]:
    """Give every row with its fields filled in; broken rows carry their problem instead.

    Raises InvalidInput past the largest number of rows.
    """
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    next(reader, None)
    for number, cells in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            raise InvalidInput(
                {"file": N_("Die Datei hat mehr als %(most)s Zeilen. Bitte teilen Sie sie auf.")},
                most=MOST_ROWS,
            )
        if any(cell.strip() for cell in cells):
            yield _row(number, cells, mapping, header)


def _row(number: int, cells: Sequence[str], mapping: CsvMapping, header: Sequence[str]) -> CsvRow:
    problem = None
    if len(cells) != len(header):
        problem = N_("Die Zeile hat eine andere Zahl von Spalten als die Kopfzeile.")
    elif max(map(len, cells)) > LONGEST_CELL:
        problem = N_("Eine Zelle ist länger als 10.000 Zeichen.")
    values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    key = values.get(mapping.row_key, "")
    if problem is None and not key:
        problem = N_("Die Spalte, die die Zeile benennt, ist leer.")
    return CsvRow(
        number=number,
        key=key,
        fields={name: _fill(text, values) for name, text in mapping.fields.items()},
        attributes={name: _fill(text, values) for name, text in mapping.attributes.items()},
        problem=problem,
    )


def _fill(template: str, values: Mapping[str, str]) -> str:
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), template)
    return " ".join(filled.split(" ")).strip() if template != filled else template


def _delimiter(text: str) -> str:
    first_line = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=first_line.count)
