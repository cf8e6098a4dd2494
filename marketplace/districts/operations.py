"""Open a district from a readable folder, and keep it as the folder says."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from marketplace.districts.models import District, DistrictText, Host
from marketplace.districts.queries import current_text, district_by_slug
from marketplace.districts.rules.folder import DistrictFile, Problem, read_district_file
from marketplace.districts.rules.logo import UnusableLogo, clean_logo
from marketplace.districts.rules.texts import TextKey
from marketplace.foundation.database.tenancy import DistrictScope
from marketplace.foundation.database.unit_of_work import UnitOfWork, open_unit_of_work
from marketplace.foundation.errors import N_, MarketplaceError
from marketplace.foundation.identifiers import DistrictId, new_id
from marketplace.geo.operations import keep_own_boundary
from marketplace.geo.queries import boundary_exists

LOGO_FOLDER = "brand"
_LONGEST_TEXT = 100_000


class UnusableFolder(MarketplaceError):
    """The folder cannot be imported; `problems` names them all, and nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did; `changed` names fields, hosts and texts."""

    district_id: DistrictId
    slug: str
    created: bool
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Folder:
    file: DistrictFile
    texts: dict[TextKey, str]
    logo: bytes | None
    boundary: str | None


def import_district(work: UnitOfWork, folder: Path) -> ImportReport:
    """Create or change a district from its folder; `work` serves the installation.

    Everything is checked first; raises UnusableFolder with all problems. Importing the same
    folder again changes nothing. Texts are versioned: a changed one is a new version.
    """
    read = _read_folder(work, folder)
    district, created = _district_for(work, read.file)
    changed = [] if created else _changed_fields(district, read.file)
    for name, value in read.file.values.items():
        setattr(district, name, value)
    changed += _keep_boundary(work, district, read.boundary)
    work.session.flush()
    changed += _keep_hosts(work, district, read.file.hosts)
    changed += _keep_logo(work, district, read.logo)
    if created or changed:
        district.updated_at = work.now()
    # The district must be committed before its own scope can store texts that point at it.
    work.finish()
    changed += _keep_texts(work, district.id, read.texts, created=created)
    return ImportReport(
        district_id=district.id, slug=district.slug, created=created, changed=tuple(changed)
    )


def _read_folder(work: UnitOfWork, folder: Path) -> _Folder:
    path = folder / "district.toml"
    if not path.is_file():
        raise UnusableFolder([_problem("district.toml", N_("Diese Datei fehlt im Ordner."))])
    file, problems = read_district_file(path.read_text(encoding="utf-8"))
    texts, text_problems = _read_texts(folder / "texts")
    logo, logo_problems = _read_logo(folder)
    boundary_path = folder / "boundary.geojson"
    boundary = boundary_path.read_text(encoding="utf-8") if boundary_path.is_file() else None
    problems += [*text_problems, *logo_problems]
    if file is not None:
        problems += _installation_problems(work, file, has_own_boundary=boundary is not None)
    if file is None or problems:
        raise UnusableFolder(problems)
    return _Folder(file=file, texts=texts, logo=logo, boundary=boundary)


def _read_texts(folder: Path) -> tuple[dict[TextKey, str], list[Problem]]:
    texts, problems = {}, []
    known = {f"{key.value}.md" for key in TextKey}
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        name = f"texts/{path.name}"
        if path.name not in known:
            problems.append(
                _problem(
                    name,
                    N_("Diesen Text gibt es nicht. Möglich sind: %(known)s."),
                    known=", ".join(sorted(known)),
                )
            )
            continue
        body = path.read_text(encoding="utf-8").strip()
        if not body or len(body) > _LONGEST_TEXT:
            problems.append(
                _problem(name, N_("Der Text ist leer oder länger als 100.000 Zeichen."))
            )
        texts[TextKey(path.stem)] = body
    return texts, problems


def _read_logo(folder: Path) -> tuple[bytes | None, list[Problem]]:
    paths = sorted(path for path in folder.glob("logo.*") if path.is_file())
    if not paths:
        return None, []
    try:
        return clean_logo(paths[0].read_bytes()), []
    except UnusableLogo as error:
        return None, [_problem(paths[0].name, str(error))]


def _installation_problems(
    work: UnitOfWork, file: DistrictFile, *, has_own_boundary: bool
) -> list[Problem]:
    problems = []
    if not has_own_boundary and not boundary_exists(work.session, file.ags):
        problems.append(
            _problem(
                "district.toml", N_("Zu diesem Schlüssel kennen wir keinen Landkreis."), field="ags"
            )
        )
    district = district_by_slug(work, file.slug)
    for host in file.hosts:
        owner = work.session.scalars(select(Host.district_id).where(Host.name == host)).first()
        if owner is not None and (district is None or owner != district.id):
            problems.append(
                _problem(
                    "district.toml",
                    N_("%(host)s gehört schon zu einem anderen Landkreis."),
                    field="hosts",
                    host=host,
                )
            )
    return problems


def _problem(file: str, message: str, *, field: str = "", **values: object) -> Problem:
    return Problem(file=file, field=field, message=message, values=values)


def _district_for(work: UnitOfWork, file: DistrictFile) -> tuple[District, bool]:
    district = district_by_slug(work, file.slug)
    if district is not None:
        return district, False
    district = District(
        id=DistrictId(new_id()),
        updated_at=work.now(),
        boundary_key=None,
        logo_file=None,
        **file.values,
    )
    work.session.add(district)
    return district, True


def _changed_fields(district: District, file: DistrictFile) -> list[str]:
    return [name for name, value in file.values.items() if getattr(district, name) != value]


def _keep_boundary(work: UnitOfWork, district: District, geojson: str | None) -> list[str]:
    key = keep_own_boundary(work, district.slug, geojson) if geojson is not None else None
    if key == district.boundary_key:
        return []
    district.boundary_key = key
    return ["boundary"]


def _keep_hosts(work: UnitOfWork, district: District, hosts: tuple[str, ...]) -> list[str]:
    stored = dict(
        work.session.execute(
            select(Host.name, Host.is_primary).where(Host.district_id == district.id)
        ).all()
    )
    wanted = {host: position == 0 for position, host in enumerate(hosts)}
    if stored == wanted:
        return []
    work.session.execute(delete(Host).where(Host.district_id == district.id))
    work.session.add_all(
        Host(name=host, district_id=district.id, is_primary=is_primary)
        for host, is_primary in wanted.items()
    )
    work.session.flush()
    return ["hosts"]


def _keep_logo(work: UnitOfWork, district: District, logo: bytes | None) -> list[str]:
    name = None if logo is None else f"{hashlib.sha256(logo).hexdigest()[:16]}.png"
    if name == district.logo_file:
        return []
    if logo is not None and name is not None:
        work.services.files.put(district.id, LOGO_FOLDER, name, logo)
    district.logo_file = name
    return ["logo"]


def _keep_texts(
    work: UnitOfWork, district_id: DistrictId, texts: dict[TextKey, str], *, created: bool
) -> list[str]:
    changed = []
    with open_unit_of_work(work.services, DistrictScope(district_id), work.actor) as own:
        for key, body in texts.items():
            current = current_text(own, key)
            if current is not None and current.body == body:
                continue
            version = current.version + 1 if current else 1
            own.session.add(DistrictText(key=key, version=version, body=body, created_at=own.now()))
            changed.append(f"texts/{key.value}.md")
        if created or changed:
            own.record("import_district", "district", district_id, {"changed": changed})
    return changed
