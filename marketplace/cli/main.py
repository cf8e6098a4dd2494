"""The console script `marketplace`: one file for each group of commands."""

import sys

import click

from marketplace.cli.bench.command import bench
from marketplace.cli.district import district
from marketplace.cli.doctor import doctor
from marketplace.cli.import_listings import import_group
from marketplace.cli.migrate import migrate
from marketplace.cli.reindex import reindex
from marketplace.cli.search import search
from marketplace.cli.seed import seed
from marketplace.cli.serve import serve
from marketplace.cli.user import user
from marketplace.cli.verify import verify
from marketplace.cli.worker import worker
from marketplace.foundation.errors import InvalidInput, MarketplaceError
from marketplace.foundation.settings import SettingsError


@click.group()
def commands() -> None:
    """Run a marketplace for the idle resources of a district."""


for command in (
    migrate,
    serve,
    worker,
    seed,
    district,
    user,
    import_group,
    search,
    reindex,
    bench,
    doctor,
    verify,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line; refusals end with their sentence and status 1."""
    try:
        commands()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except InvalidInput as refusal:
        for field, message in refusal.errors.items():
            sentence = message % refusal.values if refusal.values else message
            click.echo(f"{field}: {sentence}", err=True)
        sys.exit(1)
    except MarketplaceError as refusal:
        click.echo(str(refusal) or refusal.code, err=True)
        sys.exit(1)
