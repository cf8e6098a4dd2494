"""Questions that nobody asks by mistake: far too long, unbalanced, out of every bound."""

from urllib.parse import urlencode

_OPERATORS = ('"', "-", "*", "(", ")", "[", "]", "{", "}", "~", "^", ":", "?", "\\", "'", "|", "&")


def odd_queries() -> list[str]:
    """Give query strings of an address."""
    here = {"near": "52.1,12.6"}
    words = [
        "x" * 10_000,
        "wort " * 2_000,
        "donaudampfschifffahrtsgesellschaft" * 5,
        '"' * 199,
        "-" * 199,
        "* " * 99,
        "a* " * 66,
        "-a " * 66,
        *(operator * times for operator in _OPERATORS for times in (1, 2, 7)),
        *(f"{operator}halle" for operator in _OPERATORS),
        *(f"halle{operator}" for operator in _OPERATORS),
        "AND OR NOT",
        "halle AND",
        "\u0000",
        "\u202e\u0301\u0301",
        "ß" * 200,
        "ae" * 100,
        "er" * 100,
        "fraesbohrdrehschleif" * 10,
        "%_'\";--",
        "🪚" * 50,
        "১২৩",
    ]
    bounds = [
        *({**here, "radius_km": value} for value in ("-1", "NaN", "1e9", "inf", "0", "1e-300")),
        *({"near": value} for value in ("NaN,NaN", "91,0", "1e309,0", ",", "52.1", "0,0,0")),
        {"available_from": "9999-12-31", "available_to": "9999-12-31"},
        {"available_from": "0001-01-01", "available_to": "9999-12-30"},
        {"available_from": "9999-12-31T23:59:59-23:59", "available_to": "2026-10-01T00:00:00Z"},
        {"quantity": "999999999999"},
        {"quantity": "-1"},
        {"limit": "101"},
        {"bbox": "180,90,-180,-90"},
        {"bbox": "nan,nan,nan,nan"},
        {"cursor": "A" * 4_000},
        {"sort": "distance"},
    ]
    many = [
        urlencode([(name, f"{value}{number}") for number in range(5_000)])
        for name, value in (("kind", "k"), ("terms", "t"), ("choice", "q="))
    ]
    return [*(urlencode({"q": each}) for each in words), *map(urlencode, bounds), *many]
