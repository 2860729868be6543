"""tensorboardX: SummaryWriter.add_scalar; read with TensorBoard's EventAccumulator."""

from tensorboardX import SummaryWriter

_writer = None


def open(folder):
    global _writer
    _writer = SummaryWriter(f"{folder}/runs")


def log(step, values):
    for name, value in values.items():
        _writer.add_scalar(name, value, step)


def close():
    _writer.close()


def count(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(f"{folder}/runs", size_guidance={"scalars": 0})
    events.Reload()
    return sum(len(events.Scalars(name)) for name in events.Tags()["scalars"])
