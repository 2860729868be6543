package dev.daybook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.journal.PowerCuts;
import dev.daybook.port.InMemoryProjection;
import dev.daybook.port.JournalSettings.Force;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a whole Daybook finds when the power failed while another one worked, between its calls and in the middle of them: what each level
 * promises is there, nothing is there twice, and it can be gone on with, saved and read back. The repository is one in memory, which keeps
 * everything that it was told.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PowerCutTest {

    private static final long SEED = Rounds.seed(20261129);
    private static final int IMAGES = Rounds.of(100);
    private static final int STEPS = 60;
    private static final int MOST_EXPERIMENTS = 6;

    private Path directory = Scratch.MEMORY;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Scratch.temporary();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Scratch.delete(directory);
    }

    private enum Phase {
        BEGUN,
        COMPLETED,
        SAVED,
        DISCARDED
    }

    /** What calls that have returned say of an experiment. */
    private record Known(String name, Phase phase, Map<String, Object> params, long logged, int checkpoints) {

        static Known begun(String name) {
            return new Known(name, Phase.BEGUN, Map.of(), 0, 0);
        }

        Known with(Phase other) {
            return new Known(name, other, params, logged, checkpoints);
        }

        Known withParam(String key, Object value) {
            var all = new LinkedHashMap<>(params);
            all.put(key, value);
            return new Known(name, phase, all, logged, checkpoints);
        }

        Known withLogged(long more) {
            return new Known(name, phase, params, logged + more, checkpoints);
        }

        Known withCheckpoint() {
            return new Known(name, phase, params, logged, checkpoints + 1);
        }

        boolean isUnfinished() {
            return phase == Phase.BEGUN || phase == Phase.COMPLETED;
        }
    }

    /**
     * The power fails.
     *
     * @param underWay the experiment that a call is about
     */
    private record Cut(
            PowerCuts.Cut disk, InMemoryProjection git, Map<String, Known> known, Optional<String> underWay) {}

    /** A Daybook that works. */
    private static final class Run {

        private final Random random;
        private final PowerCuts power;
        private final InMemoryProjection git = new InMemoryProjection(Path.of("home"));
        private final Map<String, Known> known = new LinkedHashMap<>();
        private final Map<String, Experiment> handles = new LinkedHashMap<>();
        private final List<Cut> cuts = new ArrayList<>();
        private @Nullable String underWay;
        private Daybook daybook;

        Run(Path place, Force force, Random random) throws IOException {
            this.random = random;
            this.power = new PowerCuts(place, force);
            this.daybook = open();
            git.onStep(() -> cut(8));
        }

        private Daybook open() {
            return new Daybook(power.open(), git, DaybookOptions.defaults().withWarnings(warning -> {}));
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                underWay = null;
                power.returned();
                cut(6);
            }
            git.onStep(() -> {});
            daybook.close();
        }

        private void cut(int oneOf) {
            if (random.nextInt(oneOf) == 0) {
                try {
                    cuts.add(new Cut(
                            power.cut(), git.copy(), new LinkedHashMap<>(known), Optional.ofNullable(underWay)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void step() {
            var mine = known.values().stream()
                    .filter(one -> handles.containsKey(one.name()) && one.isUnfinished())
                    .toList();
            int kind = random.nextInt(20);
            if (mine.isEmpty() || kind == 0 && known.size() < MOST_EXPERIMENTS) {
                begin("exp-" + (known.size() + 1));
            } else if (kind == 1) {
                nextProcess();
            } else {
                var one = mine.get(random.nextInt(mine.size()));
                underWay = one.name();
                work(kind, one, requireNonNull(handles.get(one.name())));
            }
        }

        private void begin(String name) {
            underWay = name;
            handles.put(name, daybook.experiment(name).init());
            known.put(name, Known.begun(name));
        }

        /** Which goes on with what the one before has let go. */
        private void nextProcess() {
            daybook.close();
            daybook = open();
            handles.clear();
            for (var one : List.copyOf(known.values())) {
                if (one.isUnfinished()) {
                    underWay = one.name();
                    var handle = daybook.find(one.name()).orElseThrow();
                    handles.put(one.name(), one.phase() == Phase.BEGUN ? handle.resume() : handle);
                }
            }
        }

        private void work(int kind, Known one, Experiment handle) {
            if (one.phase() == Phase.COMPLETED || kind == 2 || kind == 3) {
                end(kind, one, handle);
            } else if (kind < 6) {
                int value = random.nextInt(1000);
                handle.setParam("p" + kind, value);
                known.put(one.name(), one.withParam("p" + kind, (long) value));
            } else if (kind == 6) {
                handle.makeCheckpoint("c");
                known.put(one.name(), one.withCheckpoint());
            } else {
                long count = 1L + random.nextInt(60);
                for (long i = one.logged(); i < one.logged() + count; i++) {
                    handle.logMetric("loss", i, value(i));
                }
                known.put(one.name(), one.withLogged(count));
            }
        }

        private void end(int kind, Known one, Experiment handle) {
            boolean isSaved = kind % 3 == 0;
            if (!isSaved && kind % 7 == 1) {
                handle.discard();
                known.put(one.name(), one.with(Phase.DISCARDED));
            } else if (!isSaved && one.phase() == Phase.BEGUN) {
                handle.complete();
                known.put(one.name(), one.with(Phase.COMPLETED));
            } else {
                handle.save();
                known.put(one.name(), one.with(Phase.SAVED));
            }
        }
    }

    private static double value(long step) {
        return 0.5 * step;
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void a_daybook_finds_what_was_promised_and_goes_on(Force force) throws IOException {
        int images = 0;
        int saved = 0;
        int goneOn = 0;
        for (int number = 0; images < IMAGES; number++) {
            long seed = SEED + number;
            var random = new Random(seed);
            var place = directory.resolve("run-" + number);
            var run = new Run(place, force, random);
            run.run();
            for (int cut = 0; cut < run.cuts.size() && images < IMAGES; cut++, images++) {
                var what = "seed " + seed + ", " + force + ", cut " + cut + ", image " + images;
                var image = directory.resolve("image");
                var power = run.cuts.get(cut);
                power.disk().image(images, random, image);
                var git = power.git().copy();
                saved += check(what, force, power, image, git);
                goneOn += goOn(what, image, git);
                Scratch.delete(image);
            }
            Scratch.delete(place);
        }
        System.out.printf(
                "power cuts at %s, seen by a Daybook: %d images, %d saved experiments found, %d unfinished ones gone on with%n",
                force, images, saved, goneOn);
        assertThat(saved).isPositive();
        assertThat(goneOn).isPositive();
        Rounds.done(images, "images of power cuts, opened by a Daybook");
    }

    private static Daybook open(Path image, InMemoryProjection git) {
        return new Daybook(
                PowerCuts.found(image), git, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    /** How many saved ones there are. */
    private static int check(String what, Force force, Cut cut, Path image, InMemoryProjection git) {
        try (var daybook = open(image, git)) {
            daybook.recover();
            var found = byName(what, daybook);
            assertThat(found.keySet())
                    .as(what)
                    .allMatch(name ->
                            cut.known().containsKey(name) || cut.underWay().equals(Optional.of(name)));
            for (var one : cut.known().values()) {
                check(what + ", " + one, force, one, cut, Optional.ofNullable(found.get(one.name())), daybook);
            }
            return (int) found.values().stream()
                    .filter(each -> each.status() == Status.PERSISTED)
                    .count();
        }
    }

    /** None stands there twice. */
    private static Map<String, ExperimentSummary> byName(String what, Daybook daybook) {
        var all = daybook.experiments();
        assertThat(all).as(what).extracting(ExperimentSummary::name).doesNotHaveDuplicates();
        return all.stream().collect(Collectors.toMap(ExperimentSummary::name, Function.identity()));
    }

    private static void check(
            String what, Force force, Known one, Cut cut, Optional<ExperimentSummary> found, Daybook daybook) {
        if (one.phase() == Phase.SAVED) {
            var summary = found.orElseThrow(() -> new AssertionError(what + " is not there"));
            assertThat(summary.status()).as(what).isEqualTo(Status.PERSISTED);
            assertThat(summary.params()).as(what).isEqualTo(one.params());
            assertThat(summary.metrics())
                    .as(what)
                    .isEqualTo(one.logged() == 0 ? Map.of() : Map.of("loss", value(one.logged() - 1)));
            return;
        }
        if (force == Force.PROCESS || cut.underWay().equals(Optional.of(one.name()))) {
            return;
        }
        if (one.phase() == Phase.DISCARDED) {
            assertThat(found).as(what).isEmpty();
            return;
        }
        var summary = found.orElseThrow(() -> new AssertionError(what + " is not there"));
        assertThat(summary.status())
                .as(what)
                .isEqualTo(one.phase() == Phase.BEGUN ? Status.INTERRUPTED : Status.COMPLETED);
        assertThat(summary.params()).as(what).isEqualTo(one.params());
        var handle = daybook.find(one.name()).orElseThrow();
        assertThat(handle.checkpoints()).as(what).hasSize(one.checkpoints());
        long count = handle.metrics().stream().mapToLong(MetricSummary::count).sum();
        if (force == Force.SYNC) {
            assertThat(count).as(what).isEqualTo(one.logged());
        } else {
            assertThat(count).as(what).isLessThanOrEqualTo(one.logged());
        }
        if (count > 0) {
            assertThat(summary.metrics()).as(what).isEqualTo(Map.of("loss", value(count - 1)));
        }
    }

    /** Whoever comes goes on with what is unfinished, begins something, saves both, and the next one reads both back; how many were unfinished. */
    private static int goOn(String what, Path image, InMemoryProjection git) {
        var saved = new ArrayList<SavedExperiment>();
        int unfinished = 0;
        try (var daybook = open(image, git)) {
            for (var summary : daybook.experiments()) {
                if (summary.status() == Status.INTERRUPTED) {
                    var heir = daybook.resume(summary.name());
                    heir.setParam("heir", true);
                    heir.logMetric("heirs", 1.0);
                    saved.add(heir.save());
                    unfinished++;
                } else if (summary.status() == Status.COMPLETED) {
                    saved.add(daybook.find(summary.name()).orElseThrow().save());
                    unfinished++;
                }
            }
            var fresh = daybook.experiment("fresh").init();
            fresh.logMetric("loss", 3.0);
            saved.add(fresh.save());
        }
        try (var later = open(image, git)) {
            assertThat(later.recover()).as(what).isEmpty();
            var found = byName(what, later);
            assertThat(found.values()).as(what).allMatch(each -> each.status() == Status.PERSISTED);
            var torn = String.join("; ", later.damage());
            for (var one : saved) {
                assertThat(requireNonNull(found.get(one.name())).commit())
                        .as(what)
                        .contains(one.commit());
                // what the cut has torn stays to be seen
                assertThat(later.verify(one.name()).problems())
                        .as(what + ", " + one)
                        .allMatch(torn::contains);
            }
        }
        return unfinished;
    }
}
