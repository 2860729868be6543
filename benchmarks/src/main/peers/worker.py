"""Hosts one Python tracker in a process of its own and does what it is told, a line at a time; measure.py tells and measures.

worker.py MODULE FOLDER

open 1             begins a run                                       0
log STEPS SECONDS  logs that many steps, or those that it can         the scalars logged
close              ends the run                                       0
count              what the tracker's own reader finds                the scalars found
repair             repairs what was killed, if there is a way to      1 or 0
die STEPS          logs, and kills itself when the last call returns  nothing
"""

import importlib
import os
import signal
import sys
import time


def log(tracker, steps, seconds):
    deadline = time.monotonic() + seconds
    for step in range(steps):
        loss = 1 / (1 + step)
        tracker.log(step, {"loss": loss, "acc": 1 - loss, "lr": 0.1 / (1 + step // 100)})
        if time.monotonic() > deadline:
            return 3 * (step + 1)
    return 3 * steps


def die(tracker, steps):
    log(tracker, steps, float("inf"))
    os.kill(os.getpid(), signal.SIGKILL)


def repair(tracker, folder):
    if not hasattr(tracker, "repair"):
        return 0
    tracker.repair(folder)
    return 1


def obey(tracker, folder, verb, arguments):
    if verb == "open":
        return tracker.open(folder) or 0
    if verb == "log":
        return log(tracker, int(arguments[0]), float(arguments[1]))
    if verb == "close":
        return tracker.close() or 0
    if verb == "count":
        return tracker.count(folder)
    if verb == "repair":
        return repair(tracker, folder)
    return die(tracker, int(arguments[0]))


def main(module, folder):
    # A tracker may print what it likes, but not between the replies.
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        tracker = importlib.import_module(f"trackers.{module}")
        for line in sys.stdin:
            verb, *arguments = line.split()
            print(obey(tracker, folder, verb, arguments), file=replies, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
