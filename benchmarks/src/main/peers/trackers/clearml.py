"""ClearML offline: Logger.report_scalar for each value.

What is logged offline is read by a ClearML server when it imports it. Without one, the values are counted in the file that it would import,
as its importer reads it.

ClearML looks for a repository in a thread, which starts git, while it forks its reporter; about one time in five that deadlocks here, and
close waits for five minutes. So it is told not to look.
"""

import json
import os
from pathlib import Path

from clearml import Task

_task = None
_logger = None


def open(folder):
    global _task, _logger
    os.environ["CLEARML_CACHE_DIR"] = f"{folder}/clearml"
    Task.set_offline(True)
    _task = Task.init(
        project_name="peers",
        task_name="peer",
        reuse_last_task_id=False,
        auto_connect_arg_parser=False,
        auto_connect_frameworks={"detect_repository": False},
        auto_connect_streams=False,
        auto_resource_monitoring=False,
    )
    _logger = _task.get_logger()


def log(step, values):
    for name, value in values.items():
        _logger.report_scalar(title=name, series=name, value=value, iteration=step)


def close():
    _task.close()


def count(folder):
    scalars = 0
    for file in Path(folder, "clearml", "offline").glob("*/metrics.jsonl"):
        for line in file.read_text().splitlines():
            try:
                requests = json.loads(line)
            except ValueError:  # the last line, half written
                break
            scalars += sum(request["type"] == "training_stats_scalar" for request in requests)
    return scalars
