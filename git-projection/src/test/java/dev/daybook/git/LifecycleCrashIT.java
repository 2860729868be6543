package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.ExperimentState;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.Rounds;
import dev.daybook.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills processes that set parameters in a file, log plots, begin with checkpoints, resume, complete, save in the background and discard, make
 * the files of DVC and collect the journal, some of them beside one that recovers: each call has happened or not, and can be made again. The
 * seed decides when; {@code -Ddaybook.seed} repeats one, {@code -Ddaybook.rounds} asks for more.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LifecycleCrashIT {

    private static final int ROUNDS = Rounds.of(8);
    private static final int ROUNDS_OF_A_REPOSITORY = 10;
    private static final int MAX_STEPS = 12;
    private static final int MAX_MILLIS = 40;
    private static final int MAX_MILLIS_IN_THE_MIDDLE = 5;
    private static final int MAX_MILLIS_BETWEEN_DELETIONS = 3;
    private static final Duration OLD = Duration.ofDays(2);
    private static final String QUEUE = "19700101F.cq4";
    private static final String MODE = "rw-r-x---";

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private int repositories;
    private GitRepo repo;
    private Path log;

    /** What is known to be so, by names. */
    private final Map<String, Known> unfinished = new TreeMap<>();

    private final Map<String, String> saved = new TreeMap<>();
    private final Map<String, String> firstRates = new HashMap<>();
    private String rate = "";

    /** Saved experiments of which nobody needs the journal any more, and the generations that hold nothing else. */
    private final Set<String> collected = new TreeSet<>();

    private final Set<Path> old = new TreeSet<>();

    /**
     * An unfinished experiment.
     *
     * @param points of its plot
     * @param origin the experiment with whose checkpoint it began
     */
    private record Known(String rate, long points, boolean isCompleted, String origin) {}

    private static final Known NONE = new Known("", 0, false, "");

    @BeforeEach
    void make_a_repository() throws IOException {
        repositories++;
        repo = GitRepo.init(temp.resolve("repo-" + repositories))
                .write(LifecycleCrashChild.FILE, GitRepo.PARAMS)
                .write("train.py", "print(\"train\")\n")
                .commit("baseline");
        Files.setPosixFilePermissions(
                repo.top.resolve(LifecycleCrashChild.FILE), PosixFilePermissions.fromString(MODE));
        log = temp.resolve("log-" + repositories);
        unfinished.clear();
        saved.clear();
        firstRates.clear();
        collected.clear();
        rate = "0.1";
        try (var daybook = LifecycleCrashChild.open(repo.top)) {
            say(daybook, List.of("init", LifecycleCrashChild.KEPT, "-"));
        }
        apply(List.of("init", LifecycleCrashChild.KEPT, "-"), "-");
        age(generations());
    }

    @Test
    void each_call_that_is_killed_has_happened_or_not_and_can_be_made_again() throws IOException {
        var cut = new TreeMap<String, Integer>();
        int leftBehind = 0;
        int halfCollected = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            makeOld(round);
            Files.writeString(log, "");
            var present = generations();
            killAmong(LifecycleCrashChild.VERBS.get(round % LifecycleCrashChild.VERBS.size()), random.nextBoolean());
            leftBehind += deleteLeft();
            var begun = replay();
            if (!begun.isEmpty()) {
                cut.merge(begun.get(0), 1, Integer::sum);
            }
            repo.assertSound();
            if (random.nextInt(3) == 0) {
                // what no ref holds is gone now
                repo.git("gc", "--prune=now", "--quiet");
            }
            var left = generations();
            halfCollected += old.stream().anyMatch(Files::exists) && !left.containsAll(old) ? 1 : 0;
            present.removeAll(old);
            assertThat(left).as(where + ": what is young or unfinished").containsAll(present);
            try (var daybook = LifecycleCrashChild.open(repo.top)) {
                assertThat(daybook.damage()).as(where).isEmpty();
                assertThat(daybook.verify().problems()).as(where).isEmpty();
                finish(daybook, begun, where + ", " + begun);
                collect(where);
                daybook.initializeDvc();
                assertAllIsThere(daybook, where);
                save(daybook, round % ROUNDS_OF_A_REPOSITORY == ROUNDS_OF_A_REPOSITORY - 1, where);
                assertAllIsThere(daybook, where);
            }
            if (round % ROUNDS_OF_A_REPOSITORY == ROUNDS_OF_A_REPOSITORY - 1) {
                Scratch.delete(repo.top);
                make_a_repository();
            }
        }
        System.out.println("LifecycleCrashIT: " + ROUNDS + " kills, in the middle of " + cut + ", " + halfCollected
                + " journals half collected, " + leftBehind + " files left behind, 0 experiments lost or doubled; seed "
                + seed);
        Rounds.done(ROUNDS, "kills in the life of experiments");
    }

    private static boolean hasQueue(Path generation) {
        return Files.exists(generation.resolve(QUEUE));
    }

    /** Those that hold something. */
    private Set<Path> generations() throws IOException {
        var all = new TreeSet<Path>();
        try (var folders = Files.newDirectoryStream(repo.top.resolve(".git/daybook/journal"), "2*")) {
            folders.forEach(all::add);
        }
        all.removeIf(generation -> !hasQueue(generation));
        return all;
    }

    private static void age(Set<Path> generations) throws IOException {
        var longAgo = FileTime.from(Instant.now().minus(OLD));
        for (var generation : generations) {
            Files.setLastModifiedTime(generation.resolve(QUEUE), longAgo);
        }
    }

    /** One experiment that was saved by an heir, and one that was discarded: three generations for a collection to take. */
    private void makeOld(int round) throws IOException {
        old.clear();
        var before = generations();
        var name = "old-" + round;
        try (var daybook = LifecycleCrashChild.open(repo.top)) {
            daybook.experiment(name).init().logMetric("loss", round);
        }
        try (var daybook = LifecycleCrashChild.open(repo.top)) {
            saved.put(name, daybook.resume(name).save().commit());
            collected.add(name);
        }
        try (var daybook = LifecycleCrashChild.open(repo.top)) {
            daybook.experiment("discarded-" + round).init().discard();
        }
        old.addAll(generations());
        old.removeAll(before);
        age(old);
    }

    private void killAmong(String verb, boolean besideRecovery) {
        try (var child = child(
                "output",
                log.toString(),
                Long.toString(random.nextLong()),
                verb,
                Integer.toString(random.nextInt(MAX_STEPS)))) {
            if (!besideRecovery) {
                killIn(verb, child);
                return;
            }
            try (var recovery = child("recovery")) {
                killIn(verb, child);
                recovery.runFor(random.nextInt(MAX_MILLIS));
                recovery.kill();
            }
        }
    }

    private ChildJvm child(String output, String... rest) {
        var arguments = new ArrayList<>(List.of(repo.top.toString()));
        arguments.addAll(List.of(rest));
        return ChildJvm.start(
                temp.resolve(output),
                Map.of(),
                List.of("-XX:TieredStopAtLevel=1"),
                LifecycleCrashChild.class,
                arguments.toArray(new String[0]));
    }

    private void killIn(String verb, ChildJvm child) {
        // what is old is there for the first collection alone
        boolean isCollecting = verb.equals("gc");
        long times = isCollecting ? 1 : 1 + random.nextInt(4);
        child.await(verb, () -> times(verb) >= times);
        if (isCollecting && random.nextInt(3) > 0) {
            child.await("a deletion", () -> !old.stream().allMatch(LifecycleCrashIT::hasQueue));
            child.runFor(random.nextInt(MAX_MILLIS_BETWEEN_DELETIONS));
            child.kill();
            return;
        }
        child.runFor(random.nextInt(random.nextInt(3) == 0 ? MAX_MILLIS : MAX_MILLIS_IN_THE_MIDDLE));
        child.kill();
    }

    private long times(String verb) {
        return lines().stream()
                .filter(line -> line.startsWith("begin " + verb + " "))
                .count();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What people are told to delete, and what an edit that was killed has prepared. */
    private int deleteLeft() throws IOException {
        int deleted = Files.deleteIfExists(repo.top.resolve(".git/packed-refs.lock")) ? 1 : 0;
        try (var edits = Files.newDirectoryStream(repo.top, ".daybook-*.tmp")) {
            for (var edit : edits) {
                Files.delete(edit);
                deleted++;
            }
        }
        return deleted;
    }

    /** Takes what was done into account, and gives the words of what was only begun. */
    private List<String> replay() {
        List<String> begun = List.of();
        for (var line : lines()) {
            if (line.startsWith("done ")) {
                apply(begun, line.substring("done ".length()));
                begun = List.of();
            } else {
                begun = List.of(line.substring("begin ".length()).split(" ", -1));
            }
        }
        return begun;
    }

    /** @param result the name of an experiment that began with a checkpoint, or the commit of one that was saved */
    private void apply(List<String> step, String result) {
        var name = step.get(1);
        var word = step.get(2);
        var known = unfinished.getOrDefault(name, NONE);
        switch (step.get(0)) {
            case "init" -> begin(name, rate, "");
            case "from" -> begin(result, firstRates.getOrDefault(name, ""), name);
            case "params" -> {
                unfinished.put(name, new Known(word, known.points(), false, known.origin()));
                rate = word;
            }
            case "plot" -> unfinished.put(name, new Known(known.rate(), Long.parseLong(word), false, known.origin()));
            case "complete" -> unfinished.put(name, new Known(known.rate(), known.points(), true, known.origin()));
            case "save" -> isSaved(name, result);
            case "discard" -> unfinished.remove(name);
            default -> assertThat(step.get(0)).isIn("resume", "dvc-init", "gc");
        }
    }

    private void begin(String name, String itsRate, String origin) {
        assertThat(unfinished.put(name, new Known(itsRate, 0, false, origin))).isNull();
        firstRates.put(name, itsRate);
    }

    /** Finds out whether what was only begun has happened, all of it or nothing, and says it again where it has not. */
    private void finish(Daybook daybook, List<String> begun, String where) throws IOException {
        var found = found(daybook, where);
        boolean isSave = !begun.isEmpty() && begun.get(0).equals("save");
        if (isSave && found.getOrDefault(begun.get(1), NONE).isCompleted()) {
            // the first half of it
            apply(List.of("complete", begun.get(1), "-"), "-");
        }
        var before = Map.copyOf(unfinished);
        var rateBefore = rate;
        var rateFound = rateInFile(where);
        boolean isDone = !found.equals(before);
        if (!begun.isEmpty()) {
            var fresh = isSave
                    ? commit(daybook, begun.get(1))
                    : found.keySet().stream()
                            .filter(name -> !before.containsKey(name))
                            .findFirst();
            // a value is recorded before the file is replaced
            boolean isHalfDone = begun.get(0).equals("params") && rateFound.equals(rateBefore);
            apply(begun, isDone && !isHalfDone ? fresh.orElse("-") : say(daybook, begun));
        }
        if (isDone) {
            assertThat(found).as(where).isEqualTo(unfinished);
        }
        assertThat(rateFound).as(where).isIn(rateBefore, isDone ? rate : rateBefore);
        assertThat(rateInFile(where)).as(where).isEqualTo(rate);
        assertThat(found(daybook, where)).as(where).isEqualTo(unfinished);
        if (!begun.isEmpty() && begun.get(0).equals("discard")) {
            try (var other = daybook.experiment(begun.get(1)).init()) {
                assertThat(other.name())
                        .as(where + ": its name can be had again")
                        .isEqualTo(begun.get(1));
                other.discard();
            }
        }
    }

    private static Optional<String> commit(Daybook daybook, String name) {
        return daybook.experiments().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .flatMap(ExperimentSummary::commit);
    }

    /** Says something again, as people do; what {@link #apply} needs to know of it. */
    private String say(Daybook daybook, List<String> step) {
        var verb = step.get(0);
        var name = step.get(1);
        switch (verb) {
            case "init" -> {
                try (var run = daybook.experiment(name).init()) {
                    assertThat(run.name()).isEqualTo(name);
                }
            }
            case "from" -> {
                try (var run = daybook.resumeFrom(name, 1)) {
                    return run.name();
                }
            }
            case "save" -> {
                return daybook.find(name).orElseThrow().save().commit();
            }
            case "discard" -> daybook.find(name).orElseThrow().discard();
            case "params", "plot", "complete" -> {
                try (var run = daybook.resume(name)) {
                    LifecycleCrashChild.say(run, verb, step.get(2));
                }
            }
            case "resume" -> daybook.resume(name).close();
            default -> assertThat(verb).isIn("dvc-init", "gc");
        }
        return "-";
    }

    /** The file of parameters is the old one or the new one, to the byte. */
    private String rateInFile(String where) throws IOException {
        var file = repo.top.resolve(LifecycleCrashChild.FILE);
        var content = Files.readString(file);
        var line = Pattern.compile("(?m)^lr: (\\S+) ").matcher(content);
        assertThat(line.find()).as(where).isTrue();
        assertThat(content).as(where).isEqualTo(params(line.group(1)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .as(where)
                .isEqualTo(MODE);
        return line.group(1);
    }

    private static String params(String rate) {
        return GitRepo.PARAMS.replace("lr: 0.1 ", "lr: " + rate + " ");
    }

    /** What the journal says of what is unfinished. */
    private Map<String, Known> found(Daybook daybook, String where) {
        var found = new TreeMap<String, Known>();
        for (var each : daybook.experiments()) {
            assertThat(each.problems()).as(where + ": " + each).isEmpty();
            if (each.status() != Status.PERSISTED) {
                assertThat(each.status()).as(where).isIn(Status.INTERRUPTED, Status.COMPLETED);
                var experiment = daybook.find(each.name()).orElseThrow();
                assertThat(found.put(each.name(), known(experiment, where)))
                        .as(where + ": a second " + each.name())
                        .isNull();
            }
        }
        return found;
    }

    private Known known(Experiment experiment, String where) {
        var events = experiment.history().events();
        long points = 0;
        for (var event : events) {
            if (event.kind().equals("PlotLogged")) {
                points = (Long) event.details().getOrDefault("points", 0L);
            }
        }
        var origin = "";
        if (events.get(0).details().get("origin") instanceof Map<?, ?> from) {
            origin = String.valueOf(from.get("name"));
            assertThat(from.get("checkpoint")).as(where).isEqualTo(1L);
            assertThat(repo.git(
                            "rev-parse",
                            ExperimentRefs.CHECKPOINTS + experiment.id().orElseThrow()))
                    .as(where + ": what keeps the checkpoint that " + experiment + " began with")
                    .isEqualTo(from.get("commit"));
        }
        return new Known(
                String.valueOf(experiment.params().asMap().get("lr")),
                points,
                experiment.state() == ExperimentState.COMPLETED,
                origin);
    }

    /** Collects what is old, or the rest of it. */
    private void collect(String where) {
        try (var daybook = LifecycleCrashChild.openToCollect(repo.top)) {
            daybook.collectJournal(false);
        }
        assertThat(old).as(where + ": what is old").noneMatch(Files::exists);
    }

    private void assertAllIsThere(Daybook daybook, String where) {
        assertThat(found(daybook, where)).as(where).isEqualTo(unfinished);
        var commits = new TreeMap<String, String>();
        daybook.experiments().forEach(each -> each.commit().ifPresent(commit -> commits.put(each.name(), commit)));
        assertThat(commits).as(where + ": what is saved").isEqualTo(saved);
        for (var name : collected) {
            assertThat(daybook.history(name).events())
                    .as(where + ": of " + name)
                    .isNotEmpty();
        }
        var begun = new ArrayList<>(unfinished.keySet());
        begun.addAll(saved.keySet());
        begun.removeAll(collected);
        Census.assertEachIsInOnePlace(repo, daybook, begun, collected, where);
        assertThat(repo.top.resolve(".dvc/.gitignore")).as(where).hasContent("/config.local\n/tmp\n/cache\n");
        assertThat(repo.top.resolve(".dvc/config")).as(where).isEmptyFile();
        repo.assertSound();
    }

    /** What is completed, and some of the others. */
    private void save(Daybook daybook, boolean isAll, String where) {
        for (var each : Map.copyOf(unfinished).entrySet()) {
            var name = each.getKey();
            var known = each.getValue();
            boolean isKept = name.equals(LifecycleCrashChild.KEPT);
            if (isKept || !isAll && !known.isCompleted() && random.nextInt(3) > 0) {
                continue;
            }
            var experiment = daybook.find(name).orElseThrow();
            var checkpoint = experiment.history().events().get(0).details().get("origin") instanceof Map<?, ?> origin
                    ? String.valueOf(origin.get("commit"))
                    : "";
            var commit = experiment.save().commit();
            if (!checkpoint.isEmpty()) {
                assertThat(repo.git("rev-parse", commit + "^2")).as(where).isEqualTo(checkpoint);
            }
            isSaved(name, commit);
        }
    }

    /** Its commit has what is known of it. */
    private void isSaved(String name, String commit) {
        var known = unfinished.getOrDefault(name, NONE);
        if (!known.rate().equals(firstRates.get(name))) {
            assertThat(repo.show(commit, LifecycleCrashChild.FILE)).as(name).isEqualTo(params(known.rate()));
        }
        var plot = "dvclive/plots/custom/roc.json";
        long points = repo.files(commit).contains(plot)
                ? Pattern.compile("\"x\"")
                        .matcher(repo.show(commit, plot))
                        .results()
                        .count()
                : 0;
        assertThat(points).as(name).isEqualTo(known.points());
        unfinished.remove(name);
        saved.put(name, commit);
    }
}
