"""Receipts: each recipient's numbers of a year follow one another without a gap."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from marketplace.cli.verification.invariant import Invariant
from marketplace.donations.models import Receipt, ReceiptSeries
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import OrganisationId


def _gaps(work: UnitOfWork) -> Iterator[str]:
    numbers: defaultdict[tuple[OrganisationId, int], list[int]] = defaultdict(list)
    for organisation_id, year, number in work.session.execute(
        select(Receipt.organisation_id, Receipt.year, Receipt.number).order_by(
            Receipt.organisation_id, Receipt.year, Receipt.number
        )
    ):
        numbers[organisation_id, year].append(number)
    last = {
        (each.organisation_id, each.year): each.last
        for each in work.session.scalars(select(ReceiptSeries).order_by(ReceiptSeries.id))
    }
    for series in sorted(numbers.keys() | last.keys()):
        if numbers[series] != list(range(1, last.get(series, 0) + 1)):
            organisation_id, year = series
            yield f"the receipts of organisation {organisation_id} in {year} have a gap"


DONATION_INVARIANTS = (
    Invariant(
        id="I5",
        sentence="The receipts of a recipient and a year are numbered without a gap",
        check=_gaps,
    ),
)
