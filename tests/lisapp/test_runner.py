"""How the runner keeps processes running, and how it stops them."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

import pytest

from lisapp import runner
from lisapp.health.probe import is_ready, site_host
from lisapp.runner import Runner, Service
from tests.services.scratch import free_port, members_of_group, wait_until

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
# Refuses to stop, and so does its child: what a stuck worker looks like.
STUBBORN = [
    sys.executable,
    "-c",
    "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); print('up', flush=True);"
    "time.sleep(60)",
]


@pytest.fixture
def service():
    """Make services that are gone when the test ends."""
    made = []

    def make(command, name="web"):
        made.append(Service(name, command))
        return made[-1]

    yield make
    for one in made:
        one.kill()


def test_lines_carry_the_name_of_their_process(service, capsys):
    one = service([sys.executable, "-c", "print('hello')"], name="worker")
    one.start()
    printed = ""

    def said():
        nonlocal printed
        printed += capsys.readouterr().out
        return "worker    | hello" in printed

    wait_until(said, seconds=10, what="The line")


def test_a_process_that_dies_is_named_and_started_again_after_growing_pauses(service, capsys):
    one = service([sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    for _ in range(7):
        one.start()
        one.process.wait()
        one.look_after()
        pauses.append(round(one.start_at - time.monotonic()))
        assert one.process is None
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert "The web process ended with code 3. It starts again in 1 s." in capsys.readouterr().out


def test_a_process_that_ran_well_for_long_starts_again_at_once(service, capsys):
    one = service(SLEEPS)
    one.deaths = 5
    one.start()
    one.started_at -= runner.STEADY
    one.process.kill()
    one.process.wait()
    one.look_after()
    assert one.deaths == 1
    assert "was killed by SIGKILL" in capsys.readouterr().out
    one.start_at = 0
    one.look_after()
    assert one.process.poll() is None


def test_what_a_dead_process_leaves_behind_is_killed_before_it_starts_again(service, capsys):
    one = service(STUBBORN)
    one.start()
    group = one.process.pid
    wait_until(lambda: len(members_of_group(group)) == 2, seconds=10, what="The fork")
    os.kill(group, signal.SIGKILL)
    one.process.wait()
    one.look_after()
    wait_until(lambda: members_of_group(group) == [], seconds=5, what="The end of the group")


def test_stopping_asks_first_and_then_kills_the_whole_group(service, monkeypatch, capsys):
    monkeypatch.setattr(runner, "GRACE", 0.5)
    willing, stubborn = service(SLEEPS, name="web"), service(STUBBORN, name="worker")
    willing.start()
    stubborn.start()
    group = stubborn.process.pid
    wait_until(lambda: len(members_of_group(group)) == 2, seconds=10, what="The fork")
    Runner([willing, stubborn], port=1).stop()
    assert willing.process.returncode == -signal.SIGTERM
    assert stubborn.process.returncode == -signal.SIGKILL
    wait_until(lambda: members_of_group(group) == [], seconds=5, what="The end of the group")
    assert "The worker process took too long and was stopped by force." in capsys.readouterr().out


def test_a_second_request_to_stop_does_not_wait(service, monkeypatch, capsys):
    monkeypatch.setattr(runner, "GRACE", 60)
    stubborn = service(STUBBORN)
    stubborn.start()
    wait_until(lambda: len(members_of_group(stubborn.process.pid)) == 2, seconds=10, what="The fork")
    stopping = Runner([stubborn], port=1)
    stopping.request_stop(signal.SIGINT, None)
    stopping.request_stop(signal.SIGINT, None)
    begun = time.monotonic()
    stopping.run()
    assert time.monotonic() - begun < 60  # the wait that a second request cuts short


def test_a_port_in_use_is_told_with_what_to_do(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert runner.main() == 1
    said = capsys.readouterr().err
    assert f"Port {port} is in use" in said
    assert f"make run PORT={port + 1}" in said


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)
    assert runner.main() == 1
    assert "must be a number from 1 to 65535" in capsys.readouterr().err


def test_a_site_that_does_not_answer_is_not_ready():
    assert not is_ready(free_port())


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("", "localhost"),
        ("*", "localhost"),
        ("lis.example.org,other", "lis.example.org"),
        (".example.org", "example.org"),
    ],
)
def test_the_site_is_asked_by_a_name_that_it_accepts(monkeypatch, allowed, host):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)
    assert site_host() == host


def test_readiness_is_announced_once_with_the_demonstration_sign_ins(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("LIS_VAR_DIR", str(tmp_path))
    (tmp_path / "demo_sign_ins.txt").write_text("officer  officer@demo.example", encoding="utf-8")
    monkeypatch.setattr(runner, "is_ready", lambda port, timeout: True)
    one = Runner([], port=8000)
    one._announce()
    said = capsys.readouterr().out
    assert "The workbench is ready at http://127.0.0.1:8000/" in said
    assert "officer@demo.example" in said
    assert one.is_ready


def test_a_slow_start_is_said_once(monkeypatch, capsys):
    monkeypatch.setattr(runner, "is_ready", lambda port, timeout: False)
    one = Runner([], port=8000)
    one.started_at -= runner.SLOW_START + 1
    one._announce()
    one._announce()
    assert capsys.readouterr().out.count("does not answer yet") == 1
