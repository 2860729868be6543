"""MLflow with its SQLite store: MlflowClient.log_batch with 1,000 values, the most it takes; the caller gathers them."""

import time

from mlflow import MlflowClient
from mlflow.entities import Metric

from trackers.mlflow import count, store  # noqa: F401

_client = None
_run = None
_batch = []


def open(folder):
    global _client, _run
    _client = MlflowClient(store(folder))
    _run = _client.create_run("0").info.run_id


def log(step, values):
    now = int(time.time() * 1000)
    for name, value in values.items():
        _batch.append(Metric(name, value, now, step))
        if len(_batch) == 1000:
            _flush()


def _flush():
    _client.log_batch(_run, metrics=_batch)
    _batch.clear()


def close():
    _flush()
    _client.set_terminated(_run)
