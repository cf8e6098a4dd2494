"""What is known about factors of emissions."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import NotFound
from marketplace.impact.models import EmissionFactor


def all_factors(work: UnitOfWork) -> Sequence[EmissionFactor]:
    """Give the district's factors by category."""
    return work.session.scalars(select(EmissionFactor).order_by(EmissionFactor.category)).all()


def factor_by_id(work: UnitOfWork, factor_id: str) -> EmissionFactor:
    """Give a factor; raises NotFound."""
    factor = work.session.scalars(
        select(EmissionFactor).where(EmissionFactor.id == factor_id)
    ).first()
    if factor is None:
        raise NotFound
    return factor


def factor_of_category(work: UnitOfWork, category: str) -> EmissionFactor | None:
    """Give the factor that was entered for this very category."""
    return work.session.scalars(
        select(EmissionFactor).where(EmissionFactor.category == category)
    ).first()
