package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.MetricDefined;
import dev.daybook.lifecycle.Event.ParamsSet;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.Chain;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An experiment in memory: events by hand, one second apart, folded by the real fold. */
public final class FakeSource implements ExperimentSource {

    public static final String ID = "0190a1b2-0000-7000-8000-000000000001";

    private record Point(int metric, long step, double value) {}

    private final ExperimentId id;
    private final ExperimentFold fold = new ExperimentFold();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private Instant time = Instant.ofEpochSecond(1_795_000_100).plusMillis(250);

    private FakeSource(ExperimentId id) {
        this.id = id;
    }

    public static FakeSource of(String name, Code code) {
        return of(ID, name, code, "dvclive", Optional.empty());
    }

    public static FakeSource of(String id, String name, Code code, String outputFolder, Optional<String> replaces) {
        return new FakeSource(ExperimentId.parse(id))
                .event(new ExperimentInitialized(
                        name,
                        code,
                        Map.of(),
                        new Author("Daybook", "daybook@example.com"),
                        outputFolder,
                        replaces,
                        Map.of("host", "gpu3")));
    }

    public FakeSource event(Event event) {
        fold.event(event);
        var chain = entries.isEmpty()
                ? Chain.start(id)
                : entries.get(entries.size() - 1).chain();
        var next = chain.next(entries.size(), time.toEpochMilli(), Cut.NONE, new byte[0]);
        var position = new Position("g", entries.size());
        entries.add(new Entry(position, id, entries.size(), time, Cut.NONE, next, event));
        time = time.plusSeconds(1);
        return this;
    }

    /** Sets one override; the key names its file. */
    public FakeSource param(String key, ParamValue value) {
        var values = new LinkedHashMap<ParamKey, ParamValue>();
        values.put(ParamKey.parse(key), value);
        return event(new ParamsSet(values));
    }

    public FakeSource log(String metric, long step, double value) {
        if (!data().metricNumbers().containsKey(metric)) {
            event(new MetricDefined(data().metricNumbers().size(), metric));
        }
        int number = data().metricNumbers().get(metric).get();
        fold.metricLogged(number, step, value);
        points.add(new Point(number, step, value));
        return this;
    }

    public FakeSource complete() {
        return event(new ExperimentCompleted(Outcome.succeeded(), Optional.empty()));
    }

    public FakeSource fail(String message) {
        return event(new ExperimentCompleted(Outcome.failed(message), Optional.empty()));
    }

    @Override
    public ExperimentId id() {
        return id;
    }

    @Override
    public ExperimentData data() {
        return fold.data();
    }

    @Override
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public List<MetricSummary> metrics() {
        return fold.metrics();
    }

    @Override
    public void records(long after, RecordSink sink) {
        points.stream()
                .skip(after)
                .forEach(point -> sink.metric(point.metric, point.step, point.value, time.toEpochMilli()));
    }
}
