"""Amounts of euros as papers show them: in digits and in German words."""

_UNITS = (
    *("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    *("zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn"),
    *("achtzehn", "neunzehn"),
)
_TENS = (
    *("", "", "zwanzig", "dreißig", "vierzig", "fünfzig"),
    *("sechzig", "siebzig", "achtzig", "neunzig"),
)
# Cents; more than any gift is worth, and what the words below reach.
LARGEST_AMOUNT = 99_999_999_999


def amount_in_digits(minor: int) -> str:
    """Give cents as "1.322,50 €"."""
    euros, cents = divmod(minor, 100)
    return f"{euros:,}".replace(",", ".") + f",{cents:02d} €"


def amount_in_words(minor: int) -> str:
    """Give cents as "eintausenddreihundertzweiundzwanzig Euro und fünfzig Cent".

    Raises ValueError outside of 0 to LARGEST_AMOUNT.
    """
    if not 0 <= minor <= LARGEST_AMOUNT:
        raise ValueError(f"no words for {minor}")
    euros, cents = divmod(minor, 100)
    words = f"{_before_noun(euros)} Euro"
    return f"{words} und {_before_noun(cents)} Cent" if cents else words


def _before_noun(number: int) -> str:
    """Give a number as it stands before a noun: ein Euro, einhundertein Euro."""
    millions, rest = divmod(number, 1_000_000)
    if not millions:
        return _below_million(rest)
    counted = "eine Million" if millions == 1 else f"{_feminine(millions)} Millionen"
    return f"{counted} {_below_million(rest)}" if rest else counted


def _feminine(number: int) -> str:
    words = _below_million(number)
    return f"{words}e" if words.endswith("ein") else words


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_thousand(rest)
    return f"{_below_thousand(thousands)}tausend" + (_below_thousand(rest) if rest else "")


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{_below_hundred(hundreds)}hundert" + (_below_hundred(rest) if rest else "")


def _below_hundred(number: int) -> str:
    if number == 1:
        return "ein"
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_below_hundred(unit)}und{_TENS[tens]}" if unit else _TENS[tens]
