"""The trackers that take part, how each is started, and what was measured of it."""

import os
import shlex
import socket
import subprocess
import time
import urllib.request
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from measure import Process, Worker, disk_bytes, fresh_repository

HERE = Path(__file__).resolve().parent
SERVER_SECONDS = 120


@dataclass(eq=False)
class Peer:
    name: str
    title: str
    # of peers.txt, and of trackers/; none for Daybook, which is no peer of its own
    venv: str = ""
    module: str = ""
    # MLflow's Java client: a JVM logs through a server, whose store the module reads
    logs_by_server: bool = False

    speeds: dict = field(default_factory=lambda: defaultdict(list))  # steps in a run -> [Speed]
    bytes: list = field(default_factory=list)  # per scalar, of whole sessions
    # Daybook only, whose runs are measured in blocks: those that were saved at the end, and many steps / few steps of each session
    saved: list = field(default_factory=list)
    growths: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    repaired: list = field(default_factory=list)
    trouble: str = ""

    def is_python(self):
        return bool(self.venv) and not self.logs_by_server

    def has_capped(self, steps):
        return any(speed.capped for speed in self.speeds[steps])


PYTHON_PEERS = [
    Peer("dvclive", "DVCLive, lean: `log_metric` x 3, `next_step`", "dvclive", "dvclive"),
    Peer("mlflow", "MLflow, SQLite: `log_metric`", "mlflow", "mlflow"),
    Peer("mlflow-batch", "MLflow, SQLite: `log_batch` of 1,000", "mlflow", "mlflow_batch"),
    Peer("aim", "Aim: `run.track`", "aim", "aim"),
    Peer("clearml", "ClearML, offline: `report_scalar`", "clearml", "clearml"),
    Peer("tensorboardx", "tensorboardX: `add_scalar`", "tensorboardx", "tensorboardx"),
]
MLFLOW_JAVA = Peer("mlflow-java", "MLflow's Java client, server on loopback: `logMetric`", "mlflow", "mlflow", logs_by_server=True)
FIRST = Peer("daybook-first", "Daybook, first run of a JVM: `Metric.log`")
DAYBOOK = Peer("daybook", "**Daybook**, warm JVM: `Metric.log`")


@dataclass
class Session:
    worker: Worker
    folder: Path
    servers: list  # process ids
    bytes_before: int

    def finish(self):
        """Ends the worker; the bytes on disk that it leaves."""
        self.worker.finish()
        return disk_bytes(self.folder) - self.bytes_before


class Place:
    """Where the virtual environments are and where everything is written."""

    def __init__(self, target):
        self.target = target

    def trouble(self, peer):
        """Why the peer could not be installed, as peers.sh has written it; empty if it was."""
        names = [f"venv-{peer.venv}"] if peer.venv else []
        names += ["mlflow-java"] if peer.logs_by_server else []
        notes = [self.target / f"{name}.failed" for name in names]
        return "; ".join(note.read_text().strip() for note in notes if note.exists())

    @contextmanager
    def session(self, peer):
        """A worker in a fresh folder, and its server, if it has one."""
        folder = self.target / "scratch" / peer.name / "repo"
        fresh_repository(folder)
        bytes_before = disk_bytes(folder)
        with ExitStack() as stack:
            if peer.logs_by_server:
                server = stack.enter_context(MlflowServer(self._python(peer), folder))
                classes = (self.target / "mlflow-java" / "classpath").read_text().strip()
                command, pids = [*java(), "-cp", classes, "MlflowJava", server.address], [server.process.pid]
            else:
                command, pids = self._command(peer, folder), []
            yield Session(stack.enter_context(Worker(command, folder)), folder, pids, bytes_before)

    def reader(self, peer, folder):
        """A new process that reads what is in the folder."""
        return Worker(self._command(peer, folder), folder)

    def _python(self, peer):
        return str(self.target / f"venv-{peer.venv}" / "bin" / "python")

    def _command(self, peer, folder):
        if peer.venv:
            return [self._python(peer), str(HERE / "worker.py"), peer.module, str(folder)]
        class_path = map(os.path.abspath, os.environ["DAYBOOK_CLASSPATH"].split(os.pathsep))
        flags = shlex.split(os.environ.get("DAYBOOK_JVM_FLAGS", ""))
        main = "dev.daybook.benchmarks.peers.DaybookPeer"
        return [*java(), *flags, "-cp", os.pathsep.join(class_path), main, str(folder)]


def java():
    home = os.environ.get("JAVA_HOME")
    return [str(Path(home, "bin", "java")) if home else "java"]


class MlflowServer(Process):
    """`mlflow server` with one worker and an SQLite store, on the loopback address alone."""

    def __init__(self, python, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        store = f"sqlite:///{folder}/mlflow.db"
        options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--backend-store-uri", store]
        command = [python, "-m", "mlflow", "server", *options]
        super().__init__(command, folder, "server.log", stdin=subprocess.DEVNULL)

    def __enter__(self):
        try:
            self._wait_until_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_up(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + SERVER_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with opener.open(f"{self.address}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise self.failed("the server did not come up")
