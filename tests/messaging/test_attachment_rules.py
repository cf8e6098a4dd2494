"""What may go with a message is decided by what a file is, not by what it is called."""

from io import BytesIO

import pytest
from PIL import Image

from marketplace.messaging.rules.attachments import (
    LONGEST_FILE_NAME,
    MediaType,
    UnusableFile,
    check_file,
    tidy_file_name,
)
from marketplace.messaging.rules.pdf import pdf_problem
from tests.factories.files import make_object_stream, make_pdf, make_picture, make_stream

LARGEST = 5 * 1024 * 1024
ZIP_END = b"PK\x05\x06" + bytes(18)
SCRIPT = b"/S /JavaScript /JS (app.alert)"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(UnusableFile) as refused:
        check_file(name, content, largest_bytes=LARGEST)
    return refused.value.sentence


@pytest.mark.parametrize(
    "content",
    [
        make_pdf(),
        make_pdf().rstrip(),
        make_pdf(b"/OpenAction [2 0 R /Fit]"),
        make_pdf(b"/AcroForm << /Fields [] >>"),
        make_pdf(objects=make_object_stream(b"<< /Title (Mietvertrag) >>")),
        make_pdf(objects=make_stream(b"/Subtype /Image", b"\x00\xff/JS \x01/XFA ")),
        make_pdf() + make_pdf()[9:],  # changed later: an end mark in the middle
    ],
    ids=["plain", "no last line", "opens a page", "form", "packed", "bytes by chance", "changed"],
)
def test_a_pdf_that_does_nothing_by_itself_is_taken(content: bytes) -> None:
    assert pdf_problem(content) is None


