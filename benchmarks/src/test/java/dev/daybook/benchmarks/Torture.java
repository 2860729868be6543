package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Tries to break Daybook for as long as it is told: all suites in turn, each go with a seed of its own and in a JVM of its own, so that one that
 * hangs or dies is a loss and not the end. What a go said stays beside the counts if something was lost, with the command that repeats it.
 */
final class Torture {

    private static final Path FOLDER = Path.of("benchmarks", "target", "torture");
    private static final Duration LONGEST_GO = Duration.ofMinutes(15);
    private static final Pattern ROUNDS = Pattern.compile("(?m)^ROUNDS (\\d+) ");

    private final Options options;
    private final Counts before;
    private final Counts after;
    private final List<String> losses = new ArrayList<>();

    private Torture(Options options) throws IOException {
        this.options = options;
        this.before = Counts.read(options.counts());
        this.after = Counts.read(options.counts());
    }

    /**
     * What was asked for.
     *
     * @param seed from which the goes' seeds are drawn
     * @param goSeed of the only go, if one is to be repeated
     */
    private record Options(Duration time, long seed, OptionalLong goSeed, Path counts, Set<Suite> suites) {

        static Options of(String... args) {
            var time = Duration.ofMinutes(60);
            long seed = System.nanoTime();
            var goSeed = OptionalLong.empty();
            var counts = FOLDER.resolve("counts.tsv");
            var suites = EnumSet.noneOf(Suite.class);
            for (int i = 0; i + 1 < args.length; i += 2) {
                switch (args[i]) {
                    case "--minutes" -> time = Duration.ofMinutes(Long.parseLong(args[i + 1]));
                    case "--seed" -> seed = Long.parseLong(args[i + 1]);
                    case "--go-seed" -> goSeed = OptionalLong.of(Long.parseLong(args[i + 1]));
                    case "--counts" -> counts = Path.of(args[i + 1]);
                    case "--suite" -> suites.add(Suite.valueOf(args[i + 1]));
                    default -> throw new IllegalArgumentException(args[i]);
                }
            }
            if (args.length % 2 != 0) {
                throw new IllegalArgumentException(args[args.length - 1]);
            }
            if (goSeed.isPresent() && suites.size() != 1) {
                throw new IllegalArgumentException("--go-seed without its one --suite");
            }
            return new Options(time, seed, goSeed, counts, suites.isEmpty() ? EnumSet.allOf(Suite.class) : suites);
        }
    }

    /** See {@code benchmarks/run}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println("usage: benchmarks/run torture [--minutes N] [--seed S] [--counts FILE] [--suite "
                    + List.of(Suite.values()) + " [--go-seed S]]; not understood: " + e.getMessage());
            System.exit(2);
            return;
        }
        var torture = new Torture(options);
        System.exit(
                options.goSeed().isPresent() ? torture.repeat(options.goSeed().getAsLong()) : torture.run());
    }

    private int run() throws IOException, InterruptedException {
        System.out.printf("torture: %s, seed %d, begun %s%n", options.time(), options.seed(), Instant.now());
        var seeds = new Random(options.seed());
        var end = Instant.now().plus(options.time());
        while (Instant.now().isBefore(end)) {
            for (var suite : options.suites()) {
                if (Instant.now().isBefore(end)) {
                    go(suite, seeds.nextLong() >>> 1);
                }
            }
        }
        return report();
    }

    /** One go by itself, whatever is still to come through. */
    private int repeat(long seed) throws IOException, InterruptedException {
        for (var suite : options.suites()) {
            go(suite, seed);
        }
        losses.forEach(System.out::println);
        return losses.isEmpty() ? 0 : 1;
    }

