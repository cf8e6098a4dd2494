"""What happens to claims when their time has come."""

from marketplace.donations.operations.answering import lapse_offer
from marketplace.foundation.identifiers import ClaimId
from marketplace.foundation.jobs.worker import JobContext, job


@job("lapse_offer_of_gift")
def lapse_offer_of_gift(context: JobContext, claim_id: str) -> None:
    """Take back an offer of a part of a gift, unless it was answered meanwhile."""
    with context.unit_of_work() as work:
        lapse_offer(work, ClaimId(claim_id))
