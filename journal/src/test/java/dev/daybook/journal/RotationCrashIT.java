package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Rounds;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings.Force;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are killed while they log flat out, from one small generation to the next. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RotationCrashIT {

    private static final long SEED = Rounds.seed(20261123);
    private static final int ROUNDS = Rounds.of(10);
    private static final int LEAST_ACKS = 1_000;
    private static final int MOST_ACKS = 400_000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Force.class,
            names = {"PROCESS", "INTERVAL"})
    void whatever_was_acknowledged_survives_kill_9_in_whichever_generation(Force force) throws Exception {
        var random = new Random(SEED);
        long acknowledged = 0;
        long lost = 0;
        int generations = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            var place = Files.createDirectories(directory.resolve("round-" + round));
            var file = directory.resolve("acks-" + round);
            var process = ChildJvm.start(
                    LoggingProgram.class, place.toString(), Integer.toString(round), file.toString(), force.name());
            try {
                var acks = new Acks(file);
                acks.await(LEAST_ACKS + random.nextInt(MOST_ACKS), process);
                process.destroyForcibly();
                process.waitFor();
                var what = "seed " + SEED + ", " + force + ", round " + round;
                lost += lost(what, place, round, acks);
                acknowledged += acks.total();
                generations += JournalDirectory.of(place).generations().size();
            } finally {
                process.destroyForcibly();
            }
        }
        System.out.printf(
                "kill -9 at %s: %d rounds, %d generations, %d acknowledged, %d lost%n",
                force, ROUNDS, generations, acknowledged, lost);
        assertThat(lost).isZero();
        Rounds.done(ROUNDS, "kills of a writer among generations");
    }

    private static long lost(String what, Path place, int experiment, Acks acks) {
        try (var journal = Samples.open(place)) {
            var stream = Objects.requireNonNull(Streams.of(journal).get(id(experiment)));
            return lost(what, journal, stream, acks);
        }
    }

    /** How much of what was acknowledged is not there; what is there is to be sound. */
    static long lost(String what, Journal journal, Streams.One stream, Acks acks) {
        assertThat(journal.generations()).as(what).noneMatch(Generation::isAlive);
        for (var generation : journal.generations()) {
            assertThat(generation.damage()).as(what).isEmpty();
        }
        assertThat(stream.isBrokenOff()).as(what).isFalse();
        var steps = new long[LoggingProgram.THREADS];
        for (var record : JournalReading.records(stream.items())) {
            if (record.step() != steps[record.metric()]++
                    || Double.longBitsToDouble(record.valueBits()) != record.step()) {
                throw new AssertionError(
                        what + ": " + record + " where step " + (steps[record.metric()] - 1) + " was to be");
            }
        }
        long lost = Math.max(0, acks.get(LoggingProgram.EVENTS) - stream.tail().events());
        for (int metric = 0; metric < steps.length; metric++) {
            lost += Math.max(0, acks.get(metric) - steps[metric]);
        }
        return lost;
    }
}
