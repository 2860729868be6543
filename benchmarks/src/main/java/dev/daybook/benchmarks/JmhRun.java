package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link LoggingBenchmark} with JMH and its {@code -prof gc}.
 *
 * @param work where it may write
 */
record JmhRun(Path work, List<String> flags, int iterations) {

    /**
     * What is run.
     *
     * @param seconds of each iteration; long where a few bytes matter, because JMH allocates some ten KiB in each by itself
     */
    record Load(List<Competitor> competitors, int threads, int seconds) {}

    /** What JMH has found: per record the time that a thread takes for it, and the bytes that the process allocates. */
    record Found(Competitor competitor, int threads, double nanos, double bytes) {}

    List<Found> run(Load load) throws IOException {
        var log = work.resolve("jmh.log");
        var folder = work.resolve("jmh");
        var jvm = new ArrayList<>(Fork.accessFlags());
        jvm.addAll(flags);
        jvm.add("-D" + LoggingBenchmark.FOLDER + "=" + folder);
        var options = new OptionsBuilder()
                .include("^" + LoggingBenchmark.class.getName().replace(".", "\\.") + "\\.")
                .param(
                        "competitor",
                        load.competitors().stream().map(Competitor::name).toArray(String[]::new))
                .threads(load.threads())
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(load.seconds()))
                .addProfiler(GCProfiler.class)
                .jvmArgs(jvm.toArray(String[]::new))
                .shouldFailOnError(true)
                .output(log.toString())
                .build();
        try {
            return new Runner(options).run().stream().map(JmhRun::found).toList();
        } catch (RunnerException e) {
            throw new IOException("JMH failed: " + e.getMessage() + "\n" + Files.readString(log), e);
        }
    }

    private static Found found(RunResult result) {
        var parameters = result.getParams();
        var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated == null) {
            throw new IllegalStateException("JMH has not measured what is allocated, only "
                    + result.getSecondaryResults().keySet());
        }
        return new Found(
                Competitor.valueOf(parameters.getParam("competitor")),
                parameters.getThreads(),
                result.getPrimaryResult().getScore(),
                allocated.getScore());
    }

    /** The bytes of one of them. */
    static double bytes(Collection<Found> found, Competitor competitor) {
        return found.stream()
                .filter(one -> one.competitor() == competitor)
                .mapToDouble(Found::bytes)
                .max()
                .orElse(Double.NaN);
    }
}
