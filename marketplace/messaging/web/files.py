"""Files of messages: what was sent with the form, and how they are given out."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import make_response, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.settings import Limits
from marketplace.foundation.web.localisation import say_message
from marketplace.messaging.models import Attachment
from marketplace.messaging.operations import ATTACHMENT_FOLDER, small_file, stored_file
from marketplace.messaging.rules.attachments import (
    CheckedFile,
    MediaType,
    UnusableFile,
    check_file,
)

_AN_HOUR = 3_600


def checked_files(
    uploads: Sequence[FileStorage], limits: Limits
) -> tuple[list[CheckedFile], list[str]]:
    """Look at each file that was sent; gives a sentence that names it for each refused one."""
    files, problems = [], []
    most = limits.attachments_per_message
    for upload in uploads[:most]:
        content = upload.read(limits.attachment_bytes + 1)
        try:
            files.append(
                check_file(upload.filename or "", content, largest_bytes=limits.attachment_bytes)
            )
        except UnusableFile as unusable:
            problems.append(f"{upload.filename}: {say_message(unusable.sentence, {})}")
    problems += [
        gettext(
            "%(name)s: An eine Nachricht passen höchstens %(most)s Dateien. Schicken Sie diese mit "
            "einer weiteren.",
            name=upload.filename,
            most=most,
        )
        for upload in uploads[most:]
    ]
    return files, problems


def file_response(work: UnitOfWork, attachment: Attachment) -> Response:
    """Give the file to be saved, or with `?size=small` a picture's thumbnail to be shown.

    Whoever calls this has checked that the actor may have it.
    """
    is_small = attachment.media_type == MediaType.PICTURE and request.args.get("size") == "small"
    name = small_file(attachment.id) if is_small else stored_file(attachment)
    return guarded_response(
        work.services.files.read(work.district_id, ATTACHMENT_FOLDER, name),
        media_type=attachment.media_type,
        disposition="inline" if is_small else to_save(attachment.name),
        etag=f"{attachment.sha256}-{name}",
    )


def guarded_response(content: bytes, *, media_type: str, disposition: str, etag: str) -> Response:
    """Give out what somebody sent so that it can do nothing in the reader's browser."""
    response: Response = make_response(content)
    response.mimetype = media_type
    headers = response.headers
    headers["Content-Disposition"] = disposition
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = f"private, max-age={_AN_HOUR}"
    response.set_etag(etag)
    return response.make_conditional(request)


def to_save(name: str) -> str:
    """Give the header that has a file saved under this name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
