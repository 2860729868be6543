package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.FailingFiles;
import dev.daybook.FailingFiles.Cause;
import dev.daybook.FailingFiles.Kind;
import dev.daybook.JournalException;
import dev.daybook.Rounds;
import dev.daybook.Scratch;
import dev.daybook.port.Generation;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings.Force;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A disk that fails at each of the journal's calls on files, once or for good, whichever thread makes it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FileErrorsTest {

    private static final String NAME = "one";
    private static final int MOST_CALLS = 500;
    private static final int STEP = 5;

    /** Some ten seconds, and some 80 MB. */
    private static final int MOST_ROUNDS = 2_000;

    private static final int RECORDS_A_ROUND = 1_000;
    private static final long ROUND_NANOS = 5_000_000;
    private static final List<Force> LEVELS = List.of(Force.PROCESS, Force.INTERVAL, Force.SYNC);

    /** Each lets every call fail; two of them do so both once and for good, six at every level. */
    private static final int PASSES = Rounds.of(1);

    private final long seed = Rounds.seed();

    private Path directory = Scratch.MEMORY;

    private final Map<Kind, Integer> fired = new EnumMap<>(Kind.class);
    private int scripts;
    private int failures;
    private int acknowledged;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Scratch.temporary();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Scratch.delete(directory);
    }

    @Test
    void whatever_call_fails_nothing_is_lost_that_was_acknowledged_and_the_next_process_goes_on() throws IOException {
        try (var files = FailingFiles.below(directory)) {
            for (int pass = 0; pass < PASSES; pass++) {
                for (var kind : Kind.values()) {
                    boolean isOver = false;
                    for (int call = 1; !isOver; call++) {
                        assertThat(call).isLessThan(MOST_CALLS);
                        var cause = call / 2 % 2 == 0 ? Cause.IO : Cause.FULL;
                        files.fail(kind, call, cause, (call + pass) % 2 == 0);
                        var place = directory.resolve(kind + "-" + call);
                        failOnce(files, LEVELS.get(pass / 2 % LEVELS.size()), seed + pass / 2, place);
                        Scratch.delete(place);
                        isOver = files.failed().isEmpty();
                        if (!isOver) {
                            fired.merge(kind, 1, Integer::sum);
                        }
                    }
                }
            }
        }
        assertThat(fired).containsKeys(Kind.OPEN, Kind.WRITE, Kind.FORCE, Kind.LENGTH, Kind.RENAME, Kind.FOLDER);
        System.out.printf(
                "failing files: %d scripts, %d threw, %d acknowledged, 0 lost; seed %d%n",
                scripts, failures, acknowledged, seed);
        Rounds.done(fired.values().stream().mapToInt(each -> each).sum(), "scripts on failing files");
    }

    @Test
    void a_next_generation_that_cannot_be_begun_is_begun_again() {
        int tried = 0;
        try (var files = FailingFiles.below(directory)) {
            for (int call = 1; call == 1 || tried == call - STEP; call += STEP) {
                var place = directory.resolve("next-" + call);
                try (var journal = Samples.open(place, Script.settings(Force.PROCESS), BlockWriter.Sizes.DEFAULT)) {
                    var first = Samples.begin(journal, id(1));
                    var tail = first.tail();
                    files.fail(Kind.OPEN, call, Cause.IO, false);
                    var full = first.position().generation();
                    for (int i = 0; i < 4; i++) {
                        tail = Samples.tag(journal, id(1), tail, Script.LONG_TAG);
                    }
                    Script.await(
                            "the next generation",
                            () -> journal.generations().stream()
                                    .anyMatch(each -> !each.name().equals(full) && isBegun(place, each)));
                    Samples.tag(journal, id(1), tail, Script.LONG_TAG);
                    tried = files.failed().isPresent() ? call : tried;
                }
            }
        }
        // the lock, Chronicle's metadata and its queue
        assertThat(tried).isGreaterThan(10);
    }

    private static boolean isBegun(Path place, Generation generation) {
        return Files.exists(JournalDirectory.queue(place.resolve(generation.name())));
    }

    @Test
    void a_full_disk_that_the_housekeeper_alone_has_met_is_nothing_to_those_who_log() {
        int refusals = 2;
        long logged = 0;
        try (var files = FailingFiles.below(directory);
                var journal = Samples.open(directory)) {
            var tail = Samples.begin(journal, id(1)).tail();
            var lease = journal.lease(id(1));
            files.failOf("daybook-journal", Kind.WRITE, 1, refusals, Cause.FULL);
            // the next one after these succeeds; it waits a second after each
            for (int i = 0; i < MOST_ROUNDS && files.calls(Kind.WRITE) <= refusals; i++) {
                for (int j = 0; j < RECORDS_A_ROUND; j++) {
                    assertThat(lease.publish(0, logged, logged / 8.0, logged)).isTrue();
                    logged++;
                }
                LockSupport.parkNanos(ROUND_NANOS);
            }
            assertThat(files.calls(Kind.WRITE)).isGreaterThan(refusals);
            assertThat(files.failed()).isPresent();
            int forces = files.forced().size();
            assertThat(lease.publish(0, logged, logged / 8.0, logged)).isTrue();
            Script.await("a force in the background", () -> files.forced().size() > forces);
            Samples.tag(journal, id(1), tail, "good");
        }
        try (var later = Samples.open(directory)) {
            var found = JournalReading.everything(later);
            assertThat(later.generations()).allMatch(each -> each.damage().isEmpty());
            assertThat(JournalReading.entries(found)).hasSize(2);
            assertThat(JournalReading.records(found)).hasSize((int) logged + 1);
        }
    }

    @Test
    void whoever_reserves_a_name_gives_it_back_or_inherits_is_told_of_each_force_that_fails() {
        try (var files = FailingFiles.below(directory);
                var journal = Samples.open(directory, Script.settings(Force.PROCESS), BlockWriter.Sizes.DEFAULT)) {
            Samples.begin(journal, id(1));
            var generation = journal.generations().get(0);
            assertEachForceIsTold(files, 3, generation::force);
            assertEachForceIsTold(files, 3, () -> journal.reserveName(NAME, id(2)));
            assertThat(journal.reserveName(NAME, id(3)))
                    .as("a name that could not be forced is nobody's")
                    .isTrue();
            assertEachForceIsTold(files, 1, () -> journal.releaseName(NAME, id(3)));
        }
    }

    private static void assertEachForceIsTold(FailingFiles files, int forces, Runnable call) {
        for (int force = 1; force <= forces; force++) {
            files.failOf(Thread.currentThread().getName(), Kind.FORCE, force, 1, Cause.IO);
            var told = catchThrowable(call::run);
            files.heal();
            assertThat(files.failed()).as(force + " of " + forces).isPresent();
            assertThat(told).as(files.failed().orElseThrow()).isInstanceOf(JournalException.class);
        }
    }

    private void failOnce(FailingFiles files, Force force, long scriptSeed, Path place) {
        var script = new Script(() -> files.failed().isPresent(), scriptSeed);
        var thrown = thrownBy(force, script, place);
        files.heal();
        var what = force + ", " + files.failed().orElse("nothing") + "; seed " + seed;
        scripts++;
        failures += thrown.isPresent() ? 1 : 0;
        acknowledged += script.acknowledged().size();
        thrown.ifPresent(why -> assertThat(why).as(what).isInstanceOf(JournalException.class));
        if (files.failed().filter(FileErrorsTest::isForceOfThisThread).isPresent()) {
            assertThat(thrown).as(what + " was told to nobody").isPresent();
        }
        script.requireReadable(what, place);
        boolean isBegun;
        try (var journal = Samples.open(place)) {
            var found = Streams.of(journal);
            isBegun = found.containsKey(id(1));
            Heirs.goOn(what, place, found, Optional.ofNullable(found.get(id(1))));
        }
        try (var last = Samples.open(place)) {
            assertThat(last.generations()).as(what).noneMatch(Generation::isAlive);
            assertThat(last.reserveName(NAME, id(5))).as(what).isEqualTo(!isBegun);
        }
    }

    private static boolean isForceOfThisThread(String failed) {
        return failed.startsWith(Kind.FORCE.name())
                && failed.endsWith(", in " + Thread.currentThread().getName());
    }

    private static Optional<Throwable> thrownBy(Force force, Script script, Path place) {
        Optional<Throwable> thrown = Optional.empty();
        try (var journal = Samples.open(place, Script.settings(force), BlockWriter.Sizes.DEFAULT)) {
            try {
                assertThat(journal.reserveName(NAME, id(1))).isTrue();
                script.run(journal);
            } catch (RuntimeException | Error e) {
                thrown = Optional.of(e);
            }
        } catch (RuntimeException | Error e) {
            thrown = Optional.of(e);
        }
        return thrown;
    }
}
