"""What can go wrong in the words of the product; no word of HTTP here.

Messages are German sentences that tell the person what to do. They are marked with `N_` where
they are written and translated where they are shown, with their `values` put in.
"""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 (the name that gettext tools look for)
    """Mark a sentence for the catalogues without translating it here."""
    return message


def NN_(one: str, many: str) -> str:  # noqa: N802 (named like the one above)
    """Mark a word for the catalogues that German writes alike for one and for many."""
    assert one == many  # noqa: S101 (else it would be two marked words)
    return many


class Sentence(str):
    """A marked sentence together with the values that belong into it."""

    text: str
    values: Mapping[str, object]

    def __new__(cls, message: str, **values: object) -> "Sentence":
        """Keep the values beside the sentence."""
        sentence = super().__new__(cls, message % values if values else message)
        sentence.text = message
        sentence.values = values
        return sentence


class MarketplaceError(Exception):
    """A refusal with its reason: a German sentence with `%(name)s` where a value goes."""

    code = "bad_request"
    details: Mapping[str, object] = {}

    def __init__(self, message: str = "", **values: object) -> None:
        """Keep the sentence and the values that belong into it."""
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(MarketplaceError):
    """It does not exist, or this person may not see it: outsiders cannot tell which."""

    code = "not_found"


class NotAllowed(MarketplaceError):
    """The thing may be seen, but this person may not do that with it."""

    code = "forbidden"


class Conflict(MarketplaceError):
    """It does not fit what others did meanwhile, or the state the thing is in."""

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "illegal_transition",
        details: Mapping[str, object] | None = None,
        **values: object,
    ) -> None:
        """Keep the contract's code with the sentence, and what a program is told besides."""
        super().__init__(message, **values)
        self.code = code
        self.details = details or {}


class StaleVersion(Conflict):
    """Somebody else saved meanwhile; nothing was overwritten."""

    def __init__(self, message: str = "", **values: object) -> None:
        """Keep the sentence."""
        super().__init__(message, code="stale_version", details=None, **values)


class InvalidInput(MarketplaceError):
    """Something that was typed cannot be taken: which field, and what would be right."""

    code = "validation_failed"

    def __init__(self, errors: Mapping[str, str], **values: object) -> None:
        """Keep one sentence for each field; the empty field name means the whole form."""
        super().__init__(" ".join(errors.values()), **values)
        self.errors = dict(errors)


class CsrfFailed(NotAllowed):
    """The request came with the browser's cookie but without the key that only our pages know."""

    code = "csrf_failed"


class PreconditionRequired(MarketplaceError):
    """Whoever changes this must say which version they have seen."""

    code = "precondition_required"
