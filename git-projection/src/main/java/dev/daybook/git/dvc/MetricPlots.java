package dev.daybook.git.dvc;

import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.port.ExperimentSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The series of each metric as a TSV file that DVC plots, sorted out of the one stream in which the journal holds them all.
 *
 * <p>One pass, bounded memory: rows are collected for each metric, and when all together reach the limit they are moved into one temporary
 * file, piece by piece; a file is then read back from its pieces. Most experiments never get that far. Not thread-safe.
 */
public final class MetricPlots implements AutoCloseable {

    private static final int BUFFERED_BYTES = 16 << 20;

    /** One metric's file: its header and rows, partly in the temporary file. */
    private static final class Series {
        final PlotName name;
        final ByteArrayOutputStream rows = new ByteArrayOutputStream();
        final List<Piece> pieces = new ArrayList<>();
        long length;

        Series(PlotName name) {
            this.name = name;
            append("step\t" + name.column() + "\n");
        }

        void append(String row) {
            var bytes = row.getBytes(StandardCharsets.UTF_8);
            rows.write(bytes, 0, bytes.length);
            length += bytes.length;
        }
    }

    private record Piece(long position, int length) {}

    private final int limit;
    private final Map<Integer, Series> byMetric = new HashMap<>();
    private final List<Series> inOrder = new ArrayList<>();
    private long buffered;
    private long spilled;
    private @Nullable FileChannel spill;

    private MetricPlots(int limit) {
        this.limit = limit;
    }

    /** Reads all records of an experiment; close the result, which may hold a temporary file. */
    public static MetricPlots collect(ExperimentSource source) throws IOException {
        return collect(source, BUFFERED_BYTES);
    }

    static MetricPlots collect(ExperimentSource source, int limit) throws IOException {
        var plots = new MetricPlots(limit);
        try {
            for (var metric : withRecords(source.metrics())) {
                var series = new Series(PlotName.of(metric.name()));
                plots.byMetric.put(metric.metric(), series);
                plots.inOrder.add(series);
            }
            source.records((metric, step, value, epochMilli) -> plots.add(metric, step, value));
            return plots;
        } catch (UncheckedIOException e) {
            plots.close();
            throw new IOException(e.getMessage(), e);
        } catch (RuntimeException e) {
            plots.close();
            throw e;
        }
    }

    /** Those that were logged, not only defined: the others have no last value and nothing to plot. */
    public static List<MetricSummary> withRecords(List<MetricSummary> metrics) {
        return metrics.stream().filter(metric -> metric.count() > 0).toList();
    }

    /** Takes the finished files, in the order in which the metrics were defined. */
    public interface FileSink {
        /** @param path relative to the output folder */
        void file(String path, long length, InputStream content) throws IOException;
    }

    public void writeTo(FileSink sink) throws IOException {
        for (var series : inOrder) {
            try (var content = new SeriesStream(series)) {
                sink.file(series.name.path(), series.length, content);
            }
        }
    }

    /** In the order in which the metrics were defined. */
    List<PlotName> names() {
        return inOrder.stream().map(series -> series.name).toList();
    }

    private void add(int metric, long step, double value) {
        var series = byMetric.get(metric);
        if (series == null) {
            // logged behind the summaries: the next commit will have it
            return;
        }
        var before = series.length;
        series.append(step + "\t" + PythonFloat.of(value) + "\n");
        buffered += series.length - before;
        if (buffered > limit) {
            spill();
        }
    }

    private void spill() {
        try {
            if (spill == null) {
                spill = FileChannel.open(
                        Files.createTempFile("daybook-plots", ".tsv"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
            }
            for (var series : inOrder) {
                if (series.rows.size() > 0) {
                    write(spill, ByteBuffer.wrap(series.rows.toByteArray()));
                    series.pieces.add(new Piece(spilled, series.rows.size()));
                    spilled += series.rows.size();
                    series.rows.reset();
                }
            }
            buffered = 0;
        } catch (IOException e) {
            throw new UncheckedIOException("the plots do not fit into the temporary folder: " + e.getMessage(), e);
        }
    }

    private void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        for (long at = spilled; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        if (spill != null) {
            spill.close();
        }
    }

    /** One file read from its pieces, and then from memory. */
    private final class SeriesStream extends InputStream {

        private final Series series;
        private int next;
        private InputStream current = InputStream.nullInputStream();

        SeriesStream(Series series) {
            this.series = series;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                int count = current.read(target, offset, length);
                if (count >= 0 || next > series.pieces.size()) {
                    return count;
                }
                current = new ByteArrayInputStream(
                        next < series.pieces.size() ? load(series.pieces.get(next)) : series.rows.toByteArray());
                next++;
            }
        }

        private byte[] load(Piece piece) throws IOException {
            var bytes = ByteBuffer.allocate(piece.length);
            while (bytes.hasRemaining()) {
                if (spill == null || spill.read(bytes, piece.position + bytes.position()) < 0) {
                    throw new IOException("the temporary file of the plots was cut");
                }
            }
            return bytes.array();
        }
    }
}
