"""Look into a PDF: its text, and what it promises about itself."""

import io
import json
import re
from pathlib import Path
from typing import Any

from pdfua import validate
from pypdf import PdfReader
from werkzeug.test import TestResponse


def pages_of(content: bytes) -> list[str]:
    """Give the text of each page, blanks made one."""
    reader = PdfReader(io.BytesIO(content))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def text_of(content: bytes) -> str:
    """Give the text of all pages."""
    return " ".join(pages_of(content))


def read_text(response: TestResponse) -> str:
    """Give what an answer says: a paper's text too, and JSON without its escapes."""
    content = response.get_data()
    if response.is_json:
        return json.dumps(json.loads(content), ensure_ascii=False)
    return (
        text_of(content)
        if response.mimetype == "application/pdf"
        else content.decode("utf-8", "replace")
    )


def title_of(content: bytes) -> str:
    """Give the title that readers show."""
    metadata = PdfReader(io.BytesIO(content)).metadata
    return str(metadata.title) if metadata else ""


def promises_of(content: bytes) -> dict[str, str]:
    """Give the standards that the file says it keeps, and its language."""
    root: Any = PdfReader(io.BytesIO(content)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    found = dict(re.findall(r"<(pdf(?:aid|uaid):(?:part|conformance))>(\w+)<", xmp))
    return {**found, "language": str(root["/Lang"]), "marked": str(root["/MarkInfo"]["/Marked"])}


def faults_in(content: bytes, folder: Path) -> list[str]:
    """Give what a checker without a JVM finds wrong by PDF/UA-1."""
    path = folder / "checked.pdf"
    path.write_bytes(content)
    return [each.message for each in validate(str(path)).findings]


def unembedded_fonts(content: bytes) -> list[str]:
    """Give the fonts that the file only names."""
    found = []
    for page in PdfReader(io.BytesIO(content)).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            for descendant in font.get_object()["/DescendantFonts"]:
                descriptor = descendant.get_object()["/FontDescriptor"]
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys():
                    found.append(str(descriptor["/FontName"]))
    return found
