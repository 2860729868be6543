"""Aim: Run.track for each value.

A run is found when it is in the repository's index, where it comes when it is closed. One that was killed is not in it until somebody runs
`aim storage reindex`.
"""

import subprocess
import sys
from pathlib import Path

from aim import Repo, Run

_run = None


def open(folder):
    global _run
    _run = Run(repo=folder, system_tracking_interval=None, log_system_params=False, capture_terminal_logs=False)


def log(step, values):
    for name, value in values.items():
        _run.track(value, name=name, step=step)


def close():
    _run.close()


def count(folder):
    return sum(len(metric.values.values_list()) for run in Repo(folder).iter_runs() for metric in run.metrics())


def repair(folder):
    aim = Path(sys.executable).with_name("aim")
    subprocess.run([aim, "storage", "--repo", folder, "reindex", "--yes"], check=True, stdin=subprocess.DEVNULL)
