"""Work that is left after messages."""

from marketplace.foundation.identifiers import AttachmentId
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.messaging.models import Attachment
from marketplace.messaging.operations import ATTACHMENT_FOLDER, all_files


@job("delete_left_over_files")
def delete_left_over_files(context: JobContext, attachment_ids: str) -> None:
    """Delete files whose message never came to be; safe to run twice."""
    identities = [AttachmentId(each) for each in attachment_ids.split()]
    with context.unit_of_work(read_only=True) as work:
        left_over = [each for each in identities if work.session.get(Attachment, each) is None]
        district_id = work.district_id
    for identity in left_over:
        for name in all_files(identity):
            context.services.files.delete(district_id, ATTACHMENT_FOLDER, name)
