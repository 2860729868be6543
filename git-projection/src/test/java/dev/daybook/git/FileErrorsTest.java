package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.Checkpoint;
import dev.daybook.Daybook;
import dev.daybook.DaybookException;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.FailingFiles;
import dev.daybook.FailingFiles.Cause;
import dev.daybook.FailingFiles.Kind;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.Rounds;
import dev.daybook.SavedExperiment;
import dev.daybook.Scratch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that fails at one of the calls on files that a script of everything makes, once or for good: what had returned is there, what threw
 * is there as a whole or not at all, and the next process goes on.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FileErrorsTest {

    private static final int ROUNDS = Rounds.of(15);
    private static final int SOUND_EVERY = 7;

    private static final String MODEL = "0123456789abcdef".repeat(1 << 10);
    private static final String PART = "a part";
    private static final String REMOVED = "refs/daybook/removed";
    private static final String CODE = "print(\"bear\")\n";

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    private static Path folder = Scratch.MEMORY;
    private static SavedExperiment lion = none();
    private static SavedExperiment tiger = none();
    private static SavedExperiment bear = none();
    private static SavedExperiment old = none();

    private int thrown;
    private int returned;

    private static SavedExperiment none() {
        return new SavedExperiment("", "", "", "");
    }

    /** That each round begins with. */
    @BeforeAll
    static void make_a_repository() throws IOException {
        folder = Scratch.temporary();
        var template = GitRepo.reference(folder.resolve("template"));
        lion = template.save("lion", run -> run.logMetric("loss", 1));
        tiger = template.save("tiger", run -> run.logMetric("loss", 2));
        old = template.save("old", run -> run.logMetric("loss", 4));
        try (var saved = SavedExperiments.open(template.top)) {
            saved.remove("old");
        }
        template.write("train.py", CODE);
        bear = template.save("bear", run -> run.setParam("lr", 0.5).logMetric("loss", 3));
        template.git("checkout", "-q", "--", ".");
        template.write("model.bin", MODEL).write("data/a.txt", PART).write("data/sub/b.txt", PART + " more");
        template.write("params.yaml", GitRepo.PARAMS + "more: 1\n");
    }

    @AfterAll
    static void delete_it() throws IOException {
        Scratch.delete(folder);
    }

    /** A call that is to fail. */
    private record Fault(Kind kind, int call) {}

    @Test
    void whatever_call_fails_what_had_returned_is_there_and_the_next_process_goes_on() throws IOException {
        var faults = new ArrayList<Fault>();
        try (var files = FailingFiles.below(folder.resolve("repo"))) {
            files.fail(Kind.WRITE, Integer.MAX_VALUE, Cause.IO, false);
            new Attempt("nothing fails").run(files);
            assertThat(thrown).isZero();
            for (var kind : Kind.values()) {
                IntStream.rangeClosed(1, files.calls(kind)).forEach(call -> faults.add(new Fault(kind, call)));
            }
            Collections.shuffle(faults, random);
            assertThat(faults).hasSizeGreaterThan(100);
            int rounds = Math.min(ROUNDS, faults.size());
            int fired = 0;
            // a call that threads or the clock decide about is not there each time
            for (int round = 0; fired < rounds && round < faults.size(); round++) {
                var fault = faults.get(round);
                boolean isForGood = random.nextInt(3) == 0;
                files.fail(fault.kind(), fault.call(), random.nextBoolean() ? Cause.IO : Cause.FULL, isForGood);
                var what = "seed " + seed + ", round " + round + ", " + fault + (isForGood ? " for good" : "");
                new Attempt(what).run(files);
                fired += files.failed().isPresent() ? 1 : 0;
                if (round % SOUND_EVERY == 0) {
                    repo().assertSound();
                }
            }
            System.out.printf(
                    "failing files: %d of %d calls failed, %d steps threw, %d returned, 0 lost; seed %d%n",
                    fired, faults.size(), thrown, returned, seed);
            assertThat(fired).isGreaterThan(rounds / 2);
            Rounds.done(fired, "scripts on failing files");
        }
    }

    /** What gives saved experiments other refs. */
    private enum Verb {
        RENAME,
        RENAME_BY_FORCE,
        REMOVE,
        RESTORE;

        void say(SavedExperiments saved) {
            switch (this) {
                case RENAME -> saved.rename("lion", "puma", false);
                case RENAME_BY_FORCE -> saved.rename("lion", "tiger", true);
                case REMOVE -> saved.remove("lion");
                case RESTORE -> saved.restore("old");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void whatever_call_fails_every_experiment_has_a_ref_and_the_same_verb_finishes_it(Verb verb) {
        try (var files = FailingFiles.below(folder.resolve("repo"))) {
            int failures = 0;
            for (var kind : List.of(Kind.WRITE, Kind.FORCE, Kind.RENAME, Kind.DELETE)) {
                boolean isOver = false;
                for (int call = 1; !isOver; call++) {
                    copy();
                    try (var saved = SavedExperiments.open(repo().top)) {
                        files.fail(kind, call, Cause.IO, false);
                        var failure = catchThrowable(() -> verb.say(saved));
                        files.heal();
                        isOver = files.failed().isEmpty();
                        failures += failure == null ? 0 : 1;
                        var what = verb + ", " + files.failed().orElse("nothing") + ": " + failure;
                        for (var commit : List.of(lion, tiger, old)) {
                            assertThat(repo().git("for-each-ref", "--points-at", commit.commit(), "refs/exps", REMOVED))
                                    .as(what)
                                    .isNotEmpty();
                        }
                        if (failure != null) {
                            assertThat(failure).as(what).isInstanceOf(DaybookException.class);
                            again(verb, saved);
                        }
                    }
                }
            }
            assertThat(failures).isGreaterThan(verb == Verb.RESTORE ? 1 : 3);
        }
    }

    /** What has happened all the same is not there to be done again. */
    private static void again(Verb verb, SavedExperiments saved) {
        try {
            verb.say(saved);
        } catch (NoSuchExperimentException e) {
            assertThat(saved.all())
                    .extracting(ExperimentSummary::name)
                    .as(e.getMessage())
                    .doesNotContain("lion");
        }
    }

    private void copy() {
        new Shell(folder).sh(folder, "rm -rf repo && cp -a template repo");
    }

    private GitRepo repo() {
        return new GitRepo(folder.resolve("repo"));
    }

    private static DaybookOptions options() {
        return DaybookOptions.defaults().withWarnings(warning -> {});
    }

    /** One process with a disk that fails, and the next one, which finds out. */
    private final class Attempt {

        private final String what;
        private final GitRepo repo = repo();
        private final List<Consumer<Daybook>> promises = new ArrayList<>();
        private final List<String> log = new ArrayList<>();

        Attempt(String what) {
            this.what = what;
        }

        void run(FailingFiles files) throws IOException {
            copy();
            try {
                writeExperiments();
                changeSaved();
                files.heal();
                log.add("failed: " + files.failed());
                assertKept();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(what + ": " + String.join("; ", log), e);
            }
        }

        /** Whether it returned. Whatever throws is to be one of Daybook's own. */
        private boolean does(String step, Runnable action) {
            try {
                action.run();
                returned++;
                log.add(step);
                return true;
            } catch (DaybookException e) {
                thrown++;
                log.add(step + " threw " + e.getMessage());
                return false;
            }
        }

        private void promise(boolean hasReturned, Consumer<Daybook> promise) {
            if (hasReturned) {
                promises.add(promise);
            }
        }

        private void writeExperiments() {
            var opened = new ArrayList<Daybook>();
            does("open", () -> opened.add(Daybook.open(repo.top, options())));
            for (var daybook : opened) {
                var cat = daybook.experiment("cat");
                if (does("init", cat::init)) {
                    promises.add(next -> find(next, "cat"));
                    one(cat);
                }
                sweep(daybook);
                does("close", daybook::close);
            }
        }

        private void one(Experiment cat) {
            promise(
                    does("params", () -> cat.setParams(Map.of("lr", 0.25, "new", "x"))),
                    next -> assertThat(find(next, "cat").params()).containsEntry("new", "x"));
            for (int step = 1; step <= 3; step++) {
                int count = step;
                promise(
                        does("metric " + step, () -> cat.logMetric("loss", count)),
                        next -> assertThat(last(next)).isGreaterThanOrEqualTo(count));
            }
            promise(does("file", () -> cat.addArtifact(Path.of("model.bin"))), next -> assertInCache(MODEL));
            promise(does("folder", () -> cat.addArtifact(Path.of("data"))), next -> {
                assertInCache(PART);
                assertInCache(PART + " more");
            });
            var checkpoints = new ArrayList<Checkpoint>();
            does("checkpoint", () -> checkpoints.add(cat.makeCheckpoint("half")));
            for (var made : checkpoints) {
                promises.add(next -> assertThat(repo.git("show", "-s", "--format=%s", made.commit()))
                        .isNotEmpty());
            }
            var saved = new ArrayList<SavedExperiment>();
            does("save", () -> saved.add(cat.save()));
            saved.forEach(this::promiseSaved);
        }

        private static double last(Daybook next) {
            return ((Number) Objects.requireNonNull(find(next, "cat").metrics().get("loss"))).doubleValue();
        }

        private void sweep(Daybook daybook) {
            var all = new ArrayList<Experiment>();
            for (var name : List.of("one", "two", "three")) {
                does(name, () -> {
                    var run = daybook.experiment(name).init();
                    all.add(run);
                    run.setParam("name", name);
                    run.logMetric("loss", 1);
                });
            }
            does("sweep", () -> {
                var result = daybook.saveAll(all);
                result.saved().forEach(this::promiseSaved);
                log.add("of it failed: " + result.failures());
            });
        }

        private void promiseSaved(SavedExperiment saved) {
            promises.add(next -> {
                var found = find(next, saved.name());
                assertThat(found.status()).isEqualTo(Status.PERSISTED);
                assertThat(found.commit()).contains(saved.commit());
                assertThat(repo.git("rev-parse", saved.ref())).isEqualTo(saved.commit());
                assertThat(repo.show(saved.commit(), "dvclive/metrics.json")).contains("loss");
            });
        }

        private void changeSaved() {
            var opened = new ArrayList<SavedExperiments>();
            does("open saved", () -> opened.add(SavedExperiments.open(repo.top)));
            for (var saved : opened) {
                boolean isRenamed = does("rename", () -> saved.rename("lion", "puma", false));
                promises.add(next -> assertThat(commits(next, "puma", isRenamed ? "puma" : "lion"))
                        .contains(lion.commit()));
                promise(isRenamed, next -> assertThat(commits(next, "lion")).isEmpty());
                boolean isRemoved = does("remove", () -> saved.remove("tiger"));
                boolean isCollected = does("gc", () -> saved.collect(Duration.ZERO, false));
                promise(isRemoved, next -> assertThat(commits(next, "tiger")).isEmpty());
                promise(
                        !isRemoved && !isCollected,
                        next -> assertThat(repo.tryGit("cat-file", "-e", tiger.commit())
                                        .status())
                                .isZero());
                promiseSaved(bear);
                promise(
                        does("apply", () -> saved.apply("bear", ApplyOptions.DEFAULT.withForce())),
                        next -> assertInPlace());
                does("close saved", saved::close);
            }
        }

        private List<String> commits(Daybook next, String... names) {
            return next.experiments().stream()
                    .filter(each -> List.of(names).contains(each.name()))
                    .flatMap(each -> each.commit().stream())
                    .toList();
        }

        private void assertInCache(String content) {
            try {
                var md5 = MessageDigest.getInstance("MD5").digest(content.getBytes(StandardCharsets.UTF_8));
                assertThat(repo.object(HexFormat.of().formatHex(md5))).hasContent(content);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        private void assertInPlace() {
            assertThat(repo.top.resolve("train.py")).hasContent(CODE);
            assertThat(repo.top.resolve("dvclive/metrics.json"))
                    .hasContent(repo.show(bear.commit(), "dvclive/metrics.json"));
        }

        private static ExperimentSummary find(Daybook next, String name) {
            return next.experiments().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("lost: " + name));
        }

        /** The next process finds what was promised, saves what is unfinished, makes another one, and applies. */
        private void assertKept() {
            try (var next = Daybook.open(repo.top, options())) {
                assertThat(next.damage()).isEmpty();
                promises.forEach(promise -> promise.accept(next));
                for (var each : next.experiments()) {
                    assertThat(each.problems()).isEmpty();
                    if (each.status() != Status.PERSISTED) {
                        log.add("saving " + each.name() + ", " + each.status());
                        next.find(each.name()).orElseThrow().save();
                    }
                }
                next.run("later", run -> run.logMetric("loss", 7));
                assertThat(next.experiments())
                        .extracting(ExperimentSummary::status)
                        .containsOnly(Status.PERSISTED);
            }
            try (var saved = SavedExperiments.open(repo.top)) {
                saved.apply("bear", ApplyOptions.DEFAULT.withForce());
                assertInPlace();
            }
        }
    }
}
