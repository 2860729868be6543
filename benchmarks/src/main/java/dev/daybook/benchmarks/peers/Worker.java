package dev.daybook.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hosts a tracker in a JVM of its own and does what it is told, a line at a time, as {@code worker.py} does for the trackers in Python;
 * {@code measure.py} tells and measures.
 *
 * <pre>
 * open RUNS          begins that many runs                                           0
 * log STEPS SECONDS  logs that many steps, or those that it can, into one by one     the scalars logged
 * close              ends the runs                                                   0
 * drop               ends the runs and keeps nothing of them, if the tracker can     0
 * count              what the tracker's own reader finds                             the scalars found
 * repair             repairs what was killed: not needed                            0
 * die STEPS          logs, and kills itself with SIGKILL when the last call returns  nothing
 * </pre>
 */
public final class Worker {

    /** What begins runs, and reads them. */
    public interface Tracker {
        Run open();

        long count();
    }

    /** What is logged to. */
    public interface Run {
        void log(int step, double loss, double acc, double lr);

        void close();

        default void drop() {
            close();
        }
    }

    private static final int SCALARS_PER_STEP = 3;

    private final Tracker tracker;
    private final List<Run> runs = new ArrayList<>();

    private Worker(Tracker tracker) {
        this.tracker = tracker;
    }

    /** Does what it is told until there is nothing more. */
    public static void serve(Tracker tracker) throws IOException {
        PrintStream replies = System.out;
        // A tracker may print what it likes, but not between the replies.
        System.setOut(System.err);
        var worker = new Worker(tracker);
        try (var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                replies.println(worker.obey(line.split(" ", -1)));
                replies.flush();
            }
        }
    }

    private long obey(String[] words) throws IOException {
        switch (words[0]) {
            case "open" -> open(Integer.parseInt(words[1]));
            case "log" -> {
                return log(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
            }
            case "close" -> end(Run::close);
            case "drop" -> end(Run::drop);
            case "count" -> {
                return tracker.count();
            }
            case "repair" -> {}
            case "die" -> die(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        }
        return 0;
    }

    private void open(int count) {
        for (int i = 0; i < count; i++) {
            runs.add(tracker.open());
        }
    }

    private long log(int steps, double seconds) {
        long deadline = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        long scalars = 0;
        for (Run run : runs) {
            scalars += log(run, steps, deadline);
        }
        return scalars;
    }

    private static long log(Run run, int steps, long deadline) {
        for (int step = 0; step < steps; step++) {
            double loss = 1.0 / (1 + step);
            run.log(step, loss, 1 - loss, 0.1 / (1 + step / 100));
            // The clock costs as much as a call of a quick tracker: it is asked seldom.
            if ((step & 63) == 63 && System.nanoTime() > deadline) {
                return (step + 1L) * SCALARS_PER_STEP;
            }
        }
        return (long) steps * SCALARS_PER_STEP;
    }

    private void end(Consumer<Run> how) {
        runs.forEach(how);
        runs.clear();
    }

    private void die(int steps) throws IOException {
        // Started before, so that a word is enough at the end.
        var killer = new ProcessBuilder(
                        "sh",
                        "-c",
                        "read word; kill -9 " + ProcessHandle.current().pid())
                .start();
        log(steps, Long.MAX_VALUE / 1e10);
        try (var word = killer.outputWriter()) {
            word.write("now\n");
        }
        while (true) {
            Thread.onSpinWait();
        }
    }
}
