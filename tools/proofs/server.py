"""How long a web worker takes to start, and what it holds after a hundred pages."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_MOST_SECONDS = 2.0
_MOST_MEGABYTES = 200.0
_PAGES = 100
_STARTS = 5
_HOSTS = ("potsdam-mittelmark.localhost", "teltow-flaeming.localhost")
_PATHS = (
    *("/", "/search", "/search?place=Teltow&radius_km=50&q=halle", "/map/district.geojson"),
    *("/register", "/login", "/imprint", "/sources", "/api/v1/listings?near=52.1,12.6"),
    "/api/v1/places?q=wer",
)


def main() -> int:
    """Print the figures of several starts; 0 when the slowest and the largest hold."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "MARKETPLACE_ENV": "test",
            "MARKETPLACE_INSECURE_HTTP": "1",
            "MARKETPLACE_DATA_DIR": folder,
            "MARKETPLACE_DATABASE_URL": "",
        }
        for words in (["migrate"], ["seed", "--profile", "demo"]):
            _command(environment, *words).wait()
        runs = [_run(environment) for _ in range(_STARTS)]
    seconds, megabytes = max(run[0] for run in runs), max(run[1] for run in runs)
    print(f"slowest start {seconds:.2f} s, largest worker {megabytes:.0f} MB after {_PAGES} pages")
    return 0 if seconds <= _MOST_SECONDS and megabytes <= _MOST_MEGABYTES else 1


def _run(environment: dict[str, str]) -> tuple[float, float]:
    began = time.monotonic()
    server = _command(environment, "serve", "--port", "0", "--workers", "1")
    if server.stdout is None:
        raise RuntimeError("the server's output is not read")
    ready = json.loads(server.stdout.readline().removeprefix("READY "))
    port = int(ready["url"].rsplit(":", 1)[1])
    _page(port, _HOSTS[0], "/")
    seconds = time.monotonic() - began
    for number in range(_PAGES):
        _page(port, _HOSTS[number % len(_HOSTS)], _PATHS[number % len(_PATHS)])
    megabytes = max(_resident(pid) for pid in _children(server.pid))
    server.send_signal(signal.SIGTERM)
    server.wait()
    server.stdout.close()
    print(f"first page after {seconds:.2f} s, worker {megabytes:.0f} MB", flush=True)
    return seconds, megabytes


def _command(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "marketplace", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _page(port: int, host: str, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {response.status}")


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] or [pid]


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} says nothing of its memory")
