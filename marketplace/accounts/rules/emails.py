"""How e-mail addresses are compared and kept."""

from email_validator import EmailNotValidError, validate_email

from marketplace.foundation.errors import N_, InvalidInput

# RFC 5321, 4.5.3.1.3: a path holds at most 256 octets, the angle brackets included.
LONGEST_EMAIL = 254


def normal_email(text: str) -> str:
    """Give the address as it is stored: in lower case, an umlaut domain in ASCII (IDNA).

    No server is asked whether it exists.
    Raises InvalidInput (field `email`) where it is none.
    """
    try:
        checked = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        raise InvalidInput(
            {"email": N_("Das ist keine E-Mail-Adresse. Bitte so schreiben: name@firma.de.")}
        ) from None
    return (checked.ascii_email or checked.normalized).lower()
