package dev.daybook.git.dvc;

import dev.daybook.port.ExperimentSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of an experiment that runs on, each as a {@link SeriesSample} that grows with it: reads only what has come since the last time.
 * Not thread-safe.
 */
public final class SamplePlots extends Plots {

    private static final class Plot {
        final PlotName name;
        final byte[] head;
        final SeriesSample sample = new SeriesSample();

        Plot(PlotName name, byte[] head) {
            this.name = name;
            this.head = head;
        }
    }

    /** By the number of the metric, which is its place in the order of definition. */
    private final Map<Integer, Plot> byMetric = new TreeMap<>();

    private long records;

    /** Reads on, up to the moment of the source. */
    public void advance(ExperimentSource source, Past past) throws IOException {
        for (var metric : MetricPlots.withRecords(source.metrics())) {
            if (!byMetric.containsKey(metric.metric())) {
                var name = PlotName.of(metric.name());
                byMetric.put(metric.metric(), new Plot(name, MetricPlots.head(name, past)));
            }
        }
        source.records(records, (metric, step, value, epochMilli) -> {
            records++;
            var plot = byMetric.get(metric);
            if (plot == null) {
                throw new IllegalStateException("metric " + metric + " has a record and no summary");
            }
            plot.sample.add(step, value);
        });
    }

    @Override
    List<PlotName> names() {
        var names = new ArrayList<PlotName>();
        byMetric.values().forEach(plot -> names.add(plot.name));
        return names;
    }

    @Override
    public void writeTo(FileSink sink) throws IOException {
        for (var plot : byMetric.values()) {
            write(plot.name, plot.head, plot.sample, sink);
        }
    }

    static void write(PlotName name, byte[] head, SeriesSample sample, FileSink sink) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(head);
        var chunk = new SeriesChunk(Integer.MAX_VALUE);
        sample.forEach(chunk::add);
        out.writeBytes(new SeriesEncoder().rows(chunk));
        sink.file(name.path(), out.size(), new ByteArrayInputStream(out.toByteArray()));
    }
}
