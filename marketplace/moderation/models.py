"""What was reported, by whom, and what was decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.foundation.database.model import Base, DistrictOwned, owned_reference
from marketplace.foundation.identifiers import OrganisationId, PersonId, ReportId, new_id


class Report(DistrictOwned, Base):
    """A notice about a thing that others have written; `title` stays when the thing is gone."""

    __tablename__ = "report"
    __table_args__ = (
        owned_reference("person_id", "person"),
        owned_reference("organisation_id", "organisation"),
        owned_reference("decided_by", "person"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
    )

    id: Mapped[ReportId] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[str]  # key of a moderation.subjects.Subject
    subject_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    category: Mapped[str]  # moderation.rules.reports.ReportCategory
    reason: Mapped[str]
    person_id: Mapped[PersonId | None]  # null: somebody who was not signed in
    organisation_id: Mapped[OrganisationId | None]  # null: not signed in, or of the staff
    email: Mapped[str]  # of a visitor who wants an answer; empty once it is sent
    language: Mapped[str]
    created_at: Mapped[datetime]
    decision: Mapped[str | None]  # moderation.rules.reports.Decision; null: waits
    decision_reason: Mapped[str]
    decided_by: Mapped[PersonId | None]  # null: waits
    decided_at: Mapped[datetime | None]  # null: waits
