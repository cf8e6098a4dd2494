"""What ./run does once everything is set up."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def serve_demo(data_dir: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    own = ("MARKETPLACE_", "TEST_POSTGRES_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    process = subprocess.Popen(
        [sys.executable, ROOT / "tools" / "serve_demo.py"],
        cwd=ROOT,
        env=environment | {"PORT": str(port), "MARKETPLACE_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def said_until_served(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl+C" in line:
            break
    return said


def status_of_health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The data of a demo that was served once."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "marketplace.db")
    with serve_demo(folder, free_port()) as process:
        assert "Filling the empty database" in said_until_served(process)
    return folder


def test_it_prints_every_address_and_sign_in(data_dir: Path) -> None:
    port = free_port()
    demo = json.loads((data_dir / "demo.json").read_text())

    with serve_demo(data_dir, port) as process:
        said = said_until_served(process)

    for district in demo["districts"].values():
        assert f"http://{district['host']}:{port}/" in said
    for actor in demo["actors"].values():
        assert actor["email"] in said
        assert actor["password"] in said


def test_a_second_start_seeds_nothing(data_dir: Path) -> None:
    with serve_demo(data_dir, free_port()) as process:
        said = said_until_served(process)

    assert "Filling the empty database" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_what_it_started(data_dir: Path, number: signal.Signals) -> None:
    port = free_port()
    with serve_demo(data_dir, port) as process:
        said_until_served(process)
        assert status_of_health(port) == http.HTTPStatus.OK

        process.send_signal(number)
        status = process.wait(timeout=30)

    assert status == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # nobody is left of its group: neither server nor worker


def test_a_port_in_use_is_named(data_dir: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]

        with serve_demo(data_dir, port) as process:
            assert process.stdout is not None
            said = process.stdout.read()

            assert process.wait(timeout=30) == 1

    assert f"Port {port} cannot be used" in said
