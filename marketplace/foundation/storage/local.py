"""Files on the local disk, kept apart by district."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from marketplace.foundation.errors import NotFound
from marketplace.foundation.identifiers import DistrictId

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)?")


@dataclass(frozen=True)
class FileStorage:
    """Keeps files under `<root>/<district>/<folder>/<name>`."""

    root: Path

    def put(self, district_id: DistrictId, folder: str, name: str, content: bytes) -> None:
        """Store the content durably, whole or not at all, before any row speaks of it."""
        path = self._path(district_id, folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def read(self, district_id: DistrictId, folder: str, name: str) -> bytes:
        """Give the content; raises NotFound."""
        try:
            return self._path(district_id, folder, name).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def delete(self, district_id: DistrictId, folder: str, name: str) -> None:
        """Remove the file; one that is gone already is no error."""
        self._path(district_id, folder, name).unlink(missing_ok=True)

    def _path(self, district_id: DistrictId, folder: str, name: str) -> Path:
        for part in (district_id, folder, name):
            if not _SAFE_NAME.fullmatch(part):
                raise NotFound
        return self.root / district_id / folder / name
