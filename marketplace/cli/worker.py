"""The background worker: runs what the outbox holds until it is told to stop."""

import os
import signal
import sys
import threading

import click

from marketplace.cli.context import command_context, print_json
from marketplace.cli.ready import announce_ready
from marketplace.foundation.jobs.worker import keep_running_jobs, run_pending_jobs


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and exit.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print how many jobs ran.")
def worker(*, once: bool, as_json: bool) -> None:
    """Run background jobs: mail and whatever else follows a commit."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with command_context() as context:
        announce_ready("", os.getpid(), sys.stderr if as_json else sys.stdout)
        if once:
            ran = run_pending_jobs(context.services)
            if as_json:
                print_json({"jobs": ran})
            return
        keep_running_jobs(context.services, stopped)
