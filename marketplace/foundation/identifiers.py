"""Identifiers of what the product stores: random text, one type for each thing."""

import base64
import secrets
from typing import NewType

DistrictId = NewType("DistrictId", str)
PersonId = NewType("PersonId", str)
OrganisationId = NewType("OrganisationId", str)
ListingId = NewType("ListingId", str)
PhotoId = NewType("PhotoId", str)
ThreadId = NewType("ThreadId", str)
BookingId = NewType("BookingId", str)
SiteId = NewType("SiteId", str)
TokenId = NewType("TokenId", str)
ReportId = NewType("ReportId", str)
AttachmentId = NewType("AttachmentId", str)
ClaimId = NewType("ClaimId", str)
NoticeId = NewType("NoticeId", str)
GiftLineId = NewType("GiftLineId", str)
ReceiptId = NewType("ReceiptId", str)

all_identifier_types = (
    DistrictId,
    PersonId,
    OrganisationId,
    ListingId,
    PhotoId,
    ThreadId,
    BookingId,
    SiteId,
    TokenId,
    ReportId,
    AttachmentId,
    ClaimId,
    NoticeId,
    GiftLineId,
    ReceiptId,
)


def new_id() -> str:
    """Give 26 lower-case letters and digits that hold 130 random bits.

    ASVS 5.0, 11.5.1 asks for at least 128 bits where an id must not be guessed.
    """
    return base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]


def new_secret() -> str:
    """Give a secret of 256 random bits that fits into an address."""
    return secrets.token_urlsafe(32)
