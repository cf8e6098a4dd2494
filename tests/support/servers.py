"""Real servers over a database of a test, and clients that speak JSON to them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marketplace.foundation.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SECONDS = 60
_PAUSE_SECONDS = 0.05


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


class Killable:
    """A process that is killed and comes back, a server at the same port."""

    def __init__(self, start: Callable[[int], RunningProcess]) -> None:
        """Start it; `start` takes a port, 0 for any that is free."""
        self._start = start
        self._running = start(0)
        self.port = self._running.port
        self.kills = 0

    def kill_and_restart(self) -> None:
        """Kill it with all that it is about to do, and wait until it is ready again."""
        self._running.kill()
        self.kills += 1
        self._running = self._start(self.port)

    def end(self) -> None:
        """Let it finish."""
        self._running.end()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content: bytes

    @property
    def body(self) -> Any:  # noqa: ANN401 (JSON)
        """What it says; None where it says nothing."""
        return json.loads(self.content or b"null")

    @property
    def code(self) -> str:
        """The code of a refusal; empty for anything else."""
        body = self.body
        return str(body.get("code", "")) if isinstance(body, dict) else ""


@dataclass(frozen=True)
class Caller:
    """Somebody with a token who calls the API of one district."""

    host: str
    token: str

    def post(self, port: int, path: str, body: Mapping[str, Any], *, key: str) -> Answer:
        """Send it over a connection of its own; raises OSError or HTTPException when it breaks."""
        with closing(self._sent(port, path, body, key)) as connection:
            response = connection.getresponse()
            return Answer(response.status, response.read())

    def get(self, port: int, path: str) -> Answer:
        """Read it over a connection of its own."""
        with closing(HTTPConnection("127.0.0.1", port, timeout=_LONGEST_SECONDS)) as connection:
            headers = {"Host": f"{self.host}:{port}", "Authorization": f"Bearer {self.token}"}
            connection.request("GET", f"/api/v1{path}", headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.read())

    def post_and_hang_up(self, port: int, path: str, body: Mapping[str, Any], *, key: str) -> None:
        """Send it and cut the connection before the answer comes."""
        with suppress(OSError, HTTPException):
            self._sent(port, path, body, key).close()

    def insist(self, port: int, path: str, body: Mapping[str, Any], *, key: str) -> Answer:
        """Send it again and again, with the same key, until it is answered for good."""
        while True:
            with suppress(OSError, HTTPException):
                answer = self.post(port, path, body, key=key)
                if answer.code != "in_progress":
                    return answer
            time.sleep(_PAUSE_SECONDS)

    def _sent(self, port: int, path: str, body: Mapping[str, Any], key: str) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST_SECONDS)
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
        except BaseException:
            connection.close()
            raise
        return connection


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


def start_server(
    settings: Settings, module: str = "marketplace", *, port: int = 0, within: Sequence[str] = ()
) -> RunningProcess:
    """Start `python -m MODULE serve` and wait until it answers; port 0: any that is free.

    `within`: a command that runs it and watches it.
    """
    return _start(settings, [*within, sys.executable, "-m", module, "serve", "--port", str(port)])


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
def killable_server(settings: Settings) -> Iterator[Killable]:
    """Serve, and end the server that is there in the end."""
    server = Killable(lambda port: start_server(settings, port=port))
    try:
        yield server
    finally:
        server.end()


@contextmanager
def killable_worker(settings: Settings, **environment: str) -> Iterator[Killable]:
    """Let a worker work, and end the one that is there in the end."""
    worker = Killable(lambda _: start_worker(settings, **environment))
    try:
        yield worker
    finally:
        worker.end()


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
