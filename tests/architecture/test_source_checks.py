"""Each rule of tools/check_source.py finds what it is there to find, and the source keeps all."""

from pathlib import PurePosixPath

import pytest

from tools import check_source
from tools.check_source import findings_in

VIOLATIONS = [
    ("from sqlalchemy import select, text\n", "marketplace/listings/queries.py"),
    ("from sqlalchemy import Table\n", "marketplace/listings/models.py"),
    ("from sqlalchemy.sql.expression import literal_column\n", "marketplace/listings/queries.py"),
    ("import sqlalchemy as sa\nquery = sa.text('select 1')\n", "marketplace/geo/queries.py"),
    ("rows = select(Listing.__table__)\n", "marketplace/search/queries.py"),
    ("work.session.connection().execute(query)\n", "marketplace/accounts/operations.py"),
    ("cursor.exec_driver_sql('select 1')\n", "marketplace/cli/doctor.py"),
    ("with db.engine.connect() as found:\n    pass\n", "marketplace/cli/doctor.py"),
    ("with engine.begin() as found:\n    pass\n", "marketplace/cli/migrate.py"),
    ("people = db.session.scalars(query)\n", "marketplace/accounts/queries.py"),
    ("work.session.commit()\n", "marketplace/accounts/operations.py"),
    ("today = datetime.now(UTC)\n", "marketplace/listings/rules.py"),
    ("today = datetime.datetime.utcnow()\n", "marketplace/listings/rules.py"),
    ("today = date.today()\n", "marketplace/listings/rules.py"),
    ("started = time.time()\n", "marketplace/foundation/jobs/worker.py"),
    ("", "marketplace/foundation/utils.py"),
    ("", "tests/helpers/forms.py"),
    ("", "marketplace/listings/magic.py"),
    ("# TO" + "DO: later\n", "tests/test_forms.py"),
    ("/* FIX" + "ME */\n", "static/css/base.css"),
    ("{{ text|safe }}", "templates/listings/detail.html"),
    ("{{ text | safe }}", "templates/emails/welcome.html"),
    ("{% autoescape false %}", "templates/listings/detail.html"),
    ("<p>\n<script>go()</script>", "templates/layouts/page.html"),
    ('<script type="application/json">{}</script>', "templates/search/map.html"),
    ('<button class="a" onclick="go()">', "templates/components/button.html"),
    ("<a\n  {% if here %}aria-current='page'{% endif %}\n  onfocus=go>", "templates/a.html"),
    ('<a href="javascript:go()">', "templates/a.html"),
    ('<div style="color: red">', "templates/a.html"),
    ("<style>p { color: red }</style>", "templates/a.html"),
]

INNOCENT = [
    ("from sqlalchemy import Text, select\n", "marketplace/listings/models.py"),
    ("from sqlalchemy import text\n", "marketplace/foundation/database/tenancy.py"),
    ("from sqlalchemy import text\n", "marketplace/search/backends/postgis.py"),
    ("work.now()\nclock.now()\n", "marketplace/listings/operations.py"),
    ("now = datetime.now(UTC)\n", "marketplace/foundation/clock.py"),
    ("db.engine.dispose()\n", "marketplace/app.py"),
    ("", "marketplace/foundation/clock.py"),
    ("", "marketplace/listings/rules/states.py"),
    ('<script type="module" src="{{ static_url(path) }}"></script>', "templates/a.html"),
    ("{{ button(style='primary', onclick=none) }}", "templates/a.html"),
    ("<p>Wer style = Stil sagt, meint onclick = nichts.</p>", "templates/a.html"),
    ('<td style="padding: 0">', "templates/emails/welcome.html"),
    ('<link rel="stylesheet" href="/brand.css">', "templates/a.html"),
]


@pytest.mark.parametrize(("source", "path"), VIOLATIONS)
def test_a_violation_is_found(source: str, path: str) -> None:
    assert len(findings_in(PurePosixPath(path), source)) == 1


@pytest.mark.parametrize(("source", "path"), INNOCENT)
def test_what_is_allowed_is_not_reported(source: str, path: str) -> None:
    assert findings_in(PurePosixPath(path), source) == []


def test_a_finding_names_file_and_line() -> None:
    (finding,) = findings_in(PurePosixPath("templates/a.html"), "<p>\n{# one\ntwo #}\n<style>")

    assert str(finding).startswith("templates/a.html:4: ")


def test_the_source_keeps_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    status = check_source.main()

    assert (capsys.readouterr().out, status) == ("", 0)
