"""The district's factors of emissions: entered by its administrators, with their source."""

from dataclasses import asdict

from marketplace.accounts.permissions import Action, check_may
from marketplace.donations.queries.notices import today_of
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, NotAllowed
from marketplace.impact.models import EmissionFactor
from marketplace.impact.queries.factors import factor_by_id, factor_of_category
from marketplace.impact.rules.emissions import FactorEntry, settled_factor


def enter_factor(work: UnitOfWork, entry: FactorEntry) -> EmissionFactor:
    """Keep a factor; it takes the place of an earlier one of that category.

    Raises InvalidInput (see settled_factor).
    """
    check_may(work.actor, Action.MANAGE_IMPACT)
    if work.actor.person_id is None:
        raise NotAllowed(N_("Dafür fehlt Ihnen die Berechtigung."))
    settled = settled_factor(entry, this_year=today_of(work).year)
    stored = factor_of_category(work, settled.category) or EmissionFactor(category=settled.category)
    stored.low, stored.high = settled.factor.low, settled.factor.high
    stored.displacement_low = settled.factor.displacement_low
    stored.displacement_high = settled.factor.displacement_high
    stored.source_title, stored.source_url = settled.source_title, settled.source_url
    stored.year, stored.licence = settled.year, settled.licence
    stored.entered_by, stored.entered_at = work.actor.person_id, work.now()
    work.session.add(stored)
    work.session.flush()
    work.record("enter_factor", "emission_factor", stored.id, asdict(settled))
    return stored


def remove_factor(work: UnitOfWork, factor_id: str) -> None:
    """Estimate nothing for its category any longer; raises NotFound."""
    check_may(work.actor, Action.MANAGE_IMPACT)
    stored = factor_by_id(work, factor_id)
    work.session.delete(stored)
    work.record("remove_factor", "emission_factor", stored.id, {"category": stored.category})
