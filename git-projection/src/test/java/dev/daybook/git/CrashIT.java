package dev.daybook.git;

import static dev.daybook.git.PlotRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Checkpoint;
import dev.daybook.Daybook;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.MetricSummary;
import dev.daybook.NotOwnerException;
import dev.daybook.ProcessImage;
import dev.daybook.Rounds;
import dev.daybook.SavedExperiment;
import dev.daybook.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Child JVMs that are killed as {@code kill -9} does it, and images of what a kill would leave. The seed decides when; {@code -Ddaybook.seed} repeats one, and
 * {@code -Ddaybook.rounds} asks for more.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashIT {

    private static final int LOG_ROUNDS = 20;
    private static final int SAVE_ROUNDS = Rounds.of(10);
    private static final int CHECKPOINT_ROUNDS = Rounds.of(10);
    private static final int IMAGES = Rounds.of(10);
    private static final int IMAGES_OF_A_CHILD = 10;
    private static final int MAX_MILLIS_TO_IMAGE = 100;
    private static final int MIN_ACKS = 100;
    private static final int MAX_MORE_ACKS = 6_000;
    private static final int MAX_SAVE_MILLIS = 700;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private GitRepo repo;
    private String baseline;
    private Path output;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        baseline = repo.head();
        output = temp.resolve("output");
    }

    @Test
    void no_acknowledged_value_is_lost_in_twenty_kills() {
        long acknowledged = 0;
        for (int round = 0; round < LOG_ROUNDS; round++) {
            var name = "round-" + round;
            var acks = new Acks(temp.resolve(name));
            long target = (long) MIN_ACKS + random.nextInt(MAX_MORE_ACKS);
            try (var child = logger(acks, name, name)) {
                child.await("acknowledged values", () -> acks.get(Acks.METRICS) >= target);
                child.kill();
            }
            acknowledged += acks.get(Acks.METRICS);
            assertKeptAndSave(name, acks);
        }
        repo.assertSound();
        System.out.println(
                "CrashIT: " + LOG_ROUNDS + " kills, " + acknowledged + " acknowledged values, 0 lost; seed " + seed);
        Rounds.done(LOG_ROUNDS, "kills of a training");
    }

    private ChildJvm logger(Acks acks, String name, String victim) {
        // the child maps the file that the test has mapped
        assertThat(acks.get(Acks.METRICS)).isZero();
        return ChildJvm.start(
                output,
                CrashChild.class,
                "log",
                repo.top.toString(),
                temp.resolve(name).toString(),
                name,
                victim);
    }

    private void assertKeptAndSave(String name, Acks acks) {
        try (var daybook = Daybook.open(repo.top)) {
            var round = name + ", seed " + seed;
            var listed = only(daybook, name);
            assertThat(listed.status()).as(round).isEqualTo(Status.INTERRUPTED);
            assertThat(listed.problems()).as(round).isEmpty();
            assertThat(daybook.damage()).as(round).isEmpty();

            var found = daybook.find(name).orElseThrow();
            var kept = loss(found.metrics());
            // one value may have been logged and not yet acknowledged
            assertThat(kept.count())
                    .as(round)
                    .isBetween(acks.get(Acks.METRICS), acks.get(Acks.METRICS) + 1)
                    .isGreaterThanOrEqualTo(MIN_ACKS);
            assertThat(kept.lastStep()).as(round).isEqualTo(kept.count() - 1);
            assertThat(kept.last()).as(round).isEqualTo(CrashChild.value(kept.count() - 1));
            assertThat(listed.metrics()).as(round).containsEntry("loss", kept.last());
            assertThat((Long) listed.params().get("step")).as(round).isGreaterThanOrEqualTo(acks.get(Acks.PARAMS));
            assertThat((long) found.checkpoints().size())
                    .as(round)
                    .isBetween(acks.get(Acks.CHECKPOINTS), acks.get(Acks.CHECKPOINTS) + 1);

            var resumed = found.resume();
            resumed.logMetric("loss", 42.5);
            var saved = resumed.save();

            var rows = rows(kept.count());
            rows.add(row(kept.count(), 42.5));
            assertThat(rowsOf(saved)).as(round).isEqualTo(rows);
            assertThat(only(daybook, name).status()).isEqualTo(Status.PERSISTED);
            Census.assertEachIsInOnePlace(repo, daybook, List.of(name), round);
        }
    }

    @Test
    void a_living_process_takes_over_what_a_killed_one_left_and_goes_on_with_its_own() {
        var victimAcks = new Acks(temp.resolve("victim"));
        var heirAcks = new Acks(temp.resolve("heir"));
        try (var victim = logger(victimAcks, "victim", "victim");
                var heir = logger(heirAcks, "heir", "victim");
                var daybook = Daybook.open(repo.top)) {
            victim.await("values", () -> victimAcks.get(Acks.METRICS) >= MIN_ACKS);
            heir.await("values", () -> heirAcks.get(Acks.METRICS) >= MIN_ACKS);
            assertThat(only(daybook, "victim").status()).isEqualTo(Status.RUNNING);
            assertThat(only(daybook, "heir").status()).isEqualTo(Status.RUNNING);
            assertThatThrownBy(() -> daybook.resume("victim"))
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessageStartingWith(
                            "cannot resume: experiment 'victim' is being run by process " + victim.pid() + " ");
            assertThatThrownBy(() -> daybook.find("victim").orElseThrow().discard())
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessageContaining("process " + victim.pid());
            assertThatThrownBy(() -> daybook.find("victim").orElseThrow().save())
                    .isInstanceOf(NotOwnerException.class)
                    .hasMessageContaining("process " + victim.pid());

            victim.kill();
            assertThat(only(daybook, "victim").status()).isEqualTo(Status.INTERRUPTED);
            heirAcks.set(Acks.ORDER, CrashChild.TAKE_OVER);
            heir.await("takeover", () -> heirAcks.get(Acks.TAKEN_OVER) == 1);
            long before = heirAcks.get(Acks.METRICS);
            heir.await("values after the takeover", () -> heirAcks.get(Acks.METRICS) >= before + MIN_ACKS);
            assertThat(only(daybook, "victim").status()).isEqualTo(Status.PERSISTED);
            heirAcks.set(Acks.ORDER, CrashChild.STOP);
            heir.succeed();

            var inherited = rowsOf(only(daybook, "victim"));
            int count = inherited.size() - CrashChild.AFTER_TAKEOVER;
            assertThat((long) count).isBetween(victimAcks.get(Acks.METRICS), victimAcks.get(Acks.METRICS) + 1);
            var rows = rows(count);
            for (int i = 0; i < CrashChild.AFTER_TAKEOVER; i++) {
                rows.add(row(-i, i));
            }
            assertThat(inherited).isEqualTo(rows);
            assertThat(rowsOf(only(daybook, "heir"))).isEqualTo(rows(heirAcks.get(Acks.METRICS)));
            assertThat(daybook.damage()).isEmpty();
            Census.assertEachIsInOnePlace(repo, daybook, List.of("victim", "heir"), "after the takeover");
        }
        repo.assertSound();
    }

    @Test
    void a_process_inherits_from_a_killed_one_while_another_logs_on() {
        var victimAcks = new Acks(temp.resolve("victim"));
        var otherAcks = new Acks(temp.resolve("other"));
        try (var victim = logger(victimAcks, "victim", "victim");
                var other = logger(otherAcks, "other", "other")) {
            victim.await("values", () -> victimAcks.get(Acks.METRICS) >= MIN_ACKS);
            other.await("values", () -> otherAcks.get(Acks.METRICS) >= MIN_ACKS);
            victim.kill();
            long before = otherAcks.get(Acks.METRICS);
            assertKeptAndSave("victim", victimAcks);
            other.await("values after the takeover", () -> otherAcks.get(Acks.METRICS) >= before + MIN_ACKS);
            other.kill();
            assertKeptAndSave("other", otherAcks);
        }
        repo.assertSound();
    }

    @Test
    void a_save_that_is_killed_anywhere_is_there_once_or_can_be_saved() {
        var file = temp.resolve("saved");
        var acknowledged = new HashMap<String, String>();
        var savedLate = new HashMap<String, Long>();
        for (int round = 0; round < SAVE_ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            long lines = lines(file).size();
            long refs = refFiles();
            try (var child = ChildJvm.start(
                    output, CrashChild.class, "save", repo.top.toString(), file.toString(), "r" + round + "-")) {
                if (round % 2 == 0) {
                    child.await("a saved experiment", () -> lines(file).size() > lines);
                    child.runFor(random.nextInt(MAX_SAVE_MILLIS));
                } else {
                    // just before or after the experiment is persisted in the journal
                    child.await("a new ref", () -> refFiles() > refs);
                }
                child.kill();
            }
            for (var line : lines(file)) {
                var parts = line.split(" ", -1);
                acknowledged.put(parts[0], parts[2]);
            }
            age(repo.top.resolve(".git/" + ExperimentRefs.experiment(repo.head(), "")));
            settle(where, begun(file), acknowledged, savedLate);
        }
        repo.assertSound();
        System.out.println("CrashIT: " + SAVE_ROUNDS + " kills among saves, " + acknowledged.size()
                + " acknowledged saves, 0 lost, " + savedLate.size() + " unfinished; seed " + seed);
        Rounds.done(SAVE_ROUNDS, "kills among saves");
    }

    /** A lock that was made and not written is nobody's, once it is old. */
    private static void age(Path refs) {
        try {
            for (var name : Files.isDirectory(refs) ? GitRepo.listing(refs) : List.<String>of()) {
                if (name.endsWith(".lock") && Files.size(refs.resolve(name)) == 0) {
                    Files.setLastModifiedTime(
                            refs.resolve(name), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Opens, which recovers; checks all experiments; saves what is unfinished.
     *
     * @param begun names of experiments, perhaps not of all
     * @param savedLate the experiments that were unfinished, with the number of values that each had
     */
    private void settle(
            String round, List<String> begun, Map<String, String> acknowledged, Map<String, Long> savedLate) {
        try (var daybook = Daybook.open(repo.top)) {
            assertThat(daybook.damage()).as(round).isEmpty();
            assertThat(daybook.recover()).as(round + ": open has recovered all").isEmpty();
            var all = daybook.experiments();
            assertThat(all).as(round).extracting(ExperimentSummary::name).doesNotHaveDuplicates();
            var commits = new HashMap<String, String>();
            for (var one : all) {
                assertThat(one.problems()).as(round + " " + one).isEmpty();
                if (one.status() == Status.PERSISTED) {
                    commits.put(one.name(), one.commit().orElseThrow());
                    long values = savedLate.getOrDefault(one.name(), (long) CrashChild.VALUES_PER_SAVED);
                    assertThat(rowsOf(one, values > 0)).as(round + " " + one).isEqualTo(rows(values));
                }
            }
            assertThat(commits).as(round).containsAllEntriesOf(acknowledged);
            // a save that was not acknowledged may have been carried to its end: of each child one at most
            assertThat(commits.size()).as(round).isLessThanOrEqualTo(acknowledged.size() + SAVE_ROUNDS);
            Census.assertEachIsInOnePlace(repo, daybook, begun, round);

            long before = savedLate.size();
            for (var one : all) {
                if (one.status() != Status.PERSISTED) {
                    assertThat(one.status()).as(round).isIn(Status.INTERRUPTED, Status.COMPLETED);
                    var found = daybook.find(one.name()).orElseThrow();
                    savedLate.put(
                            one.name(),
                            found.metrics().stream()
                                    .mapToLong(MetricSummary::count)
                                    .sum());
                    var saved = found.save();
                    assertThat(saved.name()).isEqualTo(one.name());
                    repo.git("rev-parse", "--verify", "-q", saved.commit() + "^{tree}");
                }
            }
            assertThat(savedLate.size() - before)
                    .as(round + ": what one child leaves behind")
                    .isLessThanOrEqualTo(1);
            assertThat(daybook.experiments())
                    .as(round)
                    .extracting(ExperimentSummary::status)
                    .containsOnly(Status.PERSISTED);
            Census.assertEachIsInOnePlace(repo, daybook, begun, round);
        }
    }

    @Test
    void a_checkpoint_that_is_killed_anywhere_is_whole_and_recorded_once_or_not_at_all() {
        long recorded = 0;
        for (int round = 0; round < CHECKPOINT_ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            var acks = new Acks(temp.resolve("checkpoints-" + round));
            try (var child = ChildJvm.start(
                    output,
                    CrashChild.class,
                    "checkpoint",
                    repo.top.toString(),
                    temp.resolve("checkpoints-" + round).toString(),
                    "steps")) {
                child.await("a checkpoint", () -> acks.get(Acks.CHECKPOINTS) > 0);
                child.runFor(random.nextInt(MAX_SAVE_MILLIS));
                child.kill();
            }
            // what no ref holds is gone now
            repo.git("gc", "--prune=now", "--quiet");
            try (var daybook = Daybook.open(repo.top)) {
                var checkpoints = daybook.find("steps").orElseThrow().checkpoints();
                // one may have been recorded and not yet acknowledged
                assertThat(checkpoints.size() - recorded)
                        .as(where)
                        .isBetween(acks.get(Acks.CHECKPOINTS), acks.get(Acks.CHECKPOINTS) + 1);
                recorded = checkpoints.size();
                assertThat(checkpoints).as(where).extracting(Checkpoint::commit).doesNotHaveDuplicates();
                for (var checkpoint : checkpoints) {
                    int number = checkpoint.number() - 1;
                    assertThat(checkpoint.message()).as(where).startsWith("at ");
                    assertThat(rowsOf(checkpoint.commit()))
                            .as(where + ": " + checkpoint)
                            .hasSizeGreaterThan(number);
                }
                Census.assertEachIsInOnePlace(repo, daybook, List.of("steps"), where);
            }
        }
        repo.assertSound();
        try (var daybook = Daybook.open(repo.top)) {
            var run = daybook.resume("steps");
            var last = run.makeCheckpoint("the last");
            assertThat(repo.git("rev-parse", run.save().commit() + "^2")).isEqualTo(last.commit());
        }
        System.out.println(
                "CrashIT: " + CHECKPOINT_ROUNDS + " kills, " + recorded + " checkpoints, all whole; seed " + seed);
        Rounds.done(CHECKPOINT_ROUNDS, "kills among checkpoints");
    }

    /** As a kill at this moment would leave it: the child stands still meanwhile, and goes on afterwards. */
    private void inAnImage(ChildJvm child, Runnable check) throws IOException {
        var living = repo;
        var image = temp.resolve("image");
        ProcessImage.take(child.handle(), living.top, image);
        repo = new GitRepo(image);
        try {
            check.run();
        } finally {
            repo = living;
        }
        Scratch.delete(image);
        ProcessImage.goOn(child.handle());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void each_image_of_a_process_that_logs_has_all_that_was_acknowledged_and_can_be_gone_on_with() throws IOException {
        long acknowledged = 0;
        for (int images = 0; images < IMAGES; images += IMAGES_OF_A_CHILD) {
            var name = "images-" + images;
            var acks = new Acks(temp.resolve(name));
            try (var child = logger(acks, name, name)) {
                for (int i = 0; i < IMAGES_OF_A_CHILD && images + i < IMAGES; i++) {
                    long target = acks.get(Acks.METRICS) + MIN_ACKS + random.nextInt(MAX_MORE_ACKS);
                    child.await("acknowledged values", () -> acks.get(Acks.METRICS) >= target);
                    inAnImage(child, () -> assertKeptAndSave(name, acks));
                    acknowledged += acks.get(Acks.METRICS);
                }
                inAnImage(child, () -> repo.assertSound());
                child.kill();
            }
        }
        System.out.println("CrashIT: " + IMAGES + " images of trainings, " + acknowledged
                + " acknowledged values, 0 lost; seed " + seed);
        Rounds.done(IMAGES, "images of a training");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void each_image_of_a_process_that_saves_has_each_save_once_or_can_save_it() throws IOException {
        long acknowledged = 0;
        long unfinished = 0;
        for (int images = 0; images < IMAGES; images += IMAGES_OF_A_CHILD) {
            var prefix = "i" + images + "-";
            var file = temp.resolve(prefix);
            try (var child =
                    ChildJvm.start(output, CrashChild.class, "save", repo.top.toString(), file.toString(), prefix)) {
                for (int i = 0; i < IMAGES_OF_A_CHILD && images + i < IMAGES; i++) {
                    long lines = lines(file).size();
                    child.await("a saved experiment", () -> lines(file).size() > lines);
                    child.runFor(random.nextInt(MAX_MILLIS_TO_IMAGE));
                    var where = "image " + (images + i) + ", seed " + seed;
                    var savedLate = new HashMap<String, Long>();
                    var saves = new HashMap<String, String>();
                    inAnImage(child, () -> {
                        for (var line : lines(file)) {
                            var parts = line.split(" ", -1);
                            saves.put(parts[0], parts[2]);
                        }
                        age(repo.top.resolve(".git/" + ExperimentRefs.experiment(baseline, "")));
                        settle(where, begun(file), saves, savedLate);
                    });
                    acknowledged += saves.size();
                    unfinished += savedLate.size();
                }
                inAnImage(child, () -> repo.assertSound());
                child.kill();
            }
            repo = GitRepo.reference(temp.resolve("repo-" + images));
            baseline = repo.head();
        }
        System.out.println("CrashIT: " + IMAGES + " images of saves, " + acknowledged + " acknowledged, 0 lost, "
                + unfinished + " unfinished; seed " + seed);
        Rounds.done(IMAGES, "images of saves");
    }

    private long refFiles() {
        var folder = repo.top.resolve(".git/" + ExperimentRefs.experiment(baseline, ""));
        return Files.exists(folder)
                ? GitRepo.listing(folder).stream()
                        .filter(name -> !name.endsWith(".lock"))
                        .count()
                : 0;
    }

    /** Of what was saved. */
    private static List<String> lines(Path file) {
        return allLines(file).stream()
                .filter(line -> line.split(" ", -1).length == 3)
                .toList();
    }

    private static List<String> begun(Path file) {
        return allLines(file).stream()
                .filter(line -> line.startsWith(CrashChild.BEGUN + " "))
                .map(line -> line.substring(CrashChild.BEGUN.length() + 1))
                .toList();
    }

    private static List<String> allLines(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).lines().toList() : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static MetricSummary loss(List<MetricSummary> metrics) {
        return metrics.stream()
                .filter(metric -> metric.name().equals("loss"))
                .findFirst()
                .orElseThrow();
    }

    private static ExperimentSummary only(Daybook daybook, String name) {
        var found = daybook.experiments().stream()
                .filter(one -> one.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<PlotRows.Row> rows(long count) {
        var rows = new ArrayList<PlotRows.Row>();
        for (long step = 0; step < count; step++) {
            rows.add(row(step, CrashChild.value(step)));
        }
        return rows;
    }

    private List<PlotRows.Row> rowsOf(SavedExperiment saved) {
        return rowsOf(saved.ref());
    }

    private List<PlotRows.Row> rowsOf(ExperimentSummary saved) {
        return rowsOf(saved, true);
    }

    /** An experiment that was killed before its first value has no plot. */
    private List<PlotRows.Row> rowsOf(ExperimentSummary saved, boolean hasValues) {
        var commit = saved.commit().orElseThrow();
        assertThat(repo.files(commit).contains("dvclive/plots/metrics/loss.tsv"))
                .isEqualTo(hasValues);
        return hasValues ? rowsOf(commit) : List.of();
    }

    private List<PlotRows.Row> rowsOf(String revision) {
        return PlotRows.parse("loss", repo.show(revision, "dvclive/plots/metrics/loss.tsv"));
    }
}
