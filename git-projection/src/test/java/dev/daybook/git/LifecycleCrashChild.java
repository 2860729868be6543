package dev.daybook.git;

import dev.daybook.ChildProgram;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.PlotOptions;
import dev.daybook.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Takes experiments through their lives until it is killed; says beforehand what it does, and afterwards that it is done. Or opens the
 * repository again and again, which recovers.
 */
final class LifecycleCrashChild {

    static final List<String> VERBS =
            List.of("params", "plot", "from", "resume", "complete", "save", "discard", "dvc-init", "gc");

    /** An experiment that is never touched. */
    static final String KEPT = "kept";

    static final String FILE = "params.yaml";

    private static final Duration AGE = Duration.ofDays(1);
    private static final int MOST = 6;
    private static final int MOST_POINTS = 2_000;

    private final Path top;
    private final Path log;
    private final Random random;
    private final Daybook daybook;
    private final Daybook collector;
    private final Map<String, Experiment> running = new TreeMap<>();
    private final List<String> interrupted;

    private LifecycleCrashChild(Path top, Path log, Random random, Daybook daybook, Daybook collector) {
        this.top = top;
        this.log = log;
        this.random = random;
        this.daybook = daybook;
        this.collector = collector;
        this.interrupted = new ArrayList<>(daybook.experiments().stream()
                .filter(each -> each.status() == Status.INTERRUPTED)
                .map(ExperimentSummary::name)
                .filter(name -> !name.equals(KEPT))
                .toList());
    }

    /** {@code REPOSITORY LOG SEED VERB STEPS}, what is done again and again and after how many steps; or {@code REPOSITORY} alone. */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        var top = Path.of(args[0]);
        while (args.length == 1) {
            open(top).close();
        }
        try (var daybook = open(top);
                var collector = openToCollect(top)) {
            new LifecycleCrashChild(top, Path.of(args[1]), new Random(Long.parseLong(args[2])), daybook, collector)
                    .run(args[3], Integer.parseInt(args[4]));
        }
    }

    static Daybook open(Path top) {
        return Daybook.open(top, options());
    }

    /** Keeps what is younger than what the test has made old. */
    static Daybook openToCollect(Path top) {
        return Daybook.open(top, options().withRetention(new Retention(AGE, Long.MAX_VALUE)));
    }

    private static DaybookOptions options() {
        return DaybookOptions.defaults().withWarnings(warning -> {});
    }

    /** What needs no more than an experiment that is run. */
    static void say(Experiment run, String verb, String word) {
        switch (verb) {
            case "params" -> run.paramsFile(FILE).set("lr", Long.valueOf(word));
            case "plot" -> run.logPlot("roc", points(Integer.parseInt(word)), PlotOptions.of("x", "y"));
            case "complete" -> run.complete();
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private static List<Map<String, Integer>> points(int count) {
        return IntStream.range(0, count).mapToObj(i -> Map.of("x", i, "y", i)).toList();
    }

    private void run(String verb, int steps) throws IOException {
        var others = new ArrayList<>(VERBS);
        others.set(others.indexOf(verb), "init");
        for (int i = 0; ; i++) {
            var wanted = i < steps ? others.get(random.nextInt(others.size())) : verb;
            boolean isFull =
                    running.size() + interrupted.size() >= MOST && (wanted.equals("init") || wanted.equals("from"));
            step(isFull ? "discard" : wanted, i + "-" + random.nextInt(1_000_000));
        }
    }

    /** @param fresh a word that was never used */
    private void step(String verb, String fresh) throws IOException {
        switch (verb) {
            case "dvc-init" -> {
                Files.deleteIfExists(top.resolve(".dvc/.gitignore"));
                Files.deleteIfExists(top.resolve(".dvc/config"));
                log("begin dvc-init - -");
                daybook.initializeDvc();
                log("done -");
            }
            case "gc" -> {
                log("begin gc - -");
                collector.collectJournal(false);
                log("done -");
            }
            case "init" -> init("e" + fresh);
            default -> {
                var names = names(verb);
                if (names.isEmpty()) {
                    init("e" + fresh);
                } else {
                    stepOf(verb, names.get(random.nextInt(names.size())));
                }
            }
        }
    }

    /** Of those that it can be done with. */
    private List<String> names(String verb) {
        var names = new ArrayList<String>();
        if (verb.equals("resume") || verb.equals("discard")) {
            names.addAll(interrupted);
        }
        if (!verb.equals("resume") || names.isEmpty()) {
            names.addAll(running.keySet());
        }
        if (verb.equals("from")) {
            names.removeIf(name -> run(name).checkpoints().isEmpty());
        }
        return names;
    }

    private void init(String name) throws IOException {
        log("begin init " + name + " -");
        var run = daybook.experiment(name).init();
        log("done -");
        running.put(name, run);
        run.logMetric("loss", 1);
        run.makeCheckpoint("early");
    }

    private void stepOf(String verb, String name) throws IOException {
        if (verb.equals("resume") && running.containsKey(name)) {
            run(name).close();
            running.remove(name);
        }
        var word = switch (verb) {
            case "params" -> String.valueOf(random.nextInt(1, Integer.MAX_VALUE));
            case "plot" -> String.valueOf(random.nextInt(1, MOST_POINTS));
            default -> "-";
        };
        log("begin " + verb + " " + name + " " + word);
        var result = "-";
        switch (verb) {
            case "from" -> {
                var run = daybook.resumeFrom(name, 1);
                result = run.name();
                running.put(result, run);
            }
            case "resume" -> {
                running.put(name, daybook.resume(name));
                interrupted.remove(name);
            }
            case "save" -> {
                var saving = run(name).saveAsync();
                // the others go on meanwhile
                running.keySet().stream()
                        .filter(other -> !other.equals(name))
                        .forEach(other -> run(other).logMetric("loss", 2));
                result = saving.join().commit();
            }
            case "discard" -> {
                daybook.find(name).orElseThrow().discard();
                running.remove(name);
                interrupted.remove(name);
            }
            default -> say(run(name), verb, word);
        }
        if (verb.equals("complete") || verb.equals("save")) {
            running.remove(name);
        }
        log("done " + result);
    }

    private Experiment run(String name) {
        return Objects.requireNonNull(running.get(name));
    }

    private void log(String line) throws IOException {
        Files.writeString(
                log, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
