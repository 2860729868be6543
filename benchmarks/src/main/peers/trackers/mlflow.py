"""MLflow with its SQLite store: mlflow.log_metric for each value."""

import mlflow
from mlflow import MlflowClient


def store(folder):
    return f"sqlite:///{folder}/mlflow.db"


def open(folder):
    mlflow.set_tracking_uri(store(folder))
    mlflow.start_run()


def log(step, values):
    for name, value in values.items():
        mlflow.log_metric(name, value, step=step)


def close():
    mlflow.end_run()


def count(folder):
    client = MlflowClient(store(folder))
    runs = client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])
    return sum(len(client.get_metric_history(run.info.run_id, name)) for run in runs for name in run.data.metrics)
