"""How two organisations that have agreed on something reach each other."""

from flask_babel import gettext

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import people_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.listings.models import Listing


def contact_rows(
    work: UnitOfWork, listing: Listing, across: Organisation, *, is_collecting: bool
) -> list[tuple[str, str]]:
    """Give what only the two sides see of each other: `across` is the other one.

    Who is collecting reads besides where the thing stands, if that is somewhere else.
    """
    address = (across.street, f"{across.postcode} {across.place}")
    rows = [(gettext("Anschrift"), ", ".join(part for part in address if part))]
    rows += [(person.name, person.email) for person in people_of(work, across.id)]
    if is_collecting and listing.street and listing.street != across.street:
        rows.append(
            (gettext("Dort steht es"), f"{listing.street}, {listing.postcode} {listing.place}")
        )
    return rows
