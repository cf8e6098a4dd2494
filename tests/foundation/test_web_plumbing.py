"""What every answer has, whatever page it is."""

import pytest

from tests.support.installation import Installation


def test_an_unknown_host_is_misdirected_and_shows_no_districts_brand(
    installation: Installation,
) -> None:
    response = installation.app.test_client().get("/", base_url="http://elsewhere.example")

    assert response.status_code == 421
    assert "Marktplatz A" not in response.get_data(as_text=True)
    assert "Marktplatz B" not in response.get_data(as_text=True)


def test_a_host_is_matched_whole_and_without_its_port(installation: Installation) -> None:
    client = installation.app.test_client()

    answers = {
        host: client.get("/imprint", base_url=f"http://{host}").status_code
        for host in ("a.localhost:8123", "A.LOCALHOST", "x.a.localhost", "a.localhost.example")
    }

    assert answers["a.localhost:8123"] == answers["A.LOCALHOST"] != 421
    assert answers["x.a.localhost"] == answers["a.localhost.example"] == 421


@pytest.mark.parametrize("path", ["/", "/healthz", "/does-not-exist", "/static/x/none.css"])
def test_every_answer_carries_the_security_headers(installation: Installation, path: str) -> None:
    headers = installation.app.test_client().get(path, base_url="http://a.localhost").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused_with_what_to_do(installation: Installation) -> None:
    page = installation.visitor().post("/login", {"email": "x@betrieb.example", "password": "x"})

    assert page.status == 400
    assert "laden Sie die Seite neu" in page.words


def test_a_write_that_another_site_sends_is_refused(installation: Installation) -> None:
    page = installation.visitor().post("/login", {}, Sec_Fetch_Site="cross-site")

    assert page.status == 403


def test_a_page_that_does_not_exist_says_so_in_the_districts_brand(
    installation: Installation,
) -> None:
    page = installation.visitor(installation.b).get("/gibt-es-nicht")

    assert page.status == 404
    assert "Diese Seite gibt es nicht" in page.words
    assert "Marktplatz B" in page.words


def test_every_view_says_who_may_call_it(installation: Installation) -> None:
    from marketplace.foundation.web.permissions import access_of

    silent = [
        rule.endpoint
        for rule in installation.app.url_map.iter_rules()
        if access_of(installation.app, rule.endpoint) is None
    ]

    assert silent == []


@pytest.mark.parametrize("path", ["/listings/a%00b", "/search?q=%00", "/media/%00"])
def test_a_sign_that_no_database_keeps_is_refused(installation: Installation, path: str) -> None:
    assert installation.visitor().get(path).status == 400
