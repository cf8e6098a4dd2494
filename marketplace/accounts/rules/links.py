"""Links that work once: what for, and for how long."""

from datetime import timedelta
from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a link from a mail (or from the command line) is good for."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (the name of a purpose)
    FIRST_PASSWORD = "first_password"  # noqa: S105 (the name of a purpose)


class LinkState(StrEnum):
    """Whether a link still works."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"


# A mailbox is read within two days; whoever forgot a password waits for the mail. ASVS 5.0, 6.4.1
# asks for short lives without a number.
LIFETIMES: dict[LinkPurpose, timedelta] = {
    LinkPurpose.CONFIRM_EMAIL: timedelta(hours=48),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.FIRST_PASSWORD: timedelta(hours=48),
}

# Both end on the page where a new password is set.
PASSWORD_PURPOSES = (LinkPurpose.RESET_PASSWORD, LinkPurpose.FIRST_PASSWORD)
