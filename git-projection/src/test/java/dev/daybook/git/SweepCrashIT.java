package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.Rounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Child JVMs that save sweeps: killed at each step of one that can be seen from outside, or two at once beside other writers. The seed
 * decides when; {@code -Ddaybook.seed} repeats one. {@code -Ddaybook.rounds} asks for more rounds, and seconds.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SweepCrashIT {

    private static final int ROUNDS = Rounds.of(10);
    private static final int SECONDS = Rounds.of(30);
    private static final int MAX_MILLIS = 400;
    private static final int MAX_MILLIS_BEHIND_A_STEP = 6;
    private static final int MAX_MILLIS_OF_RECOVERY = 300;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path output;
    private Path acks;

    /** How many were killed while they opened the repository. */
    private int recoveries;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        output = temp.resolve("output");
        acks = temp.resolve("acks");
    }

    @Test
    void a_sweep_or_a_recovery_that_is_killed_anywhere_leaves_each_experiment_once() throws IOException {
        int unfinished = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            killAmongSweeps(round);
            if (round % 2 == 1) {
                killRecovery();
            }
            unfinished += settle(where);
        }
        assertNothingIsLeft();
        assertThat(recoveries).isPositive();
        System.out.println("SweepCrashIT: " + ROUNDS + " kills and " + recoveries + " of recoveries, "
                + acknowledged().size() + " acknowledged saves, 0 lost, " + unfinished + " saved afterwards; seed "
                + seed);
        Rounds.done(ROUNDS, "kills among sweeps");
    }

    private void killAmongSweeps(int round) {
        long before = acknowledged().size();
        try (var child = child("r" + round + "-")) {
            child.await("a saved sweep", () -> acknowledged().size() > before);
            var steps = steps();
            int step = round % (steps.size() + 1);
            if (step == steps.size()) {
                child.runFor(random.nextInt(MAX_MILLIS));
            } else {
                child.await("step " + step, steps.get(step));
                child.runFor(random.nextInt(MAX_MILLIS_BEHIND_A_STEP));
            }
            child.kill();
        }
        pass();
    }

    private ChildJvm child(String prefix) {
        return ChildJvm.start(
                output,
                Map.of(),
                List.of("-XX:TieredStopAtLevel=1"),
                SweepCrashChild.class,
                repo.top.toString(),
                acks.toString(),
                prefix);
    }

    /** In the order in which a sweep takes them; counted from now. */
    private List<BooleanSupplier> steps() {
        var git = repo.top.resolve(".git");
        var packs = git.resolve("objects/pack");
        var refs = git.resolve(ExperimentRefs.experiment(repo.head(), "")).normalize();
        long packedNow = count(packs, ".pack");
        long looseNow = count(refs, "");
        var packed = git.resolve("packed-refs");
        var packedRefs = content(packed);
        return List.of(
                () -> listing(git.resolve("objects")).stream().anyMatch(name -> name.startsWith("daybook-")),
                () -> count(packs, ".keep") > 0,
                () -> count(packs, ".pack") > packedNow,
                () -> count(refs, ".lock") > 0,
                () -> Files.exists(git.resolve("packed-refs.lock")),
                () -> !content(packed).equals(packedRefs),
                () -> count(refs, "") > looseNow,
                () -> count(git.resolve("refs/daybook/code"), "") < SweepCrashChild.TOGETHER
                        && !content(packed).equals(packedRefs));
    }

    private static String content(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            // replaced just now
            return "changed";
        }
    }

    private static long count(Path folder, String suffix) {
        return listing(folder).stream().filter(name -> name.endsWith(suffix)).count();
    }

    private static List<String> listing(Path folder) {
        try {
            return Files.isDirectory(folder) ? GitRepo.listing(folder) : List.of();
        } catch (UncheckedIOException e) {
            // gone just now
            return List.of();
        }
    }

    /** A child that opens, and so recovers, and is killed meanwhile. */
    private void killRecovery() {
        long opening =
                content(output).lines().filter(SweepCrashChild.OPENING::equals).count();
        long opened =
                content(output).lines().filter(SweepCrashChild.OPENED::equals).count();
        try (var child = child("unused-" + random.nextInt(Integer.MAX_VALUE) + "-")) {
            child.await("the recovery", () -> lines(child, SweepCrashChild.OPENING) > opening);
            child.runFor(random.nextInt(MAX_MILLIS_OF_RECOVERY));
            child.kill();
            recoveries += lines(child, SweepCrashChild.OPENED) == opened ? 1 : 0;
        }
        pass();
    }

    private static long lines(ChildJvm child, String line) {
        return child.printed().lines().filter(line::equals).count();
    }

    /** Time passes, and gc runs where the killed one has not left it a lock. */
    private void pass() {
        var git = repo.top.resolve(".git");
        if (!Files.exists(git.resolve("packed-refs.lock"))) {
            repo.git("gc", "--prune=now", "--quiet");
        }
        var old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (var files = Files.walk(git)) {
            for (var path : files.filter(SweepCrashIT::isLeft).toList()) {
                Files.setLastModifiedTime(path, old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLeft(Path path) {
        var name = path.getFileName().toString();
        return name.startsWith("daybook-") || name.endsWith(".keep") || name.endsWith(".lock");
    }

    private Daybook open() {
        return Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    /**
     * Opens, which recovers; compares journal, refs and what was acknowledged; saves what is unfinished, and says how many that were.
     */
    private int settle(String where) {
        var acknowledged = acknowledged();
        var begun = begun();
        try (var daybook = open()) {
            assertThat(daybook.damage()).as(where).isEmpty();
            assertThat(daybook.recover()).as(where + ": open has recovered all").isEmpty();
            var all = daybook.experiments();
            assertThat(all).as(where).extracting(ExperimentSummary::name).doesNotHaveDuplicates();
            assertThat(all)
                    .as(where)
                    .allSatisfy(one -> assertThat(one.problems()).isEmpty());
            assertThat(commits(all)).as(where).containsAllEntriesOf(acknowledged);
            Census.assertEachIsInOnePlace(repo, daybook, begun, where);

            var unfinished = all.stream()
                    .filter(one -> one.status() != Status.PERSISTED)
                    .map(one -> daybook.find(one.name()).orElseThrow())
                    .toList();
            // of each child one sweep at most
            assertThat(unfinished).as(where).hasSizeLessThanOrEqualTo(2 * SweepCrashChild.TOGETHER);
            daybook.saveAll(unfinished).orThrow();

            assertThat(commits(daybook.experiments())).as(where).hasSameSizeAs(all);
            Census.assertEachIsInOnePlace(repo, daybook, begun, where);
            return unfinished.size();
        }
    }

    private static Map<String, String> commits(List<ExperimentSummary> all) {
        return all.stream()
                .filter(one -> one.status() == Status.PERSISTED)
                .collect(Collectors.toMap(
                        ExperimentSummary::name, one -> one.commit().orElseThrow()));
    }

    private Map<String, String> acknowledged() {
        var commits = new HashMap<String, String>();
        for (var parts : acknowledged(SweepCrashChild.SAVED)) {
            assertThat(commits.put(parts.get(1), parts.get(2))).isNull();
        }
        return commits;
    }

    private List<String> begun() {
        return acknowledged(SweepCrashChild.BEGUN).stream()
                .map(parts -> parts.get(1))
                .toList();
    }

    /** The words of each whole line. */
    private List<List<String>> acknowledged(String what) {
        return content(acks)
                .lines()
                .filter(line -> line.startsWith(what + " ") && line.endsWith(" ."))
                .map(line -> List.of(line.split(" ", -1)))
                .toList();
    }

    private void assertNothingIsLeft() {
        var git = repo.top.resolve(".git");
        assertThat(listing(git.resolve("objects"))).noneMatch(name -> name.startsWith("daybook-"));
        assertThat(listing(git.resolve("objects/pack"))).noneMatch(name -> name.endsWith(".keep"));
        // of experiments whose init was killed before it told the journal
        assertThat(repo.refs("refs/daybook/code")).hasSizeLessThanOrEqualTo(2 * ROUNDS);
        repo.assertSound();
    }

    @Test
    void two_processes_save_beside_gc_and_update_ref_and_nothing_is_lost_or_doubled() throws Exception {
        var last = temp.resolve("last");
        var isOver = new AtomicBoolean();
        var collections = new AtomicInteger();
        var updates = new AtomicInteger();
        var disturbers = List.of(
                new Thread(() -> {
                    while (!isOver.get()) {
                        if (repo.tryGit("gc", "--prune=now", "--quiet").status() == 0) {
                            collections.incrementAndGet();
                        }
                    }
                }),
                new Thread(() -> {
                    var head = repo.head();
                    for (int i = 0; !isOver.get(); i++) {
                        if (repo.tryGit("update-ref", "refs/heads/other-" + i % 10, head)
                                        .status()
                                == 0) {
                            updates.incrementAndGet();
                        }
                        repo.tryGit("update-ref", "-d", "refs/heads/other-" + (i + 5) % 10);
                    }
                }));
        try (var one = writer("one-", last);
                var two = writer("two-", last)) {
            disturbers.forEach(Thread::start);
            one.runFor(SECONDS * 1_000L);
            Files.createFile(last);
            one.succeed();
            two.succeed();
        } finally {
            isOver.set(true);
            for (var disturber : disturbers) {
                disturber.join();
            }
        }
        assertThat(collections).hasValueGreaterThan(3);
        assertThat(updates).hasValueGreaterThan(10);
        assertThat(acknowledged()).isNotEmpty().hasSameSizeAs(begun());
        assertThat(Census.refs(repo).values())
                .containsExactlyInAnyOrderElementsOf(acknowledged().values());
        assertThat(settle("seed " + seed)).isZero();
        assertNothingIsLeft();
        System.out.println("SweepCrashIT: two processes saved " + acknowledged().size() + " experiments in " + SECONDS
                + " s beside " + collections + " gc and " + updates + " update-ref, 0 lost, 0 doubled");
        Rounds.done(SECONDS, "seconds of two processes that save beside gc and update-ref");
    }

    private ChildJvm writer(String prefix, Path last) {
        return ChildJvm.start(
                output, SweepCrashChild.class, repo.top.toString(), acks.toString(), prefix, last.toString());
    }
}
