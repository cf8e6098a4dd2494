"""What a message may say, and how it is quoted."""

import hashlib
from collections.abc import Sequence

from marketplace.foundation.errors import N_, InvalidInput, Sentence

# Characters: about two pages, as long as the description of a listing.
LONGEST_MESSAGE = 4_000
# Characters: what a phone shows of a mail without scrolling.
LONGEST_QUOTE = 300


def tidy_message(text: str) -> str:
    """Give the text as it is stored: one sort of line break, no blanks around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def message_problem(text: str) -> str | None:
    """Say what keeps a tidy text from being sent; None: nothing."""
    if not text:
        return N_("Bitte schreiben Sie eine Nachricht.")
    if len(text) > LONGEST_MESSAGE:
        return Sentence(
            N_("Bitte kürzen Sie auf %(most)s Zeichen; jetzt sind es %(length)s."),
            most=LONGEST_MESSAGE,
            length=len(text),
        )
    return None


def checked_message(text: str) -> str:
    """Give the tidy text; raises InvalidInput (`message`) where it cannot be sent."""
    tidy = tidy_message(text)
    problem = message_problem(tidy)
    if problem is not None:
        raise InvalidInput({"message": problem})
    return tidy


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Give at most `longest` characters, cut between words where there are any."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    words = cut.rsplit(maxsplit=1)
    whole = words[0] if len(words) > 1 and len(words[0]) > longest // 2 else cut
    return whole.rstrip() + "…"


def repeat_key(form_id: str, text: str, digests: Sequence[str] = ()) -> str | None:
    """Tell a form that was sent twice from two messages; None: the form has no id.

    The same form with other words or files (somebody went back and wrote on) is another message.
    """
    if not form_id:
        return None
    return hashlib.sha256("\n".join((form_id, *digests, text)).encode()).hexdigest()
