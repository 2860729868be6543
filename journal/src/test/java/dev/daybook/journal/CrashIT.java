package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Rounds;
import dev.daybook.lifecycle.Event;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed in the middle of logging. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashIT {

    private static final int ROUNDS = Rounds.of(20);
    private static final int LEAST_ACKS = 100;
    private static final int MOST_ACKS = 200_000;

    /** Twice so many leave room in one of the usual size. */
    private static final long LESS_THAN_A_GENERATION = 2_000_000;

    @TempDir
    private Path directory;

    private Process startLogging(int experiment) throws IOException {
        return ChildJvm.start(
                LoggingProgram.class, directory.toString(), Integer.toString(experiment), acks(experiment));
    }

    private String acks(int experiment) {
        return directory.resolve("acks-" + experiment).toString();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** The generation in which an experiment begins. */
    private static Generation generationOf(Journal journal, int experiment) {
        for (var generation : journal.generations()) {
            var first = new JournalReading(1);
            generation.read(0, first);
            if (!first.items().isEmpty() && first.items().get(0).id().equals(id(experiment))) {
                return generation;
            }
        }
        throw new AssertionError("there is no experiment " + experiment);
    }

    @Test
    void whatever_was_acknowledged_survives_kill_9() throws Exception {
        var random = new Random(Rounds.seed(20261123));
        long acknowledged = 0;
        long lost = 0;
        try (var journal = Samples.open(directory)) {
            for (int round = 1; round <= ROUNDS; round++) {
                var process = startLogging(round);
                var acks = new Acks(Path.of(acks(round)));
                acks.await(LEAST_ACKS + random.nextInt(MOST_ACKS), process);
                var generation = generationOf(journal, round);
                assertThat(generation.isAlive()).isTrue();
                kill(process);

                assertThat(generation.isAlive()).isFalse();
                assertThat(generation.writer()).startsWith("process " + process.pid() + " on host ");
                lost += LoggedSink.of(generation, id(round)).lost(acks);
                acknowledged += acks.total();
            }
            assertThat(journal.generations()).hasSize(ROUNDS);
        }
        System.out.printf("kill -9: %d rounds, %d acknowledged, %d lost%n", ROUNDS, acknowledged, lost);
        assertThat(lost).isZero();
        Rounds.done(ROUNDS, "kills of a writer");
    }

    @Test
    void two_processes_log_at_once_and_the_dead_ones_experiment_is_inherited_while_the_other_goes_on()
            throws Exception {
        var victims = new Acks(Path.of(acks(1)));
        var survivors = new Acks(Path.of(acks(2)));
        victims.set(LoggingProgram.ALLOWED, LESS_THAN_A_GENERATION);
        survivors.set(LoggingProgram.ALLOWED, LESS_THAN_A_GENERATION);
        var victim = startLogging(1);
        var survivor = startLogging(2);
        try (var journal = Samples.open(directory)) {
            victims.await(10_000, victim);
            survivors.await(10_000, survivor);
            assertThat(generationOf(journal, 1).isAlive()).isTrue();
            assertThat(generationOf(journal, 2).isAlive()).isTrue();
            kill(victim);

            var left = generationOf(journal, 1);
            var tail = journal.exclusively(() -> {
                assertThat(left.isAlive()).isFalse();
                var sink = LoggedSink.of(left, id(1));
                assertThat(sink.lost(victims)).isZero();
                left.force();
                var resumed = new Event.ExperimentResumed(
                        left.name(), 1, sink.tail().events(), sink.steps(0) + sink.steps(1), Map.of());
                return journal.append(id(1), AppendCondition.inherits(sink.tail()), Samples.TIME, resumed)
                        .tail();
            });
            Samples.publish(journal, id(1), 1_000);
            Samples.tag(journal, id(1), tail, "the heir is done");
            long before = survivors.total();
            survivors.set(LoggingProgram.ALLOWED, before + LESS_THAN_A_GENERATION);
            survivors.await(before + 10_000, survivor);
            assertThat(generationOf(journal, 2).isAlive()).isTrue();
            kill(survivor);

            assertThat(LoggedSink.of(generationOf(journal, 2), id(2)).lost(survivors))
                    .isZero();
        } finally {
            victim.destroyForcibly();
            survivor.destroyForcibly();
        }
        try (var later = Samples.open(directory)) {
            // a fast one has made its next generation ahead
            assertThat(later.generations()).hasSizeGreaterThanOrEqualTo(3).noneMatch(Generation::isAlive);
            JournalReading.requireSound(later);
        }
    }
}
