package dev.daybook.git.dvc;

import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.port.ExperimentSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of each metric as a TSV file that DVC plots, sorted out of the one stream in which the journal holds them all: one pass, bounded
 * memory.
 *
 * <p>Of a large series, one of more than 100,000 records, the plot is a {@link SeriesSample}; all of it is a gzip file besides, for the cache
 * of DVC. Not thread-safe.
 */
public final class MetricPlots extends Plots implements AutoCloseable {

    /**
     * Where it is bounded.
     *
     * @param heldBytes how much is held in memory before it goes into a temporary file
     * @param wholeRecords the most records of a series that is plotted whole
     */
    record Limits(int heldBytes, long wholeRecords) {
        static final Limits USUAL = new Limits(16 << 20, 100_000);
    }

    /** So many records of a series become rows in one go, fewer where very many series are open at once. */
    private static final int MOST_CHUNK_RECORDS = 4096;

    private static final int LEAST_CHUNK_RECORDS = 64;
    private static final int OPEN_RECORDS = 2 << 20;

    /** One metric's series. */
    private static final class Series {
        final PlotName name;
        final byte[] head;
        final GrowingFiles.Growing file;
        final boolean isLarge;

        /** Of a large one. */
        final SeriesSample sample = new SeriesSample();

        SeriesChunk chunk;

        Series(PlotName name, byte[] head, GrowingFiles.Growing file, boolean isLarge, int chunkRecords) {
            this.name = name;
            this.head = head;
            this.file = file;
            this.isLarge = isLarge;
            this.chunk = new SeriesChunk(chunkRecords);
        }
    }

    private final GrowingFiles files;
    private final SeriesPress press;
    private final int chunkRecords;

    /** By the number of the metric; those that have no record are not there. */
    private final @Nullable Series[] byMetric;

    private final List<Series> inOrder = new ArrayList<>();

    private MetricPlots(List<MetricSummary> metrics, Past past, Limits limits) throws IOException {
        files = new GrowingFiles(limits.heldBytes);
        boolean isAnyLarge = metrics.stream().anyMatch(metric -> metric.count() > limits.wholeRecords);
        press = isAnyLarge ? SeriesPress.parallel() : SeriesPress.inPlace();
        int numbers =
                metrics.stream().mapToInt(metric -> metric.metric() + 1).max().orElse(0);
        byMetric = new Series[numbers];
        int each = OPEN_RECORDS / Math.max(1, metrics.size());
        chunkRecords = Math.max(LEAST_CHUNK_RECORDS, Math.min(MOST_CHUNK_RECORDS, each));
        for (var metric : metrics) {
            boolean isLarge = metric.count() > limits.wholeRecords;
            var name = PlotName.of(metric.name());
            var series = new Series(name, head(name, past), files.open(), isLarge, chunkRecords);
            byMetric[metric.metric()] = series;
            inOrder.add(series);
            press.append(series.file, encoder -> isLarge ? encoder.gzip(series.head) : series.head);
        }
    }

    /** Reads all records of an experiment; close the result, which may hold a temporary file. */
    public static MetricPlots collect(ExperimentSource source, Past past) throws IOException {
        return collect(source, past, Limits.USUAL);
    }

    static MetricPlots collect(ExperimentSource source, Past past, Limits limits) throws IOException {
        var plots = new MetricPlots(withRecords(source.metrics()), past, limits);
        try {
            source.records((metric, step, value, epochMilli) -> plots.add(metric, step, value));
            for (var series : plots.inOrder) {
                plots.encode(series);
            }
            plots.press.finish();
            return plots;
        } catch (UncheckedIOException e) {
            plots.close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            plots.close();
            throw e;
        }
    }

    /** Those that were logged, not only defined: the others have no last value and nothing to plot. */
    public static List<MetricSummary> withRecords(List<MetricSummary> metrics) {
        return metrics.stream().filter(metric -> metric.count() > 0).toList();
    }

    /** The header, and the rows of the checkpoint that the experiment began with. */
    static byte[] head(PlotName name, Past past) throws IOException {
        var head = new ByteArrayOutputStream();
        head.writeBytes(("step\t" + name.column() + "\n").getBytes(StandardCharsets.UTF_8));
        head.writeBytes(past.rows(name.path()));
        return head.toByteArray();
    }

    private void add(int metric, long step, double value) {
        var series = metric < byMetric.length ? byMetric[metric] : null;
        if (series == null) {
            // logged behind the summaries: the next commit will have it
            return;
        }
        series.chunk.add(step, value);
        if (series.isLarge) {
            series.sample.add(step, value);
        }
        if (series.chunk.isFull()) {
            try {
                encode(series);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void encode(Series series) throws IOException {
        var chunk = series.chunk;
        if (chunk.size() > 0) {
            press.append(series.file, encoder -> series.isLarge ? encoder.gzip(chunk) : encoder.rows(chunk));
            series.chunk = new SeriesChunk(chunkRecords);
        }
    }

    @Override
    List<PlotName> names() {
        return inOrder.stream().map(series -> series.name).toList();
    }

    @Override
    public void writeTo(FileSink sink) throws IOException {
        for (var series : inOrder) {
            if (series.isLarge) {
                SamplePlots.write(series.name, series.head, series.sample, sink);
            } else {
                write(series.name.path(), series.file, sink);
            }
        }
    }

    /** Writes each large series, whole and compressed, in the order in which the metrics were defined. */
    public void writeSeriesTo(FileSink sink) throws IOException {
        for (var series : inOrder) {
            if (series.isLarge) {
                write(series.name.series(), series.file, sink);
            }
        }
    }

    private static void write(String path, GrowingFiles.Growing file, FileSink sink) throws IOException {
        try (var content = file.content()) {
            sink.file(path, file.length(), content);
        }
    }

    @Override
    public void close() throws IOException {
        press.close();
        files.close();
    }
}
