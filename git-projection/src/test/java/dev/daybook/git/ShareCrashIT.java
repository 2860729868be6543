package dev.daybook.git;

import static dev.daybook.git.Exchange.assertComplete;
import static dev.daybook.git.Exchange.cache;
import static dev.daybook.git.Exchange.objects;
import static dev.daybook.git.Exchange.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Rounds;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills or interrupts processes that push and pull, by force or not, alone or together with the git that they run: at a step that can be seen
 * from outside, or at any moment of as long as one takes. The seed decides when; {@code -Ddaybook.seed} repeats one,
 * {@code -Ddaybook.rounds} asks for more.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShareCrashIT {

    private static final int ROUNDS = Rounds.of(4);
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final int BIG = 300_000;
    private static final int ONE_INTERRUPTED_OF = 4;
    private static final int MAX_MILLIS_BEHIND_A_STEP = 20;
    private static final long PATIENCE_SECONDS = 120;
    private static final String OURS = "{\"tags\":[\"ours\"],\"notes\":[]}\n";
    private static final String THEIRS = "{\"tags\":[\"theirs\"],\"notes\":[]}\n";

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private Exchange exchange;
    private GitRepo repo;

    /** The ref of the notes on the first one. */
    private String notes = "";

    /** The notes that are here before a push or a pull, and those that the other side has. */
    private String ours = "";

    private String theirs = "";

    /** What has the name of the first one where that is replaced by force. */
    private String other = "";

    private int unfinished;

    @BeforeEach
    void save_experiments_with_checkpoints_and_data_and_notes() throws IOException {
        exchange = Exchange.create(temp.resolve("exchange"));
        repo = exchange.repo();
        for (var name : NAMES) {
            repo.save(name, run -> {
                repo.write("model.bin", "early " + name).write("big.bin", big(name));
                run.addArtifact(Path.of("model.bin")).addArtifact(Path.of("big.bin"));
                run.makeCheckpoint("early");
                repo.write("model.bin", "late " + name);
                run.addArtifact(Path.of("model.bin"));
            });
        }
        notes = AnnotationRefs.ref(ObjectId.fromString(repo.git("rev-parse", Exchange.ref(repo, "a"))));
        ours = NotesTransferTest.notes(repo, OURS, temp.resolve("content"));
        theirs = NotesTransferTest.notes(repo, THEIRS, temp.resolve("content"));
        repo.git("update-ref", "refs/heads/ours", ours);
        repo.git("update-ref", "refs/heads/theirs", theirs);
        other = repo.git("commit-tree", repo.code().tree(), "-p", "HEAD", "-m", "another one");
        repo.git("update-ref", "refs/heads/other", other);
    }

    private static String big(String name) {
        return name.repeat(BIG);
    }

    private static List<String> data(String name) {
        return List.of("early " + name, "late " + name, big(name));
    }

    @Test
    void a_push_that_is_killed_anywhere_leaves_nothing_half_and_the_next_one_does_the_rest() throws Exception {
        long window = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            delete(exchange.origin().top);
            delete(exchange.store());
            repo.git("init", "-q", "--bare", "-b", "main", exchange.origin().top.toString());
            repo.git("push", "-q", "origin", "main", theirs + ":" + notes);
            repo.git("update-ref", notes, ours);
            var options = TransferOptions.defaults().withForce(random.nextBoolean());
            if (options.isForced()) {
                repo.git("push", "-q", "origin", other + ":" + Exchange.ref(repo, "a"));
            }
            var steps = List.<BooleanSupplier>of(
                    () -> exists(exchange.store().resolve("files/md5")),
                    () -> exists(repo.top.resolve(".git/daybook/outgoing")),
                    () -> exists(exchange.origin().top.resolve("refs/exps")));

            window = Math.max(window, killOne("push", repo, options, round, window, steps));

            var origin = exchange.origin();
            repo.assertSound();
            origin.assertSound();
            assertWhole(exchange.store(), where);
            var sent = experiments(origin);
            sent.values().remove(other);
            assertThat(experiments(repo)).as(where).containsAllEntriesOf(sent);
            for (var ref : sent.keySet()) {
                assertThat(objects(exchange.store()).values()).as(where).containsAll(data(ExperimentRefs.name(ref)));
            }
            unfinished += sent.size() < NAMES.size() ? 1 : 0;

            assertComplete(exchange.push(options));
            assertThat(refs(origin)).as(where).isEqualTo(refs(repo)).hasSize(2 * NAMES.size() + 1);
            assertThat(origin.show(notes, "annotations.json")).as(where).contains("[\"ours\",\"theirs\"]");
            assertThat(objects(exchange.store())).as(where).isEqualTo(objects(cache(repo)));
            assertThat(outcomes(exchange.push())).as(where).containsOnly(Outcome.UP_TO_DATE);
            origin.assertSound();
            assertNothingIsLeft(repo, where);
        }
        report("push");
    }

    @Test
    void a_pull_that_is_killed_anywhere_leaves_nothing_half_and_the_next_one_does_the_rest() throws Exception {
        repo.git("push", "-q", "origin", theirs + ":" + notes);
        assertComplete(exchange.push());
        long window = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            delete(temp.resolve("exchange/clone"));
            var clone = exchange.cloned("clone");
            clone.git("config", "gc.auto", "0");
            clone.git("fetch", "-q", repo.top.toString(), "refs/heads/ours:" + notes);
            var options = TransferOptions.defaults().withForce(random.nextBoolean());
            if (options.isForced()) {
                clone.git("fetch", "-q", repo.top.toString(), "refs/heads/other:" + Exchange.ref(repo, "a"));
            }
            var git = clone.top.resolve(".git");
            var steps = List.<BooleanSupplier>of(
                    () -> exists(git.resolve("refs/daybook/incoming")),
                    () -> exists(git.resolve("refs/exps")),
                    () -> exists(cache(clone)));

            window = Math.max(window, killOne("pull", clone, options, round, window, steps));

            clone.assertSound();
            exchange.origin().assertSound();
            assertWhole(cache(clone), where);
            assertThat(isThere(other, clone, "refs/")).as(where).isEqualTo(options.isForced());
            var came = experiments(clone);
            came.values().remove(other);
            assertThat(experiments(repo)).as(where).containsAllEntriesOf(came);
            unfinished += came.size() < NAMES.size() ? 1 : 0;
            ageWhatIsLeft(git);

            assertComplete(exchange.pull(clone, options));
            assertThat(experiments(clone)).as(where).isEqualTo(experiments(repo));
            assertThat(isThere(other, clone, KeptRefs.REMOVED)).as(where).isEqualTo(options.isForced());
            assertThat(refs(clone)).as(where).hasSize(2 * NAMES.size() + 1);
            assertThat(clone.show(notes, "annotations.json")).as(where).contains("[\"ours\",\"theirs\"]");
            assertThat(objects(cache(clone))).as(where).isEqualTo(objects(cache(repo)));
            assertThat(outcomes(exchange.pull(clone))).as(where).containsOnly(Outcome.UP_TO_DATE);
            clone.git("gc", "-q", "--prune=now");
            clone.assertSound();
            assertNothingIsLeft(clone, where);
        }
        report("pull");
    }

    private void report(String verb) {
        System.out.println("ShareCrashIT: " + ROUNDS + " kills of " + verb + ", " + unfinished
                + " of them before all experiments were there, 0 half, 0 left over; seed " + seed);
        Rounds.done(ROUNDS, "kills of push or pull");
    }

    /**
     * Kills a push or a pull; the first one when it is done.
     *
     * @param window how many milliseconds one takes
     * @return how many this one took, as far as it came
     */
    private long killOne(
            String verb, GitRepo where, TransferOptions options, int round, long window, List<BooleanSupplier> steps)
            throws IOException, InterruptedException {
        var begun = temp.resolve("begun");
        var done = temp.resolve("done");
        Files.deleteIfExists(begun);
        Files.deleteIfExists(done);
        try (var child = ChildJvm.start(
                temp.resolve("output"),
                ShareCrashChild.class,
                verb,
                where.top.toString(),
                Boolean.toString(options.isForced()),
                begun.toString(),
                done.toString())) {
            child.await(verb, () -> Files.exists(begun));
            long start = System.nanoTime();
            int step = random.nextInt(steps.size() + 1);
            if (round == 0) {
                child.await("the end of " + verb, () -> Files.exists(done));
            } else if (step < steps.size()) {
                child.await("step " + step, steps.get(step));
                child.runFor(random.nextInt(MAX_MILLIS_BEHIND_A_STEP));
            } else {
                child.runFor(random.nextLong(window));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (random.nextInt(ONE_INTERRUPTED_OF) == 0) {
                child.interrupt();
            } else {
                kill(child, random.nextBoolean());
            }
            awaitAllOf(temp);
            return millis;
        }
    }

    /**
     * Kills the process, and with it what git it runs, if that is wanted; else waits for the end of that. Whoever serves the other side ends by
     * itself.
     */
    private static void kill(ChildJvm child, boolean isAlone) throws IOException, InterruptedException {
        // so that it starts nothing more
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(child.pid()))
                        .start()
                        .waitFor())
                .isZero();
        var others = ProcessHandle.of(child.pid()).orElseThrow().descendants().toList();
        child.kill();
        for (var other : others) {
            if (!isAlone && !ChildJvm.servesAnother(other)) {
                other.destroyForcibly();
            }
        }
        for (var other : others) {
            other.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    /** What was started in the last moment, and has lost its parent: a git that serves the other side may hold locks there. */
    private static void awaitAllOf(Path folder) {
        for (var left = allOf(folder); !left.isEmpty(); left = allOf(folder)) {
            left.forEach(each ->
                    each.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
        }
    }

    private static List<ProcessHandle> allOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains(folder.toString()))
                .toList();
    }

    private static boolean exists(Path folder) {
        return Files.isDirectory(folder) && !GitRepo.listing(folder).isEmpty();
    }

    /** The commits of experiments, by their refs. */
    private static Map<String, String> experiments(GitRepo where) {
        var found = new TreeMap<String, String>();
        for (var line : Exchange.refs(where)) {
            if (line.contains(" refs/exps/")) {
                found.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
            }
        }
        return found;
    }

    private static boolean isThere(String commit, GitRepo where, String prefix) {
        return Exchange.refs(where).stream().anyMatch(line -> line.startsWith(commit + " " + prefix));
    }

    /** All but what a later pull sweeps, and what is kept of what one has replaced. */
    private static List<String> refs(GitRepo where) {
        return Exchange.refs(where).stream()
                .filter(line -> !line.contains(" refs/daybook/incoming/") && !line.contains(" " + KeptRefs.REMOVED))
                .toList();
    }

    private static void assertWhole(Path store, String where) throws NoSuchAlgorithmException {
        var md5 = MessageDigest.getInstance("MD5");
        objects(store)
                .forEach((hash, content) -> assertThat(
                                HexFormat.of().formatHex(md5.digest(content.getBytes(StandardCharsets.UTF_8))))
                        .as(where)
                        .isEqualTo(hash));
    }

    /** When an hour has passed, Daybook was opened, and gc was run. */
    private static void assertNothingIsLeft(GitRepo where, String when) throws IOException {
        var git = where.top.resolve(".git");
        ageWhatIsLeft(git);
        Daybook.open(where.top, DaybookOptions.defaults().withWarnings(warning -> {}))
                .close();
        try (var saved = SavedExperiments.open(where.top)) {
            saved.collect(Duration.ofDays(1), false);
        }
        try (var files = Files.walk(git)) {
            assertThat(files.filter(ShareCrashIT::isLeft)
                            .filter(file -> !file.toString().contains("refs/daybook/incoming/")))
                    .as(when)
                    .isEmpty();
        }
        var youngest = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        if (Files.exists(git.resolve("daybook/outgoing"))) {
            assertThat(GitRepo.listing(git.resolve("daybook/outgoing")))
                    .as(when)
                    .hasSizeLessThanOrEqualTo(ROUNDS)
                    .allMatch(name -> Long.parseLong(name.substring(0, name.indexOf('-'))) > youngest);
        }
        assertThat(where.refs("refs/daybook/incoming").stream()
                        .map(ref -> ref.split("/", -1)[3])
                        .distinct())
                .as(when)
                .hasSizeLessThanOrEqualTo(ROUNDS)
                .allMatch(name -> Long.parseLong(name.substring(0, name.indexOf('-'))) > youngest);
    }

    /** So that it counts as left: a lock may be held by somebody who lives. */
    private static void ageWhatIsLeft(Path git) throws IOException {
        var left = new ArrayList<Path>();
        try (var files = Files.walk(git)) {
            files.filter(ShareCrashIT::isLeft).forEach(left::add);
        }
        for (var file : left) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
    }

    private static boolean isLeft(Path path) {
        var name = path.getFileName().toString();
        return Files.isRegularFile(path)
                && !path.toString().contains("/daybook/journal/")
                && !path.endsWith("daybook/verbs.lock")
                && (name.startsWith("daybook-") || name.endsWith(".keep") || name.endsWith(".lock"));
    }

    private static void delete(Path folder) {
        try {
            FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
