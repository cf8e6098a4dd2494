"""The web server: gunicorn with threads, ended gracefully by SIGTERM."""

import gc
import os
import sys
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from config import load_settings
from marketplace.app import create_app
from marketplace.cli.gunicorn_worker import Worker
from marketplace.cli.ready import announce_ready
from marketplace.districts.queries import all_districts
from marketplace.foundation.database.session import db
from marketplace.foundation.database.tenancy import DistrictScope, PlatformScope
from marketplace.foundation.database.unit_of_work import open_unit_of_work
from marketplace.foundation.settings import Settings
from marketplace.search.backends.columns import ColumnsBackend

_THREADS = 8
_GRACEFUL_SECONDS = 15  # the contract allows 20 until the process is gone
# A photo upload over a slow line may take this long (security.md 5.5: upload 120 s).
_LONGEST_REQUEST_SECONDS = 120


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(*, host: str, port: int, workers: int) -> None:
    """Serve the pages; the first line on stdout says where, once it answers."""
    settings = load_settings()
    if workers > 1 and not settings.redis_url:
        click.echo(
            "Several workers count rate limits each for itself; set MARKETPLACE_REDIS_URL.",
            err=True,
        )
    Server(settings, host=host, port=port, workers=workers).run()


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and nowhere else."""

    def __init__(self, settings: Settings, *, host: str, port: int, workers: int) -> None:
        """Take where to listen; `run` serves until it is told to stop."""
        self._settings = settings
        self._address = f"{host}:{port}"
        self._workers = workers
        super().__init__()

    def load_config(self) -> None:
        """Set every option (gunicorn's own name)."""
        options: dict[str, Any] = {
            "bind": [self._address],
            "workers": self._workers,
            "preload_app": True,
            "worker_class": Worker,
            "threads": _THREADS,
            "timeout": _LONGEST_REQUEST_SECONDS,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "keepalive": 5,
            "control_socket_disable": True,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108
            "loglevel": "warning",
            "when_ready": _when_ready,
            "forwarded_allow_ips": "*" if self._settings.trusted_proxies else "127.0.0.1",
            "limit_request_line": 8190,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application, before the workers are forked (gunicorn's own name)."""
        return with_search_loaded(create_app(self._settings))


def with_search_loaded(app: Flask) -> Flask:
    """Give an application that is ready to be forked: its searches read, no connection open."""
    with app.app_context():
        _load_search(app)
        db.engine.dispose()  # a connection must not be shared across a fork
    # What is there now stays: no collection has to look through it again, and the memory that the
    # workers share is left untouched.
    gc.collect()
    gc.freeze()
    return app


def _load_search(app: Flask) -> None:
    """Read every district's index before the first request, once for all workers."""
    services = app.extensions["marketplace_services"]
    backend = app.extensions["marketplace_search"].backend
    if not isinstance(backend, ColumnsBackend):
        return
    with open_unit_of_work(services, PlatformScope("serve"), read_only=True) as work:
        district_ids = [district.id for district in all_districts(work)]
    for district_id in district_ids:
        with open_unit_of_work(services, DistrictScope(district_id), read_only=True) as work:
            backend.load(work)


def _when_ready(arbiter: Any) -> None:  # noqa: ANN401 (gunicorn has no types)
    host, port = arbiter.LISTENERS[0].sock.getsockname()[:2]
    announce_ready(f"http://{host}:{port}", os.getpid(), sys.stdout)
