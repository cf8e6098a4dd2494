"""Whose data the gazetteer and the boundaries are, under which licence."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """One origin of shipped data; `attribution` must be shown where the data is used."""

    key: str
    title: str
    attribution: str
    licence: str
    licence_url: str
    origin_url: str
    state: str
    package: str
    files: tuple[str, ...]
    changes: str


_files = [SHIPPED / "sources.toml"]


def register_sources(file: Path) -> None:
    """Have the sources that a package above ships data from shown beside ours."""
    if file not in _files:
        _files.append(file)


def data_sources() -> tuple[DataSource, ...]:
    """Give every source of shipped data, in the order of the files."""
    return tuple(source for file in _files for source in _sources_in(file))


@cache
def _sources_in(file: Path) -> tuple[DataSource, ...]:
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        DataSource(key=key, **{**entry, "files": tuple(entry["files"])})
        for key, entry in entries.items()
    )
