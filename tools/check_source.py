"""Checks of the source that no linter knows: each finding is one line, and any fails the build.

Which rule stands where: docs/architecture.md. The tests plant a violation of each.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath

_ROOT = Path(__file__).resolve().parents[1]
_FOLDERS = ("marketplace", "migrations", "static", "templates", "tests", "tools")
_SUFFIXES = {".py", ".html", ".txt", ".xml", ".css", ".js", ".sh", ""}

# SQL that no guard can read is written in these places only.
_DATABASE = ("marketplace/foundation/database/", "marketplace/search/backends/postgis")
_CLOCK = ("marketplace/foundation/clock.py",)
# Mail programs know no style sheets.
_MAILS = ("templates/emails/",)

# The words of docs/architecture.md: what a file or folder of a domain package may be called.
_WORDS = {
    "__init__",
    "backends",
    "data",
    "events",
    "geocoders",
    "interfaces",
    "jobs",
    "kinds",
    "models",
    "operations",
    "permissions",
    "queries",
    "resource_kind",
    "rules",
    "search_documents",
    "subscriptions",
    "web",
    # docs/decisions/0004: a contribution to a page of a lower package; files that are shipped.
    "desk",
    "subjects",
    "gazetteer_files",
    "sources",
}
_PACKAGES_WITH_OWN_WORDS = {"cli", "foundation"}
_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
_NOTE = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")

_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_UNSAFE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
_INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE)
_HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=|=\s*[\"']\s*javascript:", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"<style\b|<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong, and where."""

    path: PurePosixPath
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def findings_in(path: PurePosixPath, source: str) -> list[Finding]:
    """Give what is wrong with the file `path`, which is relative to the root, holding `source`."""
    found = [Finding(path=path, line=1, message=message) for message in _wrong_names(path)]
    checks: list[Callable[[str], Iterator[tuple[int, str]]]] = [_unfinished_notes]
    if path.suffix == ".py" and (path.parts[0] == "marketplace" or len(path.parts) == 1):
        checks.append(lambda text: _forbidden_calls(str(path), text))
    if path.parts[0] == "templates":
        checks.append(lambda text: _inline_code(str(path), text))
    for line, message in chain.from_iterable(check(source) for check in checks):
        found.append(Finding(path=path, line=line, message=message))
    return found


def _wrong_names(path: PurePosixPath) -> Iterator[str]:
    if _SAY_NOTHING.intersection((*path.parts[:-1], path.stem)):
        yield "a name that says nothing about what is inside"
    if path.parts[0] != "marketplace" or len(path.parts) < 3 or path.suffix != ".py":
        return
    package, word = path.parts[1], path.parts[2].removesuffix(".py")
    if package not in _PACKAGES_WITH_OWN_WORDS and word not in _WORDS:
        yield f"'{word}' is no word that packages are made of"


def _unfinished_notes(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), start=1):
        if _NOTE.search(line):
            yield number, "a note about unfinished work: do it, or file an issue"


def _forbidden_calls(path: str, source: str) -> Iterator[tuple[int, str]]:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr | ast.stmt)]
    if not path.startswith(_DATABASE):
        for node in nodes:
            message = _past_the_guard(node)
            if message:
                yield node.lineno, message
    if path not in _CLOCK:
        for node in nodes:
            if _asks_the_machine_for_the_time(node):
                yield node.lineno, "asks the machine for the time: use work.now() or the clock"


def _past_the_guard(node: ast.AST) -> str | None:
    """Say how this node gets past the session that confines to a district, None if it does not."""
    match node:
        case ast.ImportFrom(module=str(module), names=names) if module.startswith("sqlalchemy"):
            if {name.name for name in names} & {"text", "Table", "literal_column"}:
                return "SQL text and tables cannot be confined to a district"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="sa" | "sqlalchemy"), attr=name)):
            if name in {"text", "Table", "literal_column"}:
                return "SQL text and tables cannot be confined to a district"
        case ast.Attribute(attr="__table__"):
            return "a bare table cannot be confined to a district"
        case ast.Attribute(value=ast.Name(id="db"), attr="session"):
            return "the global session serves no district: use the unit of work's"
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            if name in {"connection", "exec_driver_sql", "raw_connection"}:
                return "a bare connection knows no district"
            if name in {"begin", "connect"} and _last_name(owner) == "engine":
                return "a bare connection knows no district"
            if name == "commit":
                return "only the unit of work commits"
    return None


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _asks_the_machine_for_the_time(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=("now" | "utcnow" | "today"))):
            return _last_name(owner) in {"datetime", "date"}
        case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr=("time" | "time_ns"))):
            return True
    return False


def _inline_code(path: str, source: str) -> Iterator[tuple[int, str]]:
    for place in _UNSAFE.finditer(source):
        yield _line_of(source, place), "markup that was not escaped: give Markup from Python"
    # What Jinja fills in may hold any sign; lines are kept, so that findings stand where they are.
    html = _JINJA.sub(lambda part: "\n" * part[0].count("\n"), source)
    patterns = {_INLINE_SCRIPT: "a script inside the page", _HANDLER: "a script in an attribute"}
    if not path.startswith(_MAILS):
        patterns[_INLINE_STYLE] = "a style inside the page"
    for pattern, message in patterns.items():
        for place in pattern.finditer(html):
            yield _line_of(html, place), message


def _line_of(text: str, place: re.Match[str]) -> int:
    return text.count("\n", 0, place.end()) + 1


def source_files() -> Iterator[Path]:
    """Give the files that people wrote: no copies of others' files, no compiled ones."""
    for folder in _FOLDERS:
        for path in sorted((_ROOT / folder).rglob("*")):
            parts = path.relative_to(_ROOT).parts
            if path.suffix in _SUFFIXES and path.is_file() and "vendor" not in parts:
                yield path
    yield from sorted(_ROOT.glob("*.py"))


def main() -> int:
    """Print every finding; give 1 if there is any."""
    found = [
        finding
        for path in source_files()
        for finding in findings_in(
            PurePosixPath(path.relative_to(_ROOT).as_posix()), path.read_text(encoding="utf-8")
        )
    ]
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
