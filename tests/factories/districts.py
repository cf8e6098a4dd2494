"""Districts for tests; state only what matters."""

from marketplace.districts.models import District, Host
from marketplace.foundation.database.unit_of_work import UnitOfWork
from marketplace.foundation.identifiers import DistrictId, new_id


def make_district(work: UnitOfWork, *, slug: str, **changes: str) -> District:
    """Add a district that answers on `<slug>.localhost`."""
    values: dict[str, str | None] = {
        "name": slug.title(),
        "site_name": f"Marktplatz {slug.upper()}",
        "claim": "teilt",
        "ags": "12069",
        "office": "Wirtschaftsförderung",
        "contact_email": f"kontakt@{slug}.example",
        "contact_phone": "",
        "sender_name": f"Marktplatz {slug.upper()}",
        "sender_email": f"post@{slug}.example",
        "language": "de",
        "brand_light": "#00543c",
        "brand_dark": "#7fd6b4",
        "accent_light": "#f2b705",
        "accent_dark": "#f2b705",
        "hero_title": "Was bei einem steht, fehlt dem anderen.",
        "hero_text": "Maschinen und Räume aus der Nachbarschaft.",
        "boundary_key": None,
        "logo_file": None,
        **changes,
    }
    values.setdefault("full_name", f"Landkreis {values['name']}")
    district = District(id=DistrictId(new_id()), slug=slug, updated_at=work.now(), **values)
    work.session.add(district)
    work.session.flush()
    work.session.add(Host(name=f"{slug}.localhost", district_id=district.id, is_primary=True))
    return district
