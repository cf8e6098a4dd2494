"""Work that follows a change of listings."""

from marketplace.foundation.identifiers import PhotoId
from marketplace.foundation.jobs.worker import JobContext, job
from marketplace.listings.models import Photo
from marketplace.listings.operations.photos import PHOTO_FOLDER, large_file, small_file


@job("delete_photo_files")
def delete_photo_files(context: JobContext, photo_id: str) -> None:
    """Delete the files of a picture whose row is gone; safe to run twice."""
    identity = PhotoId(photo_id)
    with context.unit_of_work(read_only=True) as work:
        if work.session.get(Photo, identity) is not None:
            return
        district_id = work.district_id
    for name in (large_file(identity), small_file(identity)):
        context.services.files.delete(district_id, PHOTO_FOLDER, name)
