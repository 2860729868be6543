package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH's view of one record; what {@link JmhRun} runs, for the bytes that are allocated. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LoggingBenchmark {

    /** The system property that names the folder to write in. */
    static final String FOLDER = "daybook.benchmark.folder";

    /** A name of {@link Competitor}. */
    @Param("DAYBOOK_METRIC")
    public String competitor = "";

    private Path folder = Path.of("");
    private Store store = new NoStore(folder);

    @Setup
    public void open() throws IOException {
        folder = Path.of(System.getProperty(FOLDER));
        store = Competitor.valueOf(competitor).open(folder);
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        Workplace.clear(folder);
    }

    /** What a thread has. */
    @State(Scope.Thread)
    public static class Logger {

        private Recorder recorder = (step, value) -> {};
        private long step;

        @Setup(Level.Trial)
        public void begin(LoggingBenchmark benchmark) throws IOException {
            recorder = benchmark.store.recorder();
        }
    }

    /** No result to consume: what it does is seen in the file. */
    @Benchmark
    public void log(Logger logger) {
        long step = logger.step++;
        logger.recorder.log(step, step * 0.5);
    }
}
