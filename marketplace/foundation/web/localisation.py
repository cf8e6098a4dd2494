"""Languages, and how days, times, distances and money are written in them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, gettext, ngettext

from marketplace.foundation.destinations import local_path
from marketplace.foundation.errors import InvalidInput, MarketplaceError, Sentence
from marketplace.foundation.languages import DEFAULT_LANGUAGE, LANGUAGES, known_language

_MEGABYTE = 1024 * 1024

ZONE = ZoneInfo("Europe/Berlin")
LANGUAGE_COOKIE = "language"


def say(error: MarketplaceError) -> str:
    """Give the refusal's sentence in the visitor's language."""
    if isinstance(error, InvalidInput):
        return " ".join(say_message(text, error.values) for text in error.errors.values())
    return say_message(error.message, error.values) if error.message else ""


def say_message(message: str, values: Mapping[str, object]) -> str:
    """Give a marked sentence in the visitor's language, with its own values or these."""
    text, filled = (
        (message.text, message.values) if isinstance(message, Sentence) else (message, values)
    )
    sentence = str(gettext(text))
    if not filled:
        return sentence
    return sentence % {name: _said(value) for name, value in filled.items()}


def _said(value: object) -> object:
    """Translate what is itself marked text, such as a unit or a length of time."""
    if isinstance(value, Sentence):
        return say_message(value, {})
    return gettext(value) if isinstance(value, str) and value else value


def counted(word: str, count: int) -> str:
    """Translate a marked word as it is written beside this number."""
    found = str(ngettext(word, word, count))
    return found if found != word else str(gettext(word))


def format_distance(metres: float) -> str:
    """Write a distance as "350 m" below one kilometre, else "13,2 km"."""
    if metres < 1000:
        return f"{round(metres / 10) * 10} m"
    return f"{format_decimal(metres / 1000, format='#,##0.0', locale=get_locale())} km"


def format_day(value: datetime | date) -> str:
    """Write a day as "Di, 6. Oktober 2026", instants by Berlin's calendar."""
    pattern = "ccc, d. MMMM yyyy" if current_language() == DEFAULT_LANGUAGE else "ccc d MMMM yyyy"
    return format_date(_local_day(value), format=pattern, locale=get_locale())


def format_short_day(value: datetime | date) -> str:
    """Write a day as "6. Okt.", instants by Berlin's calendar."""
    return _short_day(_local_day(value), current_language())


# Lists name the same days and prices again and again, and writing one costs as much as its card.
@lru_cache(maxsize=2_000)
def _short_day(day: date, language: str) -> str:
    pattern = "d. MMM" if language == DEFAULT_LANGUAGE else "d MMM"
    return format_date(day, format=pattern, locale=language)


def format_instant(value: datetime) -> str:
    """Write an instant as "Di, 6. Oktober 2026, 7:30 Uhr" in Berlin's time."""
    local = value.astimezone(ZONE)
    time = format_time(local, format="H:mm", locale=get_locale())
    return str(gettext("%(day)s, %(time)s Uhr", day=format_day(local), time=time))


def format_money(minor_units: int, currency: str = "EUR") -> str:
    """Write an amount as "38 €" or "38,50 €"."""
    return _money(minor_units, currency, current_language())


@lru_cache(maxsize=2_000)
def _money(minor_units: int, currency: str, language: str) -> str:
    amount = Decimal(minor_units) / 100
    pattern = "#,##0 ¤" if minor_units % 100 == 0 else "#,##0.00 ¤"
    return format_currency(amount, currency, format=pattern, locale=language, currency_digits=False)


def format_number(value: float | int) -> str:
    """Write a number with the decimal sign of the language."""
    return format_decimal(value, locale=get_locale())


def _local_day(value: datetime | date) -> date:
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def format_size(size: int) -> str:
    """Give the size of a file as people read it: 1,2 MB, or 340 KB."""
    if size < _MEGABYTE // 10:
        return f"{format_number(max(1, round(size / 1024)))} KB"
    return f"{format_number(round(size / _MEGABYTE, 1))} MB"


class _Catalogues(Domain):
    """Finds a language's catalogue in one step: a page asks for it hundreds of times."""

    def __init__(self) -> None:
        super().__init__()
        self._by_locale: dict[Locale, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        found = self._by_locale.get(locale)
        if found is None:
            found = self._by_locale[locale] = super().get_translations()
        return found


def init_localisation(app: Flask) -> None:
    """Set up the catalogues and the filters, such as `distance`, `day`, `money` and `size`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LANGUAGE
    app.config["BABEL_DEFAULT_TIMEZONE"] = str(ZONE)
    Babel(app, locale_selector=_chosen_language).domain_instance = _Catalogues()
    filters: dict[str, Callable[..., str]] = {
        "distance": format_distance,
        "day": format_day,
        # Translates marked text as it is; "_" in templates takes "%" for the place of a value.
        "said": lambda text: gettext(text),
        "counted": counted,
        "iso_day": lambda text: format_day(date.fromisoformat(text)),
        "short_day": format_short_day,
        "instant": format_instant,
        "money": format_money,
        "number": format_number,
        "size": format_size,
    }
    for name, function in filters.items():
        app.add_template_filter(function, name)

    @app.context_processor
    def languages() -> dict[str, object]:
        return {
            "language": current_language(),
            "languages": LANGUAGES,
            "this_page": local_path(request.full_path.rstrip("?")) if has_request_context() else "",
        }


def current_language() -> str:
    """Give the language of this page or mail: "de", "en"."""
    return str(get_locale() or DEFAULT_LANGUAGE)


def _chosen_language() -> str:
    """Give the language the visitor chose; German for those who chose none."""
    cookie = request.cookies.get(LANGUAGE_COOKIE) if has_request_context() else None
    return known_language(cookie)


class FlaskTemplates:
    """Renders the templates of an application outside requests, for mails."""

    def __init__(self, app: Flask) -> None:
        """Keep the application whose templates and filters are used."""
        self._app = app

    def render(self, template: str, language: str, context: Mapping[str, object]) -> str:
        """Give the filled template in `language`."""
        with self._app.app_context(), force_locale(language):
            return self._app.jinja_env.get_template(template).render(context)
