package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Rounds;
import dev.daybook.Scratch;
import dev.daybook.journal.LoggedExperiments.Counts;
import dev.daybook.journal.PowerLoss.Mode;
import dev.daybook.journal.PowerLoss.Moment;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Mark;
import dev.daybook.port.MetricLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is left of a journal when the power fails while it is written, at each level: nothing is lost that was forced, nothing is read that was
 * not logged, and work goes on.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PowerLossTest {

    private static final long SEED = Rounds.seed(20261123);
    private static final int RUNS = Rounds.of(10);
    private static final int MOMENTS = 5;
    private static final int STEPS = 45;

    private Path directory = Scratch.MEMORY;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Scratch.temporary();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Scratch.delete(directory);
    }

    /** What the power takes: a moment, and what had been promised before it. */
    private record Cut(Moment moment, List<Counts> promised) {}

    /** A process that logs. */
    private static final class Run {
        private final Force force;
        private final Random random;
        private final Path place;
        private final PowerLoss disk;
        private final LoggedExperiments logged = new LoggedExperiments();
        private final Map<Integer, Counts> promised = new HashMap<>();
        private final List<Cut> cuts = new ArrayList<>();
        private final Map<ExperimentId, MetricLease> leases = new HashMap<>();

        /** Those whose stream this process can log to: others are closed, or being let go. */
        private final Set<ExperimentId> owned = ConcurrentHashMap.newKeySet();

        private volatile boolean isOver;
        private ChronicleJournal journal;

        Run(Force force, Random random, Path place) throws IOException {
            this.force = force;
            this.random = random;
            this.place = Files.createDirectories(place);
            this.disk = new PowerLoss(place);
            this.journal = disk.open(force);
        }

        void run() throws IOException {
            begin();
            begin();
            if (random.nextBoolean()) {
                log(STEPS / 4, 0);
                takeOver(logged.all().get(0));
            }
            var failure = new AtomicReference<Throwable>();
            var other = new Thread(() -> logBeside(new Random(random.nextLong()), failure));
            boolean isBeside = random.nextBoolean();
            if (isBeside) {
                other.start();
            }
            log(STEPS, MOMENTS - 1);
            isOver = true;
            join(other);
            assertThat(failure.get()).isNull();
            journal.close();
            promise(logged.acknowledged());
            cut();
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void logBeside(Random own, AtomicReference<Throwable> failure) {
            try {
                var held = new HashMap<ExperimentId, MetricLease>();
                int most = force == Force.SYNC ? 100 : 300;
                for (int i = 0; i < most && !isOver; i++) {
                    var one = logged.all().get(own.nextInt(logged.all().size()));
                    if (!owned.contains(one.id())) {
                        continue;
                    }
                    publish(one, 1, force == Force.SYNC ? 1 : 1 + own.nextInt(20), held);
                    Thread.onSpinWait();
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        }

        private void begin() {
            var one = logged.begin();
            var before = logged.acknowledged();
            var entry = Samples.begin(journal, one.id());
            one.event(entry, Counts.NONE);
            owned.add(one.id());
            appended(before, false);
        }

        private void append(LoggedExperiments.One one, Event event) {
            var before = logged.acknowledged();
            var mine = one.acknowledged();
            var entry = journal.append(
                    one.id(), AppendCondition.continues(one.last().tail()), TIME, event);
            one.event(entry, mine);
            owned.add(one.id());
            appended(before, event instanceof Event.SavePrepared);
        }

        /** What the levels promise of an event that was appended. */
        private void appended(List<Counts> before, boolean isSave) {
            disk.returned();
            if (force != Force.PROCESS || isSave) {
                promise(before);
                for (var one : logged.all()) {
                    var counts = promised.getOrDefault(one.number(), Counts.NONE);
                    promised.put(
                            one.number(),
                            counts.or(new Counts(one.acknowledged().events(), counts.records())));
                }
            }
        }

        private void promise(List<Counts> counts) {
            for (int i = 0; i < counts.size(); i++) {
                promised.merge(i + 1, counts.get(i), Counts::or);
            }
        }

        /** Ends the process, and lets the next one go on with an experiment of it. */
        private void takeOver(LoggedExperiments.One one) {
            journal.close();
            owned.clear();
            leases.clear();
            promise(logged.acknowledged());
            disk.returned();
            journal = disk.open(force);
            var before = one.acknowledged();
            one.event(
                    Heirs.inherit(
                            journal, Objects.requireNonNull(Streams.of(journal).get(one.id()))),
                    before);
            owned.add(one.id());
            disk.returned();
            promise(logged.acknowledged());
        }

        private void log(int steps, int moments) throws IOException {
            for (int step = 0; step < steps; step++) {
                step();
                awaitNextGeneration();
                if (moments > 0 && step % (steps / moments) == steps / moments - 1) {
                    cut();
                }
            }
        }

        private void step() {
            var mine = logged.all().stream()
                    .filter(one -> owned.contains(one.id()))
                    .toList();
            var one = mine.isEmpty() ? null : mine.get(random.nextInt(mine.size()));
            int kind = random.nextInt(20);
            if (one == null || kind == 0 && logged.all().size() < LoggedExperiments.MOST) {
                begin();
            } else if (kind < 13) {
                publish(one, 0, 1 + random.nextInt(force == Force.SYNC ? 10 : 60), leases);
            } else if (kind == 13 && force == Force.INTERVAL) {
                var before = logged.acknowledged();
                journal.force();
                disk.returned();
                promise(before);
            } else if (kind == 13 && force == Force.PROCESS) {
                append(one, new Event.SavePrepared("refs/exps/aa/1", "3".repeat(40), "4".repeat(40), Optional.empty()));
            } else if (kind == 14) {
                owned.remove(one.id());
                journal.release(one.id());
                append(one, new Event.Tagged("taken up again"));
            } else {
                int length = random.nextInt(3) == 0 ? 12 << 10 : 1;
                append(one, new Event.Tagged("x".repeat(1 + random.nextInt(length))));
            }
        }

        private void publish(LoggedExperiments.One one, int metric, int count, Map<ExperimentId, MetricLease> held) {
            for (int i = 0; i < count; ) {
                var record = one.begins(metric);
                if (held.containsKey(one.id())
                        && held.get(one.id())
                                .publish(
                                        metric,
                                        record.step(),
                                        Double.longBitsToDouble(record.valueBits()),
                                        record.epochMilli())) {
                    one.taken(metric);
                    i++;
                } else {
                    one.notTaken(metric);
                    if (!lease(one.id(), held)) {
                        return;
                    }
                }
            }
        }

        /** False where it was let go at this moment. */
        private boolean lease(ExperimentId id, Map<ExperimentId, MetricLease> held) {
            try {
                held.put(id, journal.lease(id));
                return true;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("its stream does not end here");
                return false;
            }
        }

        /** So that it does not get much larger than it should. */
        private void awaitNextGeneration() {
            long deadline = System.nanoTime() + 30_000_000_000L;
            var full = journal.current();
            while (full.isNearlyFull() && full == journal.current() && generationsAlive() < 2) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("there is no next generation");
                }
                Thread.onSpinWait();
            }
        }

        private long generationsAlive() {
            return journal.generations().stream().filter(Generation::isAlive).count();
        }

        private void cut() throws IOException {
            if (force == Force.SYNC) {
                promise(logged.acknowledged());
            }
            var sure = new ArrayList<Counts>();
            for (int i = 1; i <= logged.all().size(); i++) {
                sure.add(promised.getOrDefault(i, Counts.NONE));
            }
            cuts.add(new Cut(disk.now(), sure));
        }
    }

    /** What all images together say. */
    private static final class Tally {
        private int images;
        private long promised;
        private long found;
        private long lost;
        private int brokenOff;
        private int damaged;
        private int generations;
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void what_was_promised_survives_a_power_cut_and_nothing_else_is_read_than_what_was_logged(Force force)
            throws IOException {
        var tally = new Tally();
        for (int number = 0; number < RUNS; number++) {
            long seed = SEED + number;
            var run = new Run(force, new Random(seed), directory.resolve("run-" + number));
            run.run();
            tally.generations += run.journal.generations().size();
            for (int cut = 0; cut < run.cuts.size(); cut++) {
                for (var mode : PowerLoss.modes()) {
                    var what = "seed " + seed + ", " + force + ", cut " + cut + ", " + mode + ", image " + tally.images;
                    var image = directory.resolve("image");
                    var random = new Random(seed * 31 + tally.images);
                    check(what, run, run.cuts.get(cut), mode, random, image, tally);
                    Scratch.delete(image);
                    tally.images++;
                }
            }
            Scratch.delete(run.place);
        }
        System.out.printf(
                "power loss at %s: %d images of %d generations, %d promised, %d found, %d lost; %d with damage, %d"
                        + " experiments whose later generation had to be left out%n",
                force,
                tally.images,
                tally.generations,
                tally.promised,
                tally.found,
                tally.lost,
                tally.damaged,
                tally.brokenOff);
        assertThat(tally.images).isEqualTo(RUNS * MOMENTS * Mode.values().length);
        assertThat(tally.lost).isZero();
        Rounds.done(tally.images, "images of power cuts");
    }

    private static void check(String what, Run run, Cut cut, Mode mode, Random random, Path image, Tally tally)
            throws IOException {
        PowerLoss.image(cut.moment(), mode, random, Files.createDirectories(image));
        if (random.nextInt(3) == 0) {
            try (var first = Samples.open(image)) {
                var all = run.logged.all();
                requireOneReadingIsLikeAll(
                        what, first, all.get(random.nextInt(all.size())).id());
            }
        }
        Map<ExperimentId, Streams.One> found;
        try (var journal = Samples.open(image)) {
            assertThat(journal.generations()).as(what).noneMatch(Generation::isAlive);
            found = Streams.of(journal);
            tally.damaged += journal.generations().stream()
                            .anyMatch(each -> each.damage().isPresent())
                    ? 1
                    : 0;
        }
        for (var one : run.logged.all()) {
            var stream = Optional.ofNullable(found.get(one.id()));
            var items = stream.map(Streams.One::items).orElse(List.of());
            var counts = run.logged.requireBeginning(what, one.id(), items);
            var promised =
                    one.number() <= cut.promised().size() ? cut.promised().get(one.number() - 1) : Counts.NONE;
            long lost = counts.lacks(promised);
            if (lost > 0) {
                System.out.println(what + ": experiment " + one.number() + " has " + counts + " of " + promised);
            }
            tally.lost += lost;
            tally.found += counts.total();
            tally.promised += promised.total();
            tally.brokenOff += stream.filter(Streams.One::isBrokenOff).isPresent() ? 1 : 0;
        }
        // rather one that goes on in a generation of which the beginning is missing
        var candidates = found.values().stream()
                .filter(stream -> stream.tail().events() > 0)
                .sorted(Comparator.comparing(Streams.One::isBrokenOff).reversed())
                .toList();
        var inherited = candidates.isEmpty()
                ? Optional.<Streams.One>empty()
                : Optional.of(candidates.get(random.nextInt(Math.min(2, candidates.size()))));
        Heirs.goOn(what, image, found, inherited);
    }

    /** Whoever reads one experiment finds what the reader of all finds of it, whatever is noted of a generation. */
    private static void requireOneReadingIsLikeAll(String what, Journal journal, ExperimentId id) {
        for (var generation : journal.generations()) {
            var one = new JournalReading();
            generation.reading(id).advance(one, Mark.END);
            var all = new JournalReading();
            generation.afresh().read(0, all);
            assertThat(one.items())
                    .as(what + ": experiment " + id + " in " + generation.name())
                    .isEqualTo(JournalReading.of(id, all.items()));
        }
    }
}