    private void go(Suite suite, long seed) throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        var log = FOLDER.resolve(suite.goalName() + "-" + seed + ".log");
        var temporary = Files.createTempDirectory("daybook-torture");
        try {
            var begun = Instant.now();
            int code = exitCode(suite, seed, log, temporary);
            record(suite, seed, log, code, Duration.between(begun, Instant.now()));
        } finally {
            clear(temporary);
        }
    }

    private void record(Suite suite, long seed, Path log, int code, Duration time) throws IOException {
        // as text, whatever bytes are in it
        var said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        long rounds = ROUNDS.matcher(said)
                .results()
                .mapToLong(each -> Long.parseLong(each.group(1)))
                .sum();
        boolean hasRun = rounds > 0 || suite.goal() == 0;
        boolean isLost = code != 0 || !hasRun;
        after.add(suite, seed, isLost ? 0 : rounds, isLost ? 1 : 0);
        System.out.printf(
                "%s: %,d rounds, %s, %d s%n",
                suite.testName(),
                rounds,
                !isLost ? "nothing lost" : hasRun ? "LOST" : "LOST: it ran nothing",
                time.toSeconds());
        if (isLost) {
            losses.add(suite.testName() + ", seed " + seed + ": see " + log
                    + ", and repeat it with: benchmarks/run torture --suite " + suite + " --go-seed " + seed);
        } else {
            Files.delete(log);
        }
    }

    private static int exitCode(Suite suite, long seed, Path log, Path temporary)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Fork.accessFlags());
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-Djqwik.database=" + temporary.resolve("jqwik"));
        command.add("-Ddaybook.rounds=" + suite.rounds());
        command.add("-Ddaybook.seed=" + seed);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(TestRun.class.getName());
        command.add(suite.test());
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // the DVC of whoever runs this, and its cache, have nothing to do with it
        builder.environment()
                .put("DVC_SYSTEM_CONFIG_DIR", temporary.resolve("no-dvc-config").toString());
        builder.environment()
                .put("DVC_GLOBAL_CONFIG_DIR", temporary.resolve("no-dvc-config").toString());
        var process = builder.start();
        // those of a process that has died are nobody's any more: they are looked for while it lives
        Set<ProcessHandle> started = ConcurrentHashMap.newKeySet();
        // also if this run is ended from outside
        var end = new Thread(() -> end(process, started));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            var last = Instant.now().plus(LONGEST_GO);
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(started::add);
                if (Instant.now().isAfter(last)) {
                    return -1;
                }
            }
            return process.exitValue();
        } finally {
            end(process, started);
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    /** Returns when they are gone; who cannot be killed is not waited for without end. */
    private static void end(Process process, Set<ProcessHandle> started) {
        process.descendants().forEach(started::add);
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        started.add(process.toHandle());
        for (var each : started) {
            each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join();
        }
    }

    /** What cannot be deleted is no loss. */
    private static void clear(Path folder) {
        try {
            Workplace.clear(folder);
        } catch (IOException | UncheckedIOException e) {
            System.out.println(folder + " was not deleted: " + e);
        }
    }

    private int report() {
        var table = new Table(
                "promise", "test", "goes", "losses", "rounds since the last loss, in all runs", "losses in all runs");
        var goals = new Goals();
        int untried = 0;
        for (var suite : options.suites()) {
            var all = after.of(suite);
            var old = before.of(suite);
            long goes = all.goes() - old.goes();
            untried += goes == 0 ? 1 : 0;
            table.row(
                    suite.promise(),
                    "`" + suite.testName() + "`",
                    String.valueOf(goes),
                    String.valueOf(all.losses() - old.losses()),
                    String.format("%,d", all.rounds()),
                    String.valueOf(all.losses()));
            if (suite.goal() > 0) {
                goals.atLeast("torture-" + suite.goalName() + "-rounds", (double) all.rounds(), (double) suite.goal());
            }
        }
        goals.atMost("torture-losses", losses.size(), 0);
        goals.atMost("torture-suites-without-a-go", untried, 0);
        System.out.println();
        table.print(System.out);
        System.out.println();
        losses.forEach(System.out::println);
        return goals.report(System.out, false);
    }
}
