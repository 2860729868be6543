package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.FailingFiles;
import dev.daybook.Rounds;
import dev.daybook.SavedExperiment;
import dev.daybook.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that dies before one of its calls on files, whichever that is: this one and all that follow come to nothing. Who comes next finds
 * all of what it was at, or nothing of it.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DeathTest {

    private static final int GOES = Rounds.of(1);

    /** Of the steps of what takes long one in so many, from a first one that is drawn: over some goes it is each. */
    private static final int STRIDE = 6;

    private static final int APPLY_STRIDE = 3;
    private static final int SOUND_EVERY = 10;

    private static final String CODE = "print(\"bear\")\n";
    private static final String MINE = GitRepo.PARAMS + "mine: 1\n";
    private static final List<String> NAMES = List.of("one", "two", "three");

    private static Path folder = Scratch.MEMORY;
    private static SavedExperiment bear = new SavedExperiment("", "", "", "");

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);
    private int rounds;

    /** That each round begins with: the user has changed a file that an experiment has too. */
    @BeforeAll
    static void make_a_repository() throws IOException {
        folder = Scratch.temporary();
        var template = GitRepo.reference(folder.resolve("template"));
        template.write("train.py", CODE);
        bear = template.save("bear", run -> run.setParam("lr", 0.5).logMetric("loss", 3));
        template.git("checkout", "-q", "--", ".");
        template.write("params.yaml", MINE)
                .write("model.bin", "0123456789abcdef".repeat(1 << 10))
                .write("data/a.txt", "a");
    }

    @AfterAll
    static void delete_it() throws IOException {
        Scratch.delete(folder);
    }

    private GitRepo copy() {
        new Shell(folder).sh(folder, "rm -rf repo && cp -a template repo");
        return new GitRepo(folder.resolve("repo"));
    }

    private static Daybook open(GitRepo repo) {
        return Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    private static int stride(WritingCall call) {
        return switch (call) {
            case CHECKPOINT -> 1;
            case ARTIFACT, FOLDER, DISCARD -> 2;
            case SAVE, SAVE_ALL -> STRIDE;
        };
    }

    /** Whatever comes of it: it dies. */
    private static void toItsDeath(ThrowingCallable action) {
        var unused = catchThrowable(action);
    }

    private static void callAndDie(WritingCall call, GitRepo repo, FailingFiles files, int step) {
        var daybook = open(repo);
        var runs = new ArrayList<Experiment>();
        for (var name : NAMES) {
            var run = daybook.experiment(name).init();
            run.logMetric("loss", 1);
            runs.add(run);
        }
        files.die(step);
        toItsDeath(() -> call.make(daybook, runs));
        // lets go of its locks, and comes to nothing besides
        toItsDeath(daybook::close);
        files.heal();
    }

    @ParameterizedTest
    @EnumSource
    void each_experiment_is_in_one_place_wherever_a_call_dies(WritingCall call) throws IOException {
        try (var files = FailingFiles.below(folder.resolve("repo"))) {
            for (int go = 0; go < GOES; go++) {
                boolean isOver = false;
                for (int step = 1 + random.nextInt(stride(call)); !isOver; step += stride(call)) {
                    var repo = copy();
                    callAndDie(call, repo, files, step);
                    isOver = files.failed().isEmpty();
                    settle(repo, call + ", step " + step + ", seed " + seed + ": " + files.failed());
                }
            }
        }
        Rounds.done(rounds, "deaths in a call");
    }

    @Test
    void each_experiment_is_in_one_place_wherever_a_recovery_dies_and_the_one_after_it() throws IOException {
        try (var files = FailingFiles.below(folder.resolve("repo"))) {
            callAndDie(WritingCall.SAVE_ALL, copy(), files, Integer.MAX_VALUE);
            int steps = files.calls();
            for (int go = 0; go < GOES; go++) {
                // a recovery has no more steps than what it finishes
                for (int step = 1 + random.nextInt(STRIDE); step < steps; step += STRIDE) {
                    var repo = copy();
                    // somewhere between the events that prepare it and its end
                    int first = steps - 1 - random.nextInt(steps / 2);
                    callAndDie(WritingCall.SAVE_ALL, repo, files, first);
                    for (int death = 0; death < 2; death++) {
                        files.die(step);
                        toItsDeath(() -> open(repo).close());
                        files.heal();
                    }
                    settle(repo, "save dies at " + first + ", recovery at " + step + ", seed " + seed);
                }
            }
        }
        Rounds.done(rounds, "deaths in a recovery");
    }

    /** A lock of which nobody can tell that its holder has died is taken away when it is old. */
    private static void age(GitRepo repo) throws IOException {
        var longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (var files = Files.walk(repo.top.resolve(".git"))) {
            for (var lock :
                    files.filter(each -> each.toString().endsWith(".lock")).toList()) {
                Files.setLastModifiedTime(lock, longAgo);
            }
        }
    }

    /** The next process finds each once, and saves what is unfinished. */
    private void settle(GitRepo repo, String what) throws IOException {
        age(repo);
        try (var next = open(repo)) {
            assertThat(next.damage()).as(what).isEmpty();
            Census.assertEachIsInOnePlace(repo, next, List.of(), what);
            for (var each : next.experiments()) {
                assertThat(each.problems()).as(what).isEmpty();
                if (each.status() != Status.PERSISTED) {
                    var found = next.find(each.name()).orElseThrow();
                    for (var checkpoint : found.checkpoints()) {
                        repo.git("rev-list", "--objects", "--quiet", checkpoint.commit());
                    }
                    found.save();
                }
            }
            assertThat(next.experiments())
                    .as(what)
                    .extracting(ExperimentSummary::status)
                    .containsOnly(Status.PERSISTED);
            if (rounds++ % SOUND_EVERY == 0) {
                next.run("later", run -> {
                    run.addArtifact(Path.of("model.bin"));
                    run.makeCheckpoint("whole");
                });
                repo.assertSound();
            }
            Census.assertEachIsInOnePlace(repo, next, List.of(), what);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    @Test
    void apply_leaves_each_file_whole_and_keeps_what_it_overwrites_wherever_it_dies() throws IOException {
        var theirs = new GitRepo(folder.resolve("template")).show(bear.commit(), "params.yaml");
        try (var files = FailingFiles.below(folder.resolve("repo"))) {
            for (int go = 0; go < GOES; go++) {
                boolean isOver = false;
                for (int step = 1 + random.nextInt(APPLY_STRIDE); !isOver; step += APPLY_STRIDE) {
                    var repo = copy();
                    var what = "apply, step " + step + ", seed " + seed;
                    try (var saved = SavedExperiments.open(repo.top)) {
                        files.die(step);
                        toItsDeath(() -> saved.apply("bear", ApplyOptions.DEFAULT.withForce()));
                    }
                    files.heal();
                    isOver = files.failed().isEmpty();
                    assertThat(Files.readString(repo.top.resolve("params.yaml")))
                            .as(what)
                            .isIn(MINE, theirs);
                    try (var saved = SavedExperiments.open(repo.top)) {
                        saved.apply("bear", ApplyOptions.DEFAULT.withForce());
                    }
                    assertThat(repo.top.resolve("train.py")).as(what).hasContent(CODE);
                    assertThat(Files.readString(repo.top.resolve("params.yaml")))
                            .as(what)
                            .isEqualTo(theirs);
                    assertThat(kept(repo)).as(what).contains(MINE);
                    assertThat(repo.top.resolve("model.bin")).as(what).exists();
                    if (rounds++ % SOUND_EVERY == 0) {
                        repo.assertSound();
                    }
                }
            }
        }
        Rounds.done(rounds, "deaths in an apply");
    }

    private static List<String> kept(GitRepo repo) {
        return repo.git("for-each-ref", "--format=%(refname)", KeptRefs.REPLACED)
                .lines()
                .filter(ref -> repo.files(ref).contains("params.yaml"))
                .map(ref -> repo.show(ref, "params.yaml"))
                .toList();
    }
}
