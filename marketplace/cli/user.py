"""Make a district's first staff."""

import click

from marketplace.accounts.operations.staff import create_staff
from marketplace.accounts.permissions import StaffRole
from marketplace.cli.context import command_context, print_json
from marketplace.districts.queries import primary_host


@click.group()
def user() -> None:
    """Make the people who run a district."""


@user.command("create")
@click.option("--district", "slug", required=True, help="The district's slug.")
@click.option("--email", required=True, help="Where mails go, and the name to sign in with.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in StaffRole]),
    required=True,
    help="moderator: checks organisations; district_admin: runs the district.",
)
@click.option("--name", default="", help="How pages call the person, for example the office.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def create(*, slug: str, email: str, role: str, name: str, as_json: bool) -> None:
    """Make somebody of the district's staff and print the link that sets the first password."""
    with command_context() as context:
        district_id = context.district_id(slug)
        with context.platform_work(read_only=True) as work:
            host = primary_host(work, district_id)
        with context.district_work(district_id) as work:
            made = create_staff(work, email, StaffRole(role), name=name)
        is_local = context.services.settings.insecure_http
    site = f"{'http' if is_local else 'https'}://{host}"
    link = f"{site}/reset-password/{made.link_secret}"
    if as_json:
        print_json({"email": made.email, "role": role, "link": link})
        return
    click.echo(f"{made.email} is {role} of {slug}. Within 48 hours, open this to set a password:")
    click.echo(link)
