"""Serve the demo districts: migrate, seed an empty database, start server and worker, end both.

Called by ./run once the set-up is done; ends with the server on SIGINT or SIGTERM.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

_COMMAND = Path(sys.executable).with_name("marketplace")
_ANSWER = "demo.json"
_START_SECONDS = 30
# The contract gives a server 20 s to end gracefully; after that it is killed.
_STOP_SECONDS = 20


def main() -> int:
    """Serve until a signal comes or a process ends; give the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end_as_asked)
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not _is_free(int(port)):
        print(f"Port {port} cannot be used: choose another, for example PORT=8001 ./run")
        return 1
    os.environ.setdefault("MARKETPLACE_ENV", "development")
    if os.environ["MARKETPLACE_ENV"] != "production":
        os.environ.setdefault("MARKETPLACE_INSECURE_HTTP", "1")
    data_dir = Path(os.environ.get("MARKETPLACE_DATA_DIR") or "instance")
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        _forget_lost_database(data_dir)
        print("Bringing the database up to date ...", flush=True)
        subprocess.run([_COMMAND, "migrate"], check=True)
        seeded = _seed_if_empty(data_dir / _ANSWER)
    except subprocess.CalledProcessError as failed:
        return failed.returncode  # the command has said why
    return _serve(port, seeded)


def _end_as_asked(_number: int, _frame: FrameType | None) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _forget_lost_database(data_dir: Path) -> None:
    is_embedded = not os.environ.get("MARKETPLACE_DATABASE_URL")
    if is_embedded and not (data_dir / "marketplace.db").exists():
        (data_dir / _ANSWER).unlink(missing_ok=True)


def _seed_if_empty(answer: Path) -> dict[str, Any]:
    """Give what the seed said when it filled this database, empty if it holds other data."""
    if answer.exists():
        return dict(json.loads(answer.read_text()))
    if json.loads(_output_of("district", "list", "--json")):
        return {}
    print("Filling the empty database with demo data ...", flush=True)
    text = _output_of("seed", "--profile", "demo", "--json")
    unfinished = answer.with_suffix(".part")
    unfinished.write_text(text)
    unfinished.replace(answer)
    return dict(json.loads(text))


def _output_of(*arguments: str) -> str:
    done = subprocess.run([_COMMAND, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _serve(port: str, seeded: dict[str, Any]) -> int:
    print("Starting server and worker ...", flush=True)
    children: list[subprocess.Popen[bytes]] = []
    try:
        for arguments in (["serve", "--port", port], ["worker"]):
            # Their READY lines are for scripts; what they log goes to stderr, to the terminal.
            children.append(subprocess.Popen([_COMMAND, *arguments], stdout=subprocess.DEVNULL))
        if not _answers(int(port), children):
            return 1
        _print_addresses(port, seeded)
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        print("Server or worker ended by itself; the reason stands above.", flush=True)
        return 1
    finally:
        _end(children)


def _answers(port: int, children: list[subprocess.Popen[bytes]]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            print("Server or worker did not start; the reason stands above.", flush=True)
            return False
        if _is_healthy(port):
            return True
        time.sleep(0.05)
    print(f"The server did not answer within {_START_SECONDS} s.", flush=True)
    return False


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _print_addresses(port: str, seeded: dict[str, Any]) -> None:
    if not seeded:
        print(f"Serving on port {port}; the database held data already, so no demo data were made.")
    for district in seeded.get("districts", {}).values():
        print(f"  http://{district['host']}:{port}/")
    for role, actor in seeded.get("actors", {}).items():
        print(f"    {role:24} {actor['email']:40} {actor['password']}")
    print("End with Ctrl+C.", flush=True)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
