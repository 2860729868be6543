"""Measures a tracker that runs in a process of its own, from outside, whatever language it is written in.

CPU is what the kernel has counted for the process, all its threads and its children, and for the server if it has one, read on the kernel's
CPU clock of each, in nanoseconds. Wall time is from the command to its reply. Starting, importing and opening are not in either.
"""

import os
import selectors
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SCALARS_PER_STEP = 3
WARM_UP_STEPS = 100
PATIENCE_SECONDS = 180
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

# What a tracker sees of the environment: no proxy, no registry, no account.
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
SET = {
    "DO_NOT_TRACK": "1",
    "DVC_NO_ANALYTICS": "1",
    "DVCLIVE_LOGLEVEL": "ERROR",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "CLEARML_OFFLINE_MODE": "1",
    "CLEARML_LOG_LEVEL": "ERROR",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Failed(Exception):
    """A peer that did not do what it was told; the message says what it said instead."""


@dataclass
class Speed:
    """What it has cost to log so many scalars, and to close too; in µs per scalar."""

    scalars: int
    cpu: float
    wall: float
    cpu_closed: float
    wall_closed: float
    capped: bool


def environment(folder):
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    return {**kept, **SET, "HOME": str(folder.parent / "home")}


def fresh_repository(folder):
    """An empty folder that is a Git repository of one commit, beside an empty home."""
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder.parent / "home").mkdir()
    git = ["git", "-c", "user.name=Peers", "-c", "user.email=peers@example.org"]
    for arguments in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message=Begin"]):
        subprocess.run([*git, *arguments], cwd=folder, env=environment(folder), check=True)


class Process:
    """A process in a group of its own, which goes with it."""

    def __init__(self, command, folder, log, **pipes):
        self.log = folder.parent / log
        with open(self.log, "ab") as output:
            pipes = {"stdout": output, "stderr": output, **pipes}
            self.process = subprocess.Popen(command, cwd=folder, env=environment(folder), start_new_session=True, text=True, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end_group(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def end_group(self, with_signal):
        try:
            os.killpg(self.process.pid, with_signal)
        except ProcessLookupError:
            pass  # all gone

    def failed(self, what):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return Failed(f"{what}; it said last: {lines[-1].strip() if lines else 'nothing'}")


class Worker(Process):
    """The process that hosts a tracker: worker.py, or a JVM that speaks the same."""

    def __init__(self, command, folder):
        super().__init__(command, folder, "worker.log", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(self, command):
        """The number that it replies."""
        self._send(command)
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE_SECONDS):
                raise self.failed(f"'{command}' was not done within {PATIENCE_SECONDS} s")
        reply = self.process.stdout.readline()
        if not reply:
            raise self.failed(f"'{command}' ended the process")
        return int(reply)

    def _send(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.failed(f"the process had ended before '{command}'") from None

    def finish(self):
        """Ends as the program does by itself; if it does not, it is killed with all else."""
        self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_SECONDS)

    def tell_to_die(self, steps):
        self._send(f"die {steps}")
        if self.process.wait(PATIENCE_SECONDS) != -signal.SIGKILL:
            raise self.failed("it did not kill itself")
        self._wait_for_orphans()

    def _wait_for_orphans(self):
        """Children that outlive the killed process may still write what they have: in the tracker's favour."""
        for _ in range(50):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)


def cpu_seconds(pids):
    """Of these processes and their children: the living, and those that they have waited for."""
    children, waited = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # gone since
            pid = int(entry.name)
            children.setdefault(int(fields[1]), []).append(pid)
            waited[pid] = (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND
    total, rest = 0.0, list(pids)
    while rest:
        pid = rest.pop()
        rest.extend(children.get(pid, ()))
        try:
            # The clock of another process: MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED) of the kernel.
            total += time.clock_gettime(~pid << 3 | 2) + waited.get(pid, 0)
        except OSError:
            pass  # gone since
    return total


def disk_bytes(folder):
    """What the files hold: neither holes nor what is set aside behind their ends."""
    stats = [path.lstat() for path in folder.parent.rglob("*") if path.suffix != ".log"]
    return sum(min(stat.st_size, stat.st_blocks * 512) for stat in stats)


def speed(worker, steps, seconds, runs=1, end="close", servers=()):
    """Logs so many steps into each of some new runs, one after the other."""
    worker.tell(f"open {runs}")
    pids = [worker.process.pid, *servers]
    cpu, wall = [cpu_seconds(pids)], [time.perf_counter()]
    scalars = worker.tell(f"log {steps} {seconds}")
    wall.append(time.perf_counter())
    cpu.append(cpu_seconds(pids))
    worker.tell(end)
    wall.append(time.perf_counter())
    cpu.append(cpu_seconds(pids))
    each = 1e6 / scalars
    return Speed(
        scalars,
        cpu=(cpu[1] - cpu[0]) * each,
        wall=(wall[1] - wall[0]) * each,
        cpu_closed=(cpu[2] - cpu[0]) * each,
        wall_closed=(wall[2] - wall[0]) * each,
        capped=scalars < steps * runs * SCALARS_PER_STEP,
    )


def warm_up(worker):
    """The scalars logged."""
    worker.tell("open 1")
    scalars = worker.tell(f"log {WARM_UP_STEPS} {PATIENCE_SECONDS}")
    worker.tell("close")
    return scalars
