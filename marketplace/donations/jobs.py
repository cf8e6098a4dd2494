"""What happens to claims and proofs when their time has come, and what is left after papers."""

from marketplace.donations.models import ExemptionNotice, Receipt
from marketplace.donations.operations.answering import go_on_with_gift
from marketplace.donations.operations.collecting import notice_not_collected as notice
from marketplace.donations.operations.matching import tell_of_matches as tell
from marketplace.donations.operations.notices import NOTICE_FOLDER, possible_copies
from marketplace.donations.operations.status_reminders import remind_of_status as remind
from marketplace.donations.queries.receipts import PAPER_FOLDER, receipt_file
from marketplace.donations.rules.pickups import Missed
from marketplace.foundation.identifiers import ClaimId, ListingId, NoticeId, ReceiptId
from marketplace.foundation.jobs.worker import JobContext, job


@job("lapse_offer_of_gift")
def lapse_offer_of_gift(context: JobContext, claim_id: str) -> None:
    """Take back an offer of a part of a gift, unless it was answered meanwhile."""
    with context.unit_of_work() as work:
        go_on_with_gift(work, ClaimId(claim_id))


@job("open_gift_to_all")
def open_gift_to_all(context: JobContext, claim_id: str) -> None:
    """Let the waiting list move up when a gift is no longer kept for those with a status."""
    with context.unit_of_work() as work:
        go_on_with_gift(work, ClaimId(claim_id))


@job("notice_not_collected")
def notice_not_collected(context: JobContext, claim_id: str, missed: str, planned: str) -> None:
    """Remind of what was not collected, and in the end let others have it."""
    with context.unit_of_work() as work:
        notice(work, ClaimId(claim_id), Missed(missed), planned=planned)


@job("tell_of_matches")
def tell_of_matches(context: JobContext, listing_id: str) -> None:
    """Tell those whom a new gift or a new wish may help."""
    with context.unit_of_work() as work:
        tell(work, ListingId(listing_id))


@job("remind_of_status")
def remind_of_status(context: JobContext, notice_id: str, day: str) -> None:
    """Remind an organisation that its proof ends, unless another one lasts longer."""
    with context.unit_of_work() as work:
        remind(work, NoticeId(notice_id), day=day)


@job("delete_left_over_copy")
def delete_left_over_copy(context: JobContext, notice_id: str) -> None:
    """Delete the copy of a notice that never came to be; safe to run twice."""
    identity = NoticeId(notice_id)
    with context.unit_of_work(read_only=True) as work:
        if work.session.get(ExemptionNotice, identity) is not None:
            return
        district_id = work.district_id
    for name in possible_copies(identity):
        context.services.files.delete(district_id, NOTICE_FOLDER, name)


@job("delete_left_over_paper")
def delete_left_over_paper(context: JobContext, receipt_id: str) -> None:
    """Delete the file of a receipt that never came to be; safe to run twice."""
    identity = ReceiptId(receipt_id)
    with context.unit_of_work(read_only=True) as work:
        is_issued = work.session.get(Receipt, identity) is not None
        district_id = work.district_id
    if not is_issued:
        context.services.files.delete(district_id, PAPER_FOLDER, receipt_file(identity))