@pytest.mark.parametrize(
    "content",
    [
        make_pdf()[:-8],
        make_pdf()[: len(make_pdf()) // 2],
        b"%PDF-1.7\n",
        b"%PDF-9.9\n" + make_pdf()[9:],
        make_pdf() + b"<script>alert(1)</script>",
        make_pdf() + ZIP_END,
    ],
)
def test_a_pdf_that_is_cut_off_or_goes_on_behind_its_end_is_refused(content: bytes) -> None:
    assert "nicht vollständig" in (pdf_problem(content) or "")


@pytest.mark.parametrize(
    "catalogue",
    [
        b"/OpenAction << " + SCRIPT + b" >>",
        b"/Names << /JavaScript 4 0 R >>",
        b"/AA << /O << /JS (x) >> >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/Names << /EmbeddedFiles 4 0 R >>",
        b"/AcroForm << /XFA 4 0 R >>",
        b"/A << /S /SubmitForm >>",
        b"/A << /S /#4AavaScript >>",
        b"/A << /S /J#61v#61Script >>",
        b"/A << /#4a#53 (x) >>",
        b"/A << /S /L#61unch >>",
        b"/Names << /Embedded#46ile 4 0 R >>",
    ],
)
def test_a_pdf_that_acts_is_refused_however_the_name_is_written(catalogue: bytes) -> None:
    assert "Programme" in (pdf_problem(make_pdf(catalogue)) or "")


@pytest.mark.parametrize(
    "objects",
    [
        make_object_stream(b"<< " + SCRIPT + b" >>"),
        make_object_stream(b"<< /#4AS (x) >>"),
        make_object_stream(b"<< " + SCRIPT + b" >>", dictionary=b"/N 1 /First 4"),
        make_object_stream(b"<< " + SCRIPT + b" >>", dictionary=b"/Type 9 0 R"),
        make_object_stream(b"<< /JS (x) >>", dictionary=b"/Type /Obj#53tm /N 1 /First 4"),
        make_stream(b"/Type /ObjStm /N 1 /First 4", b"7 0 << /JS (x) >>"),
        b"% stream\n" + make_object_stream(b"<< /JS (x) >>"),
        b"<< /Title (>> stream\n) >>" + make_object_stream(b"<< /JS (x) >>"),
        make_object_stream(b"<< /JS (x) >>").replace(b"stream\n", b"stream\r", 1),
        make_stream(b"/Subtype /Image", b"endstream 8 0 obj << /S /JavaScript >> endobj"),
    ],
)
def test_what_acts_is_found_in_packed_objects_too(objects: bytes) -> None:
    assert "Programme" in (pdf_problem(make_pdf(objects=objects)) or "")


@pytest.mark.parametrize(
    "objects",
    [
        make_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode", b"\x80\x0b"),
        make_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", b"not packed"),
        make_object_stream(b"<< >>").replace(b"\nendstream", b""),
        make_object_stream(b"<< /Title (ein langer Titel) >>").replace(b"\nendstream", b"")[:-24]
        + b"endstream",
        b"stream\nendstream " * 60_000,
        make_object_stream(b" " * (33 * 1024 * 1024)),
    ],
    ids=["packed in another way", "not packed", "no end", "cut off", "too many", "swells"],
)
def test_a_pdf_that_cannot_be_looked_into_is_refused(objects: bytes) -> None:
    assert "lässt sich nicht prüfen" in (pdf_problem(make_pdf(objects=objects)) or "")


def test_an_encrypted_pdf_is_refused() -> None:
    for entry in (b"/Encrypt 5 0 R", b"/#45ncrypt 5 0 R"):
        assert "verschlüsselt" in (pdf_problem(make_pdf(entry)) or "")


def test_an_archive_inside_a_pdf_is_refused() -> None:
    assert "weitere Dateien" in (pdf_problem(make_pdf(objects=ZIP_END)) or "")


def test_a_picture_loses_what_the_camera_wrote_into_it_and_gets_a_true_name() -> None:
    sent = make_picture(place="Waldweg 3")

    checked = check_file("Hof.JPG", sent, largest_bytes=LARGEST)

    assert b"Waldweg 3" in sent
    assert b"Waldweg 3" not in checked.content + checked.thumbnail
    assert (checked.name, checked.media_type) == ("Hof.webp", MediaType.PICTURE)
    with Image.open(BytesIO(checked.content)) as stored:
        assert (stored.format, stored.size, dict(stored.getexif())) == ("WEBP", (640, 480), {})


def test_the_content_decides_and_not_the_name() -> None:
    assert check_file("foto.png", make_pdf(), largest_bytes=LARGEST).name == "foto.png.pdf"
    assert (
        check_file("plan.pdf", make_picture("PNG"), largest_bytes=LARGEST).name == "plan.pdf.webp"
    )
    assert "weder ein Foto" in refusal("rechnung.pdf", b"MZ\x90\x00")
    assert "weder ein Foto" in refusal("bild.jpg", b"<svg onload='x'/>")
    assert "weder ein Foto" in refusal("bild.gif", make_picture("GIF"))
    assert "weder ein Foto" in refusal("plan.pdf", b"<script>x</script>" + make_pdf())
    assert "kein lesbares Bild" in refusal("bild.png", make_picture("PNG")[:60])


def test_a_picture_hides_nothing_behind_itself() -> None:
    checked = check_file("a.png", make_picture("PNG") + make_pdf() + ZIP_END, largest_bytes=LARGEST)

    assert b"%PDF" not in checked.content
    assert b"PK\x05\x06" not in checked.content


def test_an_empty_file_and_one_that_is_too_large_are_refused() -> None:
    assert "leer" in refusal("leer.pdf", b"")
    assert "größer als 5 MB" in refusal("gross.pdf", make_pdf() + b" " * LARGEST)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Mietvertrag.pdf", "Mietvertrag.pdf"),
        ("Mietvertrag.PDF", "Mietvertrag.pdf"),
        ("  Plan \r\n vom  Hof .pdf", "Plan vom Hof.pdf"),
        ("C:\\Eigene\\Plan.pdf", "Plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe.pdf"),
        ("", "Datei.pdf"),
        ("...", "Datei.pdf"),
        (".pdf", "Datei.pdf"),
        ("Gra\u0308fe.pdf", "Gräfe.pdf"),
    ],
)
def test_a_file_name_is_one_tidy_line_with_a_true_ending(sent: str, shown: str) -> None:
    assert tidy_file_name(sent, MediaType.PDF) == shown


def test_a_long_file_name_keeps_its_ending() -> None:
    name = tidy_file_name("x" * 300 + ".pdf", MediaType.PDF)

    assert (len(name), name[-5:]) == (LONGEST_FILE_NAME, "x.pdf")
