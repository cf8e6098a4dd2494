"""Papers that are always there: handover record, proof for the books, thanks. No receipts."""

from datetime import datetime

from marketplace.bookings.models import Booking
from marketplace.bookings.queries import own_booking
from marketplace.bookings.rules.states import BookingState
from marketplace.donations.models import Claim, ClaimStep
from marketplace.donations.queries.claims import steps_of, visible_claim
from marketplace.donations.queries.lines import lines_of
from marketplace.donations.queries.pickups import handover_of
from marketplace.donations.queries.receipts import day_text, handover_instant, party_data
from marketplace.donations.rules.states import CONTACT_SHOWN, ClaimState, Side
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.errors import N_, Conflict
from marketplace.foundation.identifiers import BookingId, ClaimId
from marketplace.foundation.papers import PaperData, render_paper
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import Listing
from marketplace.listings.rules.drafts import ZONE

# Whatever is lent or done for nothing; what is paid for needs no thanks on paper.
FREE_OF_CHARGE = frozenset({"lend", "give"})


def handover_record(work: UnitOfWork, claim_id: ClaimId) -> bytes:
    """Give the record of a handover, to be signed on paper too.

    Raises NotFound for those who take no part, and Conflict as long as nothing is agreed.
    """
    claim, _ = visible_claim(work, claim_id)
    if claim.state not in CONTACT_SHOWN:
        raise Conflict(N_("Ein Übergabeprotokoll gibt es, sobald die Menge vereinbart ist."))
    return render_paper("handover", _claim_data(work, claim), at=claim.updated_at)


def proof_of_giving(work: UnitOfWork, claim_id: ClaimId) -> bytes:
    """Give the proof for the giver's books; it is no receipt and says so.

    Raises NotFound for those who take no part, and Conflict until both sides have confirmed.
    """
    claim, _ = visible_claim(work, claim_id)
    if claim.state != ClaimState.CONFIRMED:
        raise Conflict(N_("Die Übergabe haben noch nicht beide Seiten bestätigt."))
    return render_paper("giving", _claim_data(work, claim), at=claim.updated_at)


def thanks_for(work: UnitOfWork, booking_id: BookingId) -> bytes:
    """Give the thanks for something lent or done for nothing; never a receipt (EStG § 10b (3)).

    Raises NotFound for those who take no part, and Conflict until it is completed or where it
    was paid for.
    """
    booking, _ = own_booking(work, booking_id)
    if booking.listing.terms_mode not in FREE_OF_CHARGE:
        raise Conflict(N_("Ein Dankschreiben gibt es für das, was unentgeltlich geleistet wurde."))
    if booking.state != BookingState.COMPLETED:
        raise Conflict(N_("Ein Dankschreiben gibt es, sobald alles abgeschlossen ist."))
    return render_paper("thanks", _booking_data(booking), at=booking.updated_at)


def _claim_data(work: UnitOfWork, claim: Claim) -> dict[str, PaperData]:
    handed_over, noted = handover_instant(work, claim), handover_of(work, claim.id)
    attributes = claim.listing.attributes
    facts = [
        ("Gegenstand", claim.listing.title),
        ("Hersteller, Modell", _joined(attributes, "manufacturer", "model")),
        ("Baujahr", _joined(attributes, "year_of_make")),
        ("Menge", _quantity(claim.listing, claim.granted, claim.unit)),
        ("Zustand laut Angebot", _condition(claim.listing)),
        ("Posten des Angebots", _lines(work, claim.listing)),
        ("Gewicht je Stück", _weight(attributes)),
        ("Übergeben am", _moment(handed_over) if handed_over else "noch nicht übergeben"),
        ("Zustand bei Übergabe", noted.condition if noted else ""),
        ("Bild", "bei der Übergabe aufgenommen" if noted and noted.photo_sha256 else ""),
    ]
    return {
        "title": claim.listing.title,
        "giver": {"role": "Gibt", **party_data(claim.listing.organisation)},
        "recipient": {"role": "Übernimmt", **party_data(claim.organisation)},
        "facts": [[label, value] for label, value in facts if value],
        "confirmations": [
            [_SAID[ClaimState(each.state)], f"{_who(each, claim)}, {_moment(each.at)}"]
            for each in steps_of(work, claim.id)
            if each.state in _SAID
        ],
    }


_SAID = {
    ClaimState.COLLECTED: "Übergabe eingetragen",
    ClaimState.CONFIRMED: "Übergabe bestätigt",
}


def _booking_data(booking: Booking) -> dict[str, PaperData]:
    kind = KINDS[booking.listing.kind]
    return {
        "title": booking.listing.title,
        "giver": {"role": "Für", **party_data(booking.listing.organisation)},
        "recipient": {"role": "Von", **party_data(booking.organisation)},
        "facts": [
            ["Was", f"{kind.singular}: {booking.listing.title}"],
            ["Umfang", _quantity(booking.listing, booking.quantity, booking.unit)],
            ["Von", _moment(booking.starts_at)],
            ["Bis", _moment(booking.ends_at)],
            ["Abgeschlossen am", day_text(booking.updated_at)],
        ],
    }


def _who(step: ClaimStep, claim: Claim) -> str:
    is_givers = step.side == Side.GIVER
    return (claim.listing.organisation if is_givers else claim.organisation).name


def _quantity(listing: Listing, quantity: int, unit: str) -> str:
    return f"{quantity} {KINDS[listing.kind].unit_label(unit, quantity)}".strip()


def _condition(listing: Listing) -> str:
    attribute = KINDS[listing.kind].attribute("condition")
    chosen = listing.attributes.get("condition")
    options = getattr(attribute, "options", ())
    return next((each.label for each in options if each.key == chosen), "")


def _lines(work: UnitOfWork, listing: Listing) -> str:
    return "; ".join(f"{each.quantity} × {each.name}" for each in lines_of(work, listing.id))


def _weight(attributes: dict[str, object]) -> str:
    weight = attributes.get("weight")
    return f"{weight} kg".replace(".", ",") if weight else ""


def _joined(attributes: dict[str, object], *keys: str) -> str:
    return ", ".join(str(attributes[key]) for key in keys if attributes.get(key))


def _moment(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%d.%m.%Y, %H:%M} Uhr"
