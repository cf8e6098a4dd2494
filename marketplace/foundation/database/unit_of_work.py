"""One session, one district, one actor, one transaction: the only place that commits."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from marketplace.foundation.audit import AuditEntry
from marketplace.foundation.database.session import new_session, waited_too_long
from marketplace.foundation.database.tenancy import (
    DistrictScope,
    Scope,
    TenancyError,
    enter_district,
)
from marketplace.foundation.errors import N_, StaleVersion
from marketplace.foundation.events import Event, subscribers_of
from marketplace.foundation.identifiers import DistrictId, OrganisationId, PersonId
from marketplace.foundation.jobs.outbox import OutboxJob

if TYPE_CHECKING:
    from marketplace.foundation.services import Services


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, or the product itself where `person_id` is None.

    `roles` are the person's roles in this district (accounts.permissions.Role).
    """

    name: str
    person_id: PersonId | None = None
    organisation_id: OrganisationId | None = None
    roles: frozenset[str] = frozenset()


class OutcomeUnknown(Exception):
    """The database was told to commit and gave no answer: it may have done so or not."""


LastStep: TypeAlias = Callable[["UnitOfWork", AbstractSet[str]], None]

NOBODY = Actor(name="visitor")
SYSTEM = Actor(name="system", roles=frozenset({"system"}))


@dataclass
class UnitOfWork:
    """What an operation works with; it adds to the session and never commits."""

    session: Session
    scope: Scope
    actor: Actor
    services: "Services"
    began_at: datetime
    request_id: str = ""
    origin: str = ""  # scheme, host and port the visitor used; empty outside requests
    _events: list[Event] = field(default_factory=list)
    _last_steps: dict["LastStep", set[str]] = field(default_factory=dict)

    @property
    def district_id(self) -> DistrictId:
        """The district served; raises TenancyError in the installation's own scope."""
        if not isinstance(self.scope, DistrictScope):
            raise TenancyError("this unit of work serves no district")
        return self.scope.district_id

    def enter(self, district_id: DistrictId) -> None:
        """Serve this district from now on; raises TenancyError where one is served already."""
        enter_district(self.session, district_id)
        self.scope = DistrictScope(district_id)

    def now(self) -> datetime:
        """Give the instant the unit of work began, in UTC: one for all it writes."""
        return self.began_at

    def emit(self, event: Event) -> None:
        """Tell packages above; they react before the commit, in this transaction."""
        self._events.append(event)

    def enqueue(
        self, job: str, *, due_at: datetime | None = None, **payload: str | int | None
    ) -> None:
        """Have the worker run a job after the commit; it exists exactly if this one commits."""
        district_id = self.scope.district_id if isinstance(self.scope, DistrictScope) else None
        self.session.add(
            OutboxJob(
                name=job,
                district_id=district_id,
                payload=payload,
                due_at=due_at or self.now(),
                created_at=self.now(),
            )
        )

    def record(
        self, action: str, subject: str, subject_id: str, details: Mapping[str, Any] | None = None
    ) -> None:
        """Write into the append-only audit trail; it commits with the change or not at all."""
        self.session.add(
            AuditEntry(
                occurred_at=self.now(),
                actor_id=self.actor.person_id,
                actor_name=self.actor.name if self.actor.person_id is None else "",
                action=action,
                subject=subject,
                subject_id=subject_id,
                details=dict(details or {}),
                request_id=self.request_id,
            )
        )

    def before_commit(self, step: "LastStep", subject: str) -> None:
        """Have a step run once, as the last thing before the commit, with all its subjects.

        For what takes a lock that others wait for: it is held as briefly as possible, and after
        every other lock, so that no two transactions wait for each other.
        """
        self._last_steps.setdefault(step, set()).add(subject)

    def finish(self) -> None:
        """Run the reactions until there is no more news, then the last steps, then commit.

        Raises StaleVersion where somebody else changed a versioned row meanwhile, and
        OutcomeUnknown where nobody can tell whether the commit took place.
        """
        try:
            self.session.flush()
            while self._events:
                news = self._events.pop(0)
                for react in subscribers_of(news):
                    react(self, news)
                self.session.flush()
            for step, subjects in self._last_steps.items():
                step(self, subjects)
            self.session.flush()  # so that the commit does nothing else
            self._commit()
        except StaleDataError as error:
            raise StaleVersion(
                N_("Jemand anderes hat inzwischen gespeichert. Bitte laden Sie die Seite neu.")
            ) from error

    def _commit(self) -> None:
        try:
            self.session.commit()
        except DBAPIError as error:
            # SQLite keeps a transaction open that it could not commit, with its lock, and
            # SQLAlchemy would put the connection back into the pool as it is.
            self.session.invalidate()
            # Who says that others were in the way, or that a rule was broken, has not committed.
            if isinstance(error, IntegrityError) or waited_too_long(error):
                raise
            raise OutcomeUnknown(str(error.orig)) from error

    def close(self) -> None:
        """Give the connection back; what was not finished is rolled back."""
        self.session.close()


def begin_unit_of_work(
    services: "Services",
    scope: Scope,
    actor: Actor,
    *,
    read_only: bool = False,
    request_id: str = "",
    origin: str = "",
) -> UnitOfWork:
    """Open a unit of work whose owner calls `finish` or `close` (the request scope does)."""
    session = new_session(read_only=read_only)
    session.info["scope"] = scope
    return UnitOfWork(
        session=session,
        scope=scope,
        actor=actor,
        services=services,
        began_at=services.clock.now(),
        request_id=request_id,
        origin=origin,
    )


@contextmanager
def open_unit_of_work(
    services: "Services", scope: Scope, actor: Actor = SYSTEM, *, read_only: bool = False
) -> Iterator[UnitOfWork]:
    """Work in one transaction: commits at the end of the block, rolls back on any error."""
    work = begin_unit_of_work(services, scope, actor, read_only=read_only)
    try:
        yield work
        if not read_only:
            work.finish()
    finally:
        work.close()
