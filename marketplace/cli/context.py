"""What every command needs: the application, and units of work of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask

from config import load_settings
from marketplace.app import create_app
from marketplace.districts.queries import district_by_slug
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import Actor, UnitOfWork, open_unit_of_work
from marketplace.foundation.identifiers import DistrictId
from marketplace.foundation.services import Services

# Commands act for the operator of the installation; the audit trail names them so.
COMMAND_LINE = Actor(name="command line", roles=frozenset({"system"}))


@dataclass(frozen=True)
class CommandContext:
    """The application of one command."""

    app: Flask
    services: Services

    @contextmanager
    def platform_work(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """Work on the installation's own tables."""
        scope = PlatformScope("command line")
        with open_unit_of_work(self.services, scope, COMMAND_LINE, read_only=read_only) as work:
            yield work

    @contextmanager
    def district_work(
        self, district_id: DistrictId, *, read_only: bool = False
    ) -> Iterator[UnitOfWork]:
        """Work in one district."""
        scope = DistrictScope(district_id)
        with open_unit_of_work(self.services, scope, COMMAND_LINE, read_only=read_only) as work:
            yield work

    def district_id(self, slug: str) -> DistrictId:
        """Give the district of that slug; ends the command with the known ones if there is none."""
        with self.platform_work(read_only=True) as work:
            district = district_by_slug(work, slug)
            if district is None:
                raise click.ClickException(
                    f"There is no district '{slug}'. `marketplace district list` shows them."
                )
            return district.id


@contextmanager
def command_context() -> Iterator[CommandContext]:
    """Open the application as the environment says, for one command."""
    app = create_app(load_settings())
    with app.app_context():
        yield CommandContext(app, app.extensions["marketplace_services"])


def print_json(document: Any) -> None:  # noqa: ANN401 (any JSON)
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
