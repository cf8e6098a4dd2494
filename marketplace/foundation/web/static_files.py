"""Static files under one path that changes with their content, so that browsers keep them."""

import hashlib
from pathlib import Path

from flask import Flask, Response, send_from_directory

from marketplace.foundation.web.permissions import public

_A_YEAR = 31_536_000


def init_static_files(app: Flask, folder: Path) -> None:
    """Serve `folder` below /static/<version>/ and give templates `static_url(path)`."""
    version = _version_of(folder)

    @public
    def static_file(version: str, path: str) -> Response:
        response = send_from_directory(folder, path, max_age=_A_YEAR)
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        return response

    app.add_url_rule("/static/<version>/<path:path>", "static_file", static_file)
    app.add_template_global(lambda path: f"/static/{version}/{path}", "static_url")


def _version_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
