"""Runs the web server, a worker and the scheduler together, and keeps them running: what `make run` ends with.

Standard library only. Every process has a process group of its own, so that stopping one never leaves a child
behind. A process that dies is named and started again, at first after a second, then after ever longer pauses.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from lisapp.health.probe import is_ready

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
TICK = 0.2
LONGEST_PAUSE = 30.0
STEADY = 60.0  # a process that ran this long is taken to be well: its next pause is the first again
GRACE = 7.0  # seconds between asking a process to stop and killing its group
SLOW_START = 60.0

_print_lock = threading.Lock()


def say(text: str, *, name: str = "run") -> None:
    """Print each line of `text` after the name of the process that it comes from."""
    with _print_lock:
        for line in text.splitlines() or [""]:
            print(f"{name:<9} | {line}".rstrip(), flush=True)


def var_dir() -> Path:
    """The folder for what this machine keeps: database, queue, files."""
    return Path(os.environ.get("LIS_VAR_DIR") or ROOT / "var")


def web_command(port: int) -> list[str]:
    """The command of the web server. It loads the site once, and its processes share what was loaded."""
    size = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    options = ["--bind", f"{HOST}:{port}", *size, "--preload", "--graceful-timeout", "5", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, "lisapp.wsgi:application"]


def worker_command() -> list[str]:
    """The command of the worker. A queue of files has no broadcast, so workers don't greet each other on it."""
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    # Celery warns of root in eight lines; `main` says it in one.
    python = [sys.executable, "-W", "ignore:::celery.platforms"]
    return [*python, "-m", "celery", "-A", "lisapp", "--quiet", "worker", "--concurrency", "2", *alone]


def scheduler_command() -> list[str]:
    """The command of the scheduler, which offers unfinished work again."""
    schedule = ["--schedule", str(var_dir() / "celerybeat-schedule"), "--pidfile="]
    return [sys.executable, "-m", "celery", "-A", "lisapp", "--quiet", "beat", *schedule]


class Service:
    """One process that is to run for ever."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)
        self.process: subprocess.Popen[str] | None = None
        self.deaths = 0
        self.started_at = 0.0
        self.start_at = 0.0

    def start(self) -> None:
        """Start the process in a group of its own and pass its lines on."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
        )
        threading.Thread(target=self._pass_on, args=(self.process.stdout,), daemon=True).start()

    def _pass_on(self, lines: IO[str]) -> None:
        for line in lines:
            say(line, name=self.name)

    def look_after(self) -> None:
        """Start the process if it is due; if it has died, say so and set when to start it again."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at >= STEADY else self.deaths + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.deaths - 1))
        self.process, self.start_at = None, now + pause
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        say(f"The {self.name} process {how}. It starts again in {pause:.0f} s.")

    def ask_to_stop(self) -> None:
        """Tell the process to finish what it is doing. Its children get their orders from it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def has_ended(self) -> bool:
        """Whether the process itself is gone."""
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """Kill whatever is left of the group, and wait for the process to be gone."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):  # nothing is left, which is what is wanted
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Runner:
    """Keeps services running until someone asks it to stop. A second request stops at once."""

    def __init__(self, services: Sequence[Service], *, port: int) -> None:
        self.services = services
        self.port = port
        self.stop_requests = 0
        self.is_ready = False
        self.started_at = time.monotonic()
        self.said_slow = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Signal handler: end the loop at its next turn."""
        self.stop_requests += 1

    def run(self) -> None:
        """Start everything, look after it, and stop everything when asked."""
        try:
            while not self.stop_requests:
                for service in self.services:
                    service.look_after()
                if not self.is_ready:
                    self._announce()
                time.sleep(TICK)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every process to stop; kill the groups of those that take longer than GRACE seconds."""
        say("Stopping.")
        for service in self.services:
            service.ask_to_stop()
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and self.stop_requests < 2:
            if all(service.has_ended() for service in self.services):
                break
            time.sleep(TICK)
        for service in self.services:
            if not service.has_ended():
                say(f"The {service.name} process took too long and was stopped by force.")
            service.kill()
        say("Stopped.")

    def _announce(self) -> None:
        if is_ready(self.port, timeout=2):
            self.is_ready = True
            say(f"\nThe workbench is ready at http://{HOST}:{self.port}/\n")
            sign_ins = var_dir() / "demo_sign_ins.txt"
            if sign_ins.exists():
                say(sign_ins.read_text(encoding="utf-8"))
            say("Press Ctrl-C to stop.")
        elif not self.said_slow and time.monotonic() - self.started_at > SLOW_START:
            self.said_slow = True
            say("The site does not answer yet. Lines above that begin with 'web' say why. Still trying.")


def port_is_free(port: int) -> bool:
    """Whether a server can listen on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def main() -> int:
    """Run until stopped. Returns 0, or 1 where the port can't be had."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lisapp.settings.dev")
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        print(f"PORT is {wanted!r}, but it must be a number from 1 to 65535.", file=sys.stderr)
        return 1
    port = int(wanted)
    if not port_is_free(port):
        print(
            f"Port {port} is in use on this machine. Stop what uses it, or choose another: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    if os.geteuid() == 0:
        say("This runs as root. On a server, give it an account without rights: docs/operations.md tells how.")
    services = [
        Service("web", web_command(port)),
        Service("worker", worker_command()),
        Service("scheduler", scheduler_command()),
    ]
    runner = Runner(services, port=port)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, runner.request_stop)
    runner.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
