package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.HistoryEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Two forks of {@link ReplayBenchmark}: one logs with pauses, and the other one follows it and measures how late it sees that. */
final class FollowFork {

    /** Which of the two. */
    enum Task {
        LOG,
        FOLLOW
    }

    private static final String NAME = "followed";

    /** A file in the repository that says that the other one follows. */
    private static final String READY = ".git/following";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int LONGEST_PAUSE_MILLIS = 40;
    private static final int STEPS_PER_TAG = 20;

    private FollowFork() {}

    /** Arguments: task, repository; to log, the number of metrics, of which each twentieth is followed by an event. */
    public static void main(String[] args) throws Exception {
        var repository = Path.of(args[1]);
        try (var daybook = Daybook.open(repository)) {
            switch (Task.valueOf(args[0])) {
                case LOG -> log(daybook, repository.resolve(READY), Integer.parseInt(args[2]));
                case FOLLOW -> follow(daybook, repository.resolve(READY)).print(System.out);
            }
        }
    }

    private static void log(Daybook daybook, Path ready, int steps) throws InterruptedException {
        var random = new SplittableRandom(steps);
        try (var experiment = daybook.experiment(NAME).init()) {
            var loss = experiment.metric("loss");
            long begun = System.nanoTime();
            while (!Files.exists(ready)) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new IllegalStateException("nobody follows within " + PATIENCE);
                }
                Thread.sleep(1);
            }
            for (int step = 0; step < steps; step++) {
                loss.log(step, 1.0 / (1 + step));
                if (step % STEPS_PER_TAG == 0) {
                    experiment.tag("step " + step);
                }
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
            experiment.discard();
        }
    }

    private static Figures follow(Daybook daybook, Path ready) throws IOException, InterruptedException {
        while (daybook.find(NAME).isEmpty()) {
            Thread.sleep(1);
        }
        var seen = new ArrayList<Seen>();
        var follower = daybook.follow(NAME);
        follower.poll(entry -> {});
        Files.createFile(ready);
        follower.run(entry -> seen.add(new Seen(entry, Instant.now())));
        var metrics = lateness(seen, true);
        var events = lateness(seen, false);
        var figures = new Figures();
        figures.put("metrics", metrics.size());
        figures.put("metrics-median", metrics.get(metrics.size() / 2));
        figures.put("metrics-most", metrics.get(metrics.size() - 1));
        figures.put("events", events.size());
        figures.put("events-median", events.get(events.size() / 2));
        figures.put("events-most", events.get(events.size() - 1));
        return figures;
    }

    private record Seen(HistoryEntry entry, Instant at) {}

    /** In milliseconds, sorted; both processes ask the same clock, to the millisecond. */
    private static List<Long> lateness(List<Seen> seen, boolean isMetric) {
        var all = new ArrayList<Long>();
        for (var each : seen) {
            if (each.entry().kind().equals(HistoryEntry.METRIC_LOGGED) == isMetric) {
                all.add(Duration.between(each.entry().time(), each.at()).toMillis());
            }
        }
        Collections.sort(all);
        return all;
    }
}
