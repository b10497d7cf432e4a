"""manage.py serve: one job worker lives and ends with the web server."""

import signal
import subprocess
import sys

import pytest

from portal.management.commands import serve

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def processes(monkeypatch):
    """Processes in place of gunicorn and the worker, in the order in which they are started: what each one runs."""
    scripts, started = ["import sys; sys.exit(0)", "import signal; signal.pause()"], []

    def start(module):
        started.append((module, subprocess.Popen([sys.executable, "-c", scripts[len(started)]])))
        return started[-1][1]

    monkeypatch.setattr(serve, "_start", start)
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    yield scripts, started
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for _module, process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize(("script", "code"), [("import sys; sys.exit(0)", 0), ("import sys; sys.exit(3)", 1)])
def test_the_worker_ends_when_the_server_does(processes, script, code):
    scripts, started = processes
    scripts[0] = script
    assert serve._serve(8999, 1) == code
    (server, _process), (worker, running) = started
    assert server[0] == "gunicorn" and worker == ["django", "procrastinate", "worker"]
    assert running.poll() == -signal.SIGTERM


def test_being_told_to_stop_stops_both(processes):
    scripts, started = processes
    # Somebody presses Ctrl-C while both are at work.
    scripts[0] = "import signal; signal.pause()"
    scripts[1] = "import os, signal; os.kill(os.getppid(), signal.SIGINT); signal.pause()"
    assert serve._serve(8999, 1) == 0
    assert [process.poll() for _module, process in started] == [-signal.SIGTERM] * 2
