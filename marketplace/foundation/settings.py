"""The settings of one installation, read once from the environment and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from marketplace.foundation.clock import clock_from

# At least 256 bits: security.md 5.9 names 32 bytes as the shortest secret that may start.
_SHORTEST_SECRET = 32
# Named so that a production that starts with it is refused by comparison, whatever its length.
_DEVELOPMENT_SECRET = "only-for-development-never-in-production"  # noqa: S105 (no secret)
_ONLY_OUTSIDE_PRODUCTION = (
    "MARKETPLACE_INSECURE_HTTP",
    "MARKETPLACE_RATE_LIMIT_SCALE",
    "MARKETPLACE_NOW",
)


class Environment(StrEnum):
    """What an installation is for."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


class SettingsError(Exception):
    """The installation may not start like this; the text says what to change."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of the installation (contract, section 6); sizes in bytes."""

    photo_bytes: int = 10 * 1024 * 1024
    photo_pixels: int = 40_000_000
    photos_per_listing: int = 10
    attachment_bytes: int = 5 * 1024 * 1024
    attachments_per_message: int = 3
    radius_km: int = 100
    query_characters: int = 200
    listing_valid_days: int = 365
    open_bookings_per_organisation: int = 20
    booking_hold: timedelta = timedelta(hours=48)
    open_claims_per_organisation: int = 3
    claim_hold: timedelta = timedelta(hours=48)
    sign_ups_per_hour: int = 30
    body_bytes: int = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs."""

    environment: Environment
    data_dir: Path
    database_url: str
    owner_database_url: str
    secret_key: str
    redis_url: str = ""
    smtp_url: str = ""
    geocoder_url: str = ""
    search_engine: str = "columns"
    trusted_proxies: int = 0
    insecure_http: bool = False
    rate_limit_scale: float = 1.0
    now: str | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def is_production(self) -> bool:
        """Whether real people depend on it."""
        return self.environment is Environment.PRODUCTION

    @property
    def mail_dir(self) -> Path:
        """Where mails are put while no SMTP server is set."""
        return self.data_dir / "mail"

    @property
    def files_dir(self) -> Path:
        """Where photos, logos and the attachments of messages lie."""
        return self.data_dir / "files"


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read and check the variables of the contract, section 3; raises SettingsError."""
    environment = _environment(environ.get("MARKETPLACE_ENV", "production"))
    data_dir = Path(environ.get("MARKETPLACE_DATA_DIR") or "instance").absolute()
    database_url = environ.get("MARKETPLACE_DATABASE_URL") or f"sqlite:///{data_dir}/marketplace.db"
    settings = Settings(
        environment=environment,
        data_dir=data_dir,
        database_url=database_url,
        owner_database_url=environ.get("MARKETPLACE_OWNER_DATABASE_URL") or database_url,
        secret_key=_secret_key(environ, environment),
        redis_url=environ.get("MARKETPLACE_REDIS_URL", ""),
        smtp_url=environ.get("MARKETPLACE_SMTP_URL", ""),
        geocoder_url=_http_url(environ, "MARKETPLACE_GEOCODER_URL"),
        search_engine=_search_engine(environ, database_url),
        trusted_proxies=_whole_number(environ, "MARKETPLACE_TRUSTED_PROXIES", 0),
        insecure_http=environ.get("MARKETPLACE_INSECURE_HTTP") == "1",
        rate_limit_scale=_scale(environ),
        now=environ.get("MARKETPLACE_NOW") or None,
    )
    _refuse_test_switches(environ, environment)
    _check_clock(settings)
    return settings


def _environment(name: str) -> Environment:
    try:
        return Environment(name)
    except ValueError:
        raise SettingsError(
            f"MARKETPLACE_ENV is '{name}'; it must be production, development or test."
        ) from None


def _secret_key(environ: Mapping[str, str], environment: Environment) -> str:
    secret = environ.get("MARKETPLACE_SECRET_KEY", "")
    if environment is not Environment.PRODUCTION:
        return secret or _DEVELOPMENT_SECRET
    if secret == _DEVELOPMENT_SECRET or len(secret) < _SHORTEST_SECRET:
        raise SettingsError(
            f"Set MARKETPLACE_SECRET_KEY to at least {_SHORTEST_SECRET} random characters, for "
            "example with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _refuse_test_switches(environ: Mapping[str, str], environment: Environment) -> None:
    if environment is not Environment.PRODUCTION:
        return
    switches = [name for name in _ONLY_OUTSIDE_PRODUCTION if environ.get(name)]
    if environ.get("FLASK_DEBUG", "") not in ("", "0"):
        switches.append("FLASK_DEBUG")
    if switches:
        raise SettingsError(f"Not in production: unset {', '.join(switches)}.")


def _http_url(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "")
    if text and not _is_http_url(text):
        raise SettingsError(
            f"{name} is '{text}'; it must begin with http:// or https:// and a host."
        )
    return text


def _is_http_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable()


def _search_engine(environ: Mapping[str, str], database_url: str) -> str:
    name = environ.get("MARKETPLACE_SEARCH_ENGINE") or "columns"
    if name not in ("columns", "postgis"):
        raise SettingsError(
            f"MARKETPLACE_SEARCH_ENGINE is '{name}'; it must be columns or postgis."
        )
    if name == "postgis" and not database_url.startswith("postgresql"):
        raise SettingsError(
            "MARKETPLACE_SEARCH_ENGINE is 'postgis', which needs a PostgreSQL database."
        )
    return name


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise SettingsError(f"{name} is '{text}'; it must be a whole number.")
    return int(text)


def _scale(environ: Mapping[str, str]) -> float:
    text = environ.get("MARKETPLACE_RATE_LIMIT_SCALE") or "1"
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale < float("inf"):
        raise SettingsError(f"MARKETPLACE_RATE_LIMIT_SCALE is '{text}'; it must be above 0.")
    return scale


def _check_clock(settings: Settings) -> None:
    try:
        clock_from(settings.now)
    except ValueError as error:
        raise SettingsError(f"MARKETPLACE_NOW is '{settings.now}': {error}.") from None
