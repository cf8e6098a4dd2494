"""Links that work once: only the hash of their secret is stored."""

from collections.abc import Iterable

from sqlalchemy import update

from marketplace.accounts.models import OneTimeLink
from marketplace.accounts.queries import hash_of, link_with_secret
from marketplace.accounts.rules.links import LIFETIMES, LinkPurpose, LinkState
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict
from marketplace.foundation.identifiers import PersonId, new_secret


def issue_link(work: UnitOfWork, person_id: PersonId, purpose: LinkPurpose) -> str:
    """Give the secret of a new link; it stands nowhere else."""
    secret = new_secret()
    work.session.add(
        OneTimeLink(
            person_id=person_id,
            purpose=purpose,
            secret_hash=hash_of(secret),
            created_at=work.now(),
            expires_at=work.now() + LIFETIMES[purpose],
            used_at=None,
        )
    )
    return secret


def use_link(work: UnitOfWork, secret: str, purposes: Iterable[LinkPurpose]) -> PersonId:
    """Use a link up, with all others of the same person and purpose; give whose it was.

    Raises NotFound where there is none, and Conflict where it was used or has expired.
    """
    link, state = link_with_secret(work, secret, purposes)
    if state is LinkState.EXPIRED:
        raise Conflict(N_("Dieser Link ist abgelaufen."))
    used_up = work.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == link.person_id,
            OneTimeLink.purpose == link.purpose,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=work.now())
        .returning(OneTimeLink.id)
    ).scalars()
    if link.id not in set(used_up):
        raise Conflict(N_("Dieser Link wurde schon benutzt."))
    return link.person_id
