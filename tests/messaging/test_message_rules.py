"""What a message may say, and how it is quoted."""

import pytest

from marketplace.foundation.errors import InvalidInput
from marketplace.messaging.rules.messages import LONGEST_MESSAGE, checked_message, shortened


def test_a_message_is_stored_without_blanks_around_it_and_with_plain_line_breaks() -> None:
    assert checked_message("  Guten Tag,\r\n\r\nist er frei? \n") == "Guten Tag,\n\nist er frei?"


@pytest.mark.parametrize("text", ["", "  \t\r\n ", "x" * (LONGEST_MESSAGE + 1)])
def test_a_message_that_is_empty_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_message(text)

    assert set(refusal.value.errors) == {"message"}


def test_the_longest_message_is_taken_however_its_lines_were_broken() -> None:
    text = "\r\n".join(["x" * 99] * (LONGEST_MESSAGE // 100))

    assert len(checked_message(text)) == LONGEST_MESSAGE - 1


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("kurz genug", "kurz genug"),
        ("drei kurze Wörter", "drei kurze…"),
        ("Donaudampfschifffahrt", "Donaudampfschi…"),
        ("ab cdefghijklmnopqrstu", "ab cdefghijklm…"),
    ],
)
def test_a_quote_ends_between_words_where_that_keeps_most_of_it(text: str, quoted: str) -> None:
    assert shortened(text, 15) == quoted
