package dev.daybook.codec;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.lifecycle.Origin;

/** What an experiment began with, inside of {@code ExperimentInitialized} from its version 2 on; artifacts as whole events, in their versions. */
final class OriginCodec {

    private OriginCodec() {}

    static void write(ByteSink out, Origin origin) {
        out.text(origin.experiment().toString())
                .text(origin.name())
                .unsigned(origin.checkpoint())
                .text(origin.commit())
                .map(origin.overrides(), (key, value) -> {
                    ParamValueCodec.writeKey(out, key);
                    ParamValueCodec.write(out, value);
                })
                .list(origin.metrics(), metric -> write(out, metric))
                .list(origin.artifacts(), artifact -> out.bytes(EventCodec.encode(artifact)));
    }

    private static void write(ByteSink out, MetricSummary metric) {
        out.text(metric.name())
                .unsigned(metric.count())
                .signed(metric.lastStep())
                .real(metric.last())
                .real(metric.min())
                .real(metric.max())
                .real(metric.mean())
                .unsigned(metric.nans())
                .real(metric.sum());
    }

    static Origin read(ByteSource in) {
        int[] metrics = {0};
        return new Origin(
                id(in.text()),
                in.text(),
                in.smallInt(),
                in.text(),
                in.map(() -> ParamValueCodec.readKey(in), () -> ParamValueCodec.read(in)),
                in.list(() -> metric(metrics[0]++, in)),
                in.list(() -> artifact(in)));
    }

    private static ExperimentId id(String text) {
        var id = ExperimentId.parse(text);
        if (!id.toString().equals(text)) {
            throw new CodecException("not an event: an id has upper-case digits");
        }
        return id;
    }

    private static MetricSummary metric(int number, ByteSource in) {
        return new MetricSummary(
                number,
                in.text(),
                in.unsigned(),
                in.signed(),
                in.real(),
                in.real(),
                in.real(),
                in.real(),
                in.unsigned(),
                in.real());
    }

    private static Event.ArtifactAdded artifact(ByteSource in) {
        return EventCodec.decodeArtifact(in.bytes());
    }
}
