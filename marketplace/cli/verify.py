"""Whether everything that must always be true of the stored data is true."""

import sys

import click
from rich.console import Console
from rich.table import Table

from marketplace.cli.context import CommandContext, command_context, print_json
from marketplace.cli.verification.bookings import BOOKING_INVARIANTS
from marketplace.cli.verification.donations import DONATION_INVARIANTS
from marketplace.cli.verification.invariant import Invariant
from marketplace.cli.verification.messaging import MESSAGING_INVARIANTS
from marketplace.cli.verification.stored import STORED_INVARIANTS
from marketplace.districts.queries import all_districts

INVARIANTS = (
    *BOOKING_INVARIANTS,
    *DONATION_INVARIANTS,
    *MESSAGING_INVARIANTS,
    *STORED_INVARIANTS,
)
_MOST_NAMED = 100


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(*, as_json: bool) -> None:
    """Check every invariant of the stored data, district by district; non-zero when one fails."""
    with command_context() as context:
        violations = {each.id: _violations(context, each) for each in INVARIANTS}
    ok = not any(violations.values())
    if as_json:
        print_json(
            {
                "ok": ok,
                "invariants": [
                    {
                        "id": each.id,
                        "sentence": each.sentence,
                        "ok": not violations[each.id],
                        "violations": violations[each.id],
                    }
                    for each in INVARIANTS
                ],
            }
        )
    else:
        _print_table(violations)
    if not ok:
        sys.exit(1)


def _violations(context: CommandContext, invariant: Invariant) -> list[str]:
    """Look twice at what is wrong: others may have written between two statements of a check."""
    found = _found(context, invariant)
    again = set(_found(context, invariant)) if found else set()
    return [each for each in found if each in again][:_MOST_NAMED]


def _found(context: CommandContext, invariant: Invariant) -> list[str]:
    with context.platform_work(read_only=True) as work:
        districts = [(district.slug, district.id) for district in all_districts(work)]
    found = []
    for slug, district_id in districts:
        with context.district_work(district_id, read_only=True) as work:
            found += [f"{slug}: {line}" for line in invariant.check(work)]
    return found


def _print_table(violations: dict[str, list[str]]) -> None:
    table = Table("invariant", "", "")
    for each in INVARIANTS:
        table.add_row(each.id, each.sentence, "\n".join(violations[each.id]) or "holds")
    Console().print(table)
