"""Lay down by what the district shares out lots."""

from collections.abc import Sequence

from marketplace.accounts.permissions import Action, check_may
from marketplace.donations.models import AllocationRule
from marketplace.donations.queries.claims import rule_of_district, stored_rule
from marketplace.donations.rules.allocation import checked_rule
from marketplace.foundation.database.unit_of_work import UnitOfWork


def set_rule(work: UnitOfWork, criteria: Sequence[str]) -> AllocationRule:
    """Share out by these criteria from now on; what was offered before keeps its reasons.

    Raises NotAllowed for everybody but the district's administrators, and InvalidInput (`rule`).
    """
    check_may(work.actor, Action.MANAGE_DONATIONS)
    rule, before = checked_rule(criteria), rule_of_district(work)
    stored = stored_rule(work) or AllocationRule()
    stored.criteria, stored.updated_at = list(rule), work.now()
    work.session.add(stored)
    work.session.flush()
    work.record(
        "set_allocation_rule",
        "allocation_rule",
        stored.id,
        {"criteria": list(rule), "before": list(before)},
    )
    return stored
