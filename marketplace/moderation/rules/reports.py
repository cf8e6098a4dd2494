"""What can be reported for which reason, and what may come of it."""

from enum import StrEnum

from marketplace.foundation.errors import N_, InvalidInput

SHORTEST_REASON, LONGEST_REASON = 5, 2_000


class ReportCategory(StrEnum):
    """Why somebody reports: the grounds of a notice (DSA, Art. 16), and what is simply wrong."""

    ILLEGAL_PRODUCT = "illegal_product"
    PROHIBITED_SERVICE = "prohibited_service"
    DANGEROUS_GOODS = "dangerous_goods"
    FRAUD = "fraud"
    HATE = "hate"
    PERSONAL_DATA = "personal_data"
    INFRINGEMENT = "infringement"
    OUTDATED = "outdated"
    OTHER = "other"


class Decision(StrEnum):
    """What the staff made of a report."""

    NO_ACTION = "no_action"
    HIDDEN = "hidden"
    ACTED = "acted"


def checked_reason(text: str) -> str:
    """Give the reason without blanks around it; raises InvalidInput (`reason`)."""
    tidy = text.strip()
    if not SHORTEST_REASON <= len(tidy) <= LONGEST_REASON:
        raise InvalidInput(
            {"reason": N_("Bitte begründen Sie in einem Satz, höchstens 2.000 Zeichen.")}
        )
    return tidy
