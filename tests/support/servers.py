"""Real servers over a database of a test, and clients that speak JSON to them."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marketplace.foundation.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SECONDS = 60


@dataclass(frozen=True)
class RunningProcess:
    """`marketplace serve` or `marketplace worker`, ready for work."""

    process: "subprocess.Popen[str]"
    port: int  # of the loopback address; 0 for a worker

    def end(self) -> None:
        """Let it finish, and wait for it."""
        with self.process:  # closes its output too
            self.process.terminate()

    def kill(self) -> None:
        """End it and its children at once, as when the power goes; the machine itself stays."""
        with self.process:
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The code of a refusal; empty for anything else."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True)
class Caller:
    """Somebody with a token who calls the API of one district."""

    host: str
    token: str

    def post(self, port: int, path: str, body: Mapping[str, Any], *, key: str) -> Answer:
        """Send it over a connection of its own; raises OSError or HTTPException when it breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST_SECONDS)
        try:
            connection.request(
                "POST",
                f"/api/v1{path}",
                body=json.dumps(body),
                headers={
                    "Host": f"{self.host}:{port}",
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": key,
                },
            )
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read() or b"null"))
        finally:
            connection.close()


def environment_of(settings: Settings) -> dict[str, str]:
    """Give the environment in which a process serves the database of a test."""
    return {
        **os.environ,
        "MARKETPLACE_ENV": "test",
        "MARKETPLACE_DATA_DIR": str(settings.data_dir),
        "MARKETPLACE_DATABASE_URL": settings.database_url,
        "MARKETPLACE_OWNER_DATABASE_URL": settings.owner_database_url,
        "MARKETPLACE_SECRET_KEY": settings.secret_key,
        "MARKETPLACE_INSECURE_HTTP": "1",
        "MARKETPLACE_RATE_LIMIT_SCALE": "100000",
    }


def start_server(settings: Settings, module: str = "marketplace") -> RunningProcess:
    """Start `python -m MODULE serve` and wait until it answers."""
    return _start(settings, [sys.executable, "-m", module, "serve", "--port", "0"])


def start_worker(settings: Settings, **environment: str) -> RunningProcess:
    """Start `marketplace worker` and wait until it is ready."""
    return _start(settings, [sys.executable, "-m", "marketplace", "worker"], **environment)


def _start(settings: Settings, command: list[str], **environment: str) -> RunningProcess:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment_of(settings) | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # so that it can be killed with its children
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("READY "):
        raise RuntimeError(f"{' '.join(command[2:])} did not start")
    url = json.loads(line.removeprefix("READY "))["url"]
    return RunningProcess(process, urlsplit(url).port or 0)


@contextmanager
def serving(
    settings: Settings, *, processes: int, module: str = "marketplace"
) -> Iterator[list[int]]:
    """Serve with several processes, each a server of its own; gives their ports."""
    with ExitStack() as stack:
        ports = []
        for _ in range(processes):
            server = start_server(settings, module)
            stack.callback(server.end)
            ports.append(server.port)
        yield ports
