"""Make and delete tokens of the API, and find out who bears one."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.accounts.models import ApiToken, Person
from marketplace.accounts.operations.sign_in import SEEN_EVERY
from marketplace.accounts.permissions import Action, check_may
from marketplace.accounts.queries import actor_for, hash_of, own_person
from marketplace.accounts.rules.tokens import (
    LIFETIME,
    MOST_TOKENS,
    PREFIX,
    Scope,
    checked_name,
    checked_scopes,
)
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork
from marketplace.foundation.errors import N_, Conflict, NotFound
from marketplace.foundation.identifiers import PersonId, TokenId, new_id, new_secret


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """Who bears a token, and what it may be used for."""

    token_id: TokenId
    actor: Actor
    scopes: frozenset[Scope]
    was_seen_long_ago: bool


def create_token(work: UnitOfWork, *, name: str, scopes: list[str]) -> tuple[ApiToken, str]:
    """Make a token of the acting person; gives it with its secret, which is never shown again.

    Raises InvalidInput (`name`, `scopes`) and Conflict where there are too many.
    """
    check_may(work.actor, Action.MANAGE_TOKENS)
    person = own_person(work)
    token = token_of(work, person.id, name=checked_name(name), scopes=checked_scopes(scopes))
    if len(own_tokens(work)) > MOST_TOKENS:
        raise Conflict(N_("Mehr Zugänge gehen nicht. Löschen Sie zuerst einen anderen."))
    work.record("create_token", "api_token", token[0].id, {"scopes": token[0].scopes})
    return token


def token_of(
    work: UnitOfWork, person_id: PersonId, *, name: str, scopes: list[Scope]
) -> tuple[ApiToken, str]:
    """Store a token of a person whom the caller has made sure of."""
    secret = PREFIX + new_secret()
    token = ApiToken(
        id=TokenId(new_id()),
        person_id=person_id,
        name=name,
        secret_hash=hash_of(secret),
        scopes=[str(scope) for scope in scopes],
        created_at=work.now(),
        last_used_at=None,
        expires_at=work.now() + LIFETIME,
    )
    work.session.add(token)
    work.session.flush()
    return token, secret


def own_tokens(work: UnitOfWork) -> list[ApiToken]:
    """Give the acting person's tokens, the latest first."""
    return list(
        work.session.scalars(
            select(ApiToken)
            .where(ApiToken.person_id == work.actor.person_id)
            .order_by(ApiToken.created_at.desc(), ApiToken.id)
        )
    )


def delete_token(work: UnitOfWork, token_id: TokenId) -> None:
    """Delete one of the acting person's tokens; raises NotFound for any other."""
    check_may(work.actor, Action.MANAGE_TOKENS)
    token = next((each for each in own_tokens(work) if each.id == token_id), None)
    if token is None:
        raise NotFound
    work.session.delete(token)
    work.record("delete_token", "api_token", token_id)


def bearer_of(work: UnitOfWork, secret: str) -> Bearer | None:
    """Give who bears this secret; None once it has run out, is deleted or the account is shut."""
    row = work.session.execute(
        select(ApiToken, Person)
        .join(Person, Person.id == ApiToken.person_id)
        .where(
            ApiToken.secret_hash == hash_of(secret),
            ApiToken.expires_at > work.now(),
            Person.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    token, person = row
    return Bearer(
        token_id=token.id,
        actor=actor_for(work, person.id),
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        was_seen_long_ago=token.last_used_at is None
        or work.now() - token.last_used_at > SEEN_EVERY,
    )


def note_token_used(work: UnitOfWork, token_id: TokenId) -> None:
    """Store that a token is in use."""
    token = work.session.get(ApiToken, token_id)
    if token is not None:
        token.last_used_at = work.now()
