"""Does the same work in each tracker, by turns, and prints one table and the goals; peers.sh calls it.

    compare.py TARGET SECONDS [smoke]

TARGET holds the virtual environments and takes all that is written; SECONDS is the time that is left. DAYBOOK_CLASSPATH and
DAYBOOK_JVM_FLAGS say how to run Daybook.
"""

import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import measure
import report
from peers import DAYBOOK, FIRST, MLFLOW_JAVA, PYTHON_PEERS, Place


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    few: int = 1_000
    many: int = 10_000
    cap_seconds: int = 60
    rounds: int = 3
    kill_steps: int = 200
    # Daybook's runs are so short that many of them are measured as one, a block; the longest holds some of its forces, one a second.
    long_block_steps: int = 10_000_000
    growth_blocks: int = 4
    # as long as some seconds, so that all have about as many forces in them: one more or less of a few decides
    growth_block_steps: int = 6_000_000
    saved_blocks: int = 2
    saved_block_steps: int = 50_000
    warm_up_runs: int = 20

    def kill_scalars(self):
        return self.kill_steps * measure.SCALARS_PER_STEP


SMOKE = Plan(
    few=100,
    many=200,
    cap_seconds=5,
    rounds=1,
    long_block_steps=2_000,
    growth_blocks=2,
    growth_block_steps=1_000,
    saved_blocks=1,
    saved_block_steps=1_000,
)


class Comparison:
    def __init__(self, place, plan, peers, seconds):
        self.place = place
        self.plan = plan
        self.peers = peers
        self.deadline = time.monotonic() + seconds
        self.durations = {}

    def run(self):
        """Each at least once. What is not repeated for want of time shows in the number of its runs."""
        for peer in self.peers:
            peer.trouble = self.place.trouble(peer)
            for job in self._jobs(peer):
                self._do(job, peer)
        repeats = self.plan.rounds - 1
        for peer in repeats * self.peers:
            for job in self._jobs(peer):
                self._do_if_time(job, peer)
        for peer in repeats * self.peers:
            self._do_if_time(self.log_capped, peer)

    def _jobs(self, peer):
        return [self.log] if peer is FIRST else [self.log, self.kill]

    def _do_if_time(self, job, peer):
        if time.monotonic() + self.durations.get((job, peer), 0) < self.deadline:
            self._do(job, peer)

    def _do(self, job, peer):
        if peer.trouble:
            return
        begin = time.monotonic()
        try:
            job(peer)
        except (measure.Failed, OSError) as e:
            peer.trouble = str(e).replace(str(self.place.target), "target").replace("|", "/")
        self.durations[job, peer] = time.monotonic() - begin
        print(f"{job.__name__} {peer.name}: {self.durations[job, peer]:.1f} s {peer.trouble}", file=sys.stderr)

    def log(self, peer):
        """Both sizes, without those that have reached the cap before: they are repeated at the end, if there is time."""
        if peer is DAYBOOK:
            self._log_blocks()
        elif peer is FIRST:
            self._log(peer, [self.plan.many])
        else:
            self._log(peer, [steps for steps in (self.plan.few, self.plan.many) if not peer.has_capped(steps)])

    def log_capped(self, peer):
        self._log(peer, [steps for steps in (self.plan.few, self.plan.many) if peer.has_capped(steps)])

    def _log(self, peer, sizes):
        if not sizes:
            return
        with self.place.session(peer) as session:
            scalars = measure.warm_up(session.worker)
            for steps in sizes:
                speed = measure.speed(session.worker, steps, self.plan.cap_seconds, servers=session.servers)
                peer.speeds[steps].append(speed)
                scalars += speed.scalars
            peer.bytes.append(session.finish() / scalars)

    def _log_blocks(self):
        """Many experiments of few steps and few of many, by turns, so that neither the clock nor the compiler decides."""
        few, many = self.plan.few, self.plan.many
        with self.place.session(DAYBOOK) as session:
            measure.warm_up(session.worker)
            session.worker.tell(f"open {self.plan.warm_up_runs}")
            session.worker.tell(f"log {self.plan.saved_block_steps} {self.plan.cap_seconds}")
            session.worker.tell("drop")
            DAYBOOK.speeds[many].append(self._block(session, self.plan.long_block_steps, many, "drop"))
            cpu = {few: 0, many: 0}
            for number in range(self.plan.growth_blocks):
                for steps in (few, many) if number % 2 == 0 else (many, few):
                    cpu[steps] += self._block(session, self.plan.growth_block_steps, steps, "drop").cpu
            DAYBOOK.growths.append(cpu[many] / cpu[few])
            for _ in range(self.plan.saved_blocks):
                DAYBOOK.saved.append(self._block(session, self.plan.saved_block_steps, many, "close"))
        # Its bytes by themselves: what is dropped would be among them.
        with self.place.session(DAYBOOK) as session:
            scalars = measure.warm_up(session.worker)
            scalars += self._block(session, self.plan.saved_block_steps, many, "close").scalars
            DAYBOOK.bytes.append(session.finish() / scalars)

    def _block(self, session, all_steps, steps, end):
        return measure.speed(session.worker, steps, self.plan.cap_seconds, all_steps // steps, end)

    def kill(self, peer):
        with self.place.session(peer) as session:
            folder = session.folder
            session.worker.tell("open 1")
            session.worker.tell_to_die(self.plan.kill_steps)
        with self.place.reader(peer, folder) as reader:
            peer.kept.append(reader.tell("count"))
        if peer.kept[-1] < self.plan.kill_scalars():
            with self.place.reader(peer, folder) as reader:
                if reader.tell("repair"):
                    peer.repaired.append(reader.tell("count"))


def main(target, seconds, mode=""):
    # through all that is to be ended first, a server for one
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    smoke = mode == "smoke"
    place = Place(Path(target).resolve())
    plan = SMOKE if smoke else Plan()
    tensorboardx = PYTHON_PEERS[-1]
    peers = [tensorboardx, DAYBOOK] if smoke else [*PYTHON_PEERS, MLFLOW_JAVA, FIRST, DAYBOOK]
    Comparison(place, plan, peers, float(seconds)).run()
    met = report.print_report(plan, peers)
    works = not DAYBOOK.trouble and min(DAYBOOK.kept) == plan.kill_scalars()
    sys.exit(0 if works and (met or smoke) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
