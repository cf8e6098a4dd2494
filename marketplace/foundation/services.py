"""What the product needs from outside, made once at start and handed to every unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from marketplace.foundation.clock import Clock
from marketplace.foundation.mail.transports import MailTransport
from marketplace.foundation.settings import Settings
from marketplace.foundation.storage.local import FileStorage


class Templates(Protocol):
    """Turns a template into text, in one language."""

    def render(self, template: str, language: str, context: Mapping[str, object]) -> str:
        """Give the filled template; HTML templates escape what is put in."""
        ...


@dataclass(frozen=True, kw_only=True)
class Services:
    """Clock, files, mail and templates of this process."""

    settings: Settings
    clock: Clock
    files: FileStorage
    mail: MailTransport
    templates: Templates
