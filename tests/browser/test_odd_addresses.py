"""What the server itself answers to addresses that no browser makes."""

import http.client

import pytest

from tests.browser.conftest import Site
from tests.search.odd_queries import odd_queries


@pytest.mark.parametrize("path", ["/search", "/api/v1/listings"])
def test_odd_addresses_get_an_answer_or_a_reason(site: Site, path: str) -> None:
    for query in odd_queries():
        status, page = answer_to(site, f"{path}?{query}")

        wanted = (400,) if "%00" in query else (200, 422)
        assert status in wanted, (query[:80], status)
        assert page


def test_an_address_that_is_too_long_gets_a_page_that_says_so(site: Site) -> None:
    status, page = answer_to(site, "/search?q=" + "x" * 900_000)

    assert status == 422
    assert "Die Adresse ist zu lang" in page


def answer_to(site: Site, address: str) -> tuple[int, str]:
    """Give status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request("GET", address, headers={"Host": "potsdam-mittelmark.localhost"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
