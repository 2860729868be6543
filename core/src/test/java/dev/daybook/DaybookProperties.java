package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.NaiveDaybook.Logged;
import dev.daybook.NaiveDaybook.Naive;
import dev.daybook.NaiveDaybook.Phase;
import dev.daybook.World.Death;
import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.ExperimentPersisted;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.InMemoryProjection.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Whole lives of several experiments in several processes that die, come back and inherit from each other, against {@link NaiveDaybook}:
 * after each step everything that any reader can see is compared.
 */
class DaybookProperties {

    private static final int PROCESSES = 3;
    private static final List<String> METRICS = List.of("loss", "train/acc");
    private static final List<String> PARAMS = List.of("lr", "depth", "model.width");

    /** What is done; which experiment, name, value is meant follows from the numbers. */
    private enum Do {
        INIT,
        FIND,
        RESUME,
        SET_PARAM,
        DEFINE,
        LOG,
        LOG_AT_A_STEP,
        CHECKPOINT,
        COMPLETE,
        FAIL,
        SAVE,
        SAVE_AS,
        DISCARD,
        DISCARD_AND_INIT,
        CLOSE_HANDLE,
        CLOSE_DAYBOOK,
        KILL,
        CRASH_IN_SAVE,
        RECOVER,
        CHANGE_CODE,
        COLLECT_GARBAGE
    }

    private record Action(Do what, int process, int experiment, int number) {
        @Override
        public String toString() {
            return what + "(process " + process + ", experiment " + experiment + ", " + number + ")";
        }
    }

    @Provide
    Arbitrary<List<Action>> lives() {
        var what = Arbitraries.frequency(
                Tuple.of(2, Do.INIT),
                Tuple.of(3, Do.FIND),
                Tuple.of(8, Do.RESUME),
                Tuple.of(4, Do.SET_PARAM),
                Tuple.of(1, Do.DEFINE),
                Tuple.of(10, Do.LOG),
                Tuple.of(4, Do.LOG_AT_A_STEP),
                Tuple.of(2, Do.CHECKPOINT),
                Tuple.of(1, Do.COMPLETE),
                Tuple.of(1, Do.FAIL),
                Tuple.of(2, Do.SAVE),
                Tuple.of(1, Do.SAVE_AS),
                Tuple.of(1, Do.DISCARD),
                Tuple.of(1, Do.DISCARD_AND_INIT),
                Tuple.of(5, Do.CLOSE_HANDLE),
                Tuple.of(1, Do.CLOSE_DAYBOOK),
                Tuple.of(2, Do.KILL),
                Tuple.of(2, Do.CRASH_IN_SAVE),
                Tuple.of(2, Do.RECOVER),
                Tuple.of(2, Do.CHANGE_CODE),
                Tuple.of(1, Do.COLLECT_GARBAGE));
        var action = Combinators.combine(
                        what,
                        Arbitraries.integers().between(0, PROCESSES - 1),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 11))
                .as(Action::new);
        return action.list().ofMinSize(1).ofMaxSize(40).withSizeDistribution(RandomDistribution.uniform());
    }

    @Property(tries = 2000)
    void a_daybook_is_what_a_naive_one_says_after_each_step(@ForAll("lives") List<Action> actions) {
        var life = new Life();
        for (var action : actions) {
            life.act(action);
            life.compare(action);
        }
    }

    /** A handle that a process holds. */
    private static final class Held {
        final Experiment handle;
        final Naive of;
        final String requested;
        boolean hasBegun;
        boolean isOwned;
        boolean isClosed;

        Held(Experiment handle, Naive of, String requested, boolean hasBegun) {
            this.handle = handle;
            this.of = of;
            this.requested = requested;
            this.hasBegun = hasBegun;
            this.isOwned = hasBegun;
        }
    }

    /** The real thing and the naive one side by side. */
    private static final class Life {

        private final World world = new World();
        private final NaiveDaybook naive = new NaiveDaybook();
        private final List<ExperimentId> ids = new ArrayList<>();
        private final List<World.Worker> processes = new ArrayList<>();
        private final List<Map<Integer, Held>> held = new ArrayList<>();
        private final int[] generations = new int[PROCESSES];
        private final World.Worker follower = world.process();
        private int nextGeneration;
        private int trees;
        private String tree = "2".repeat(40);

        Life() {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(world.process());
                held.add(new LinkedHashMap<>());
                generations[i] = nextGeneration++;
            }
            // so that there is something to work on from the first action on
            init(0, processes.get(0).daybook().experiment("exp0"), "exp0");
            init(1, processes.get(1).daybook().experiment("exp1"), "exp1");
        }

        // One step.

        void act(Action action) {
            int p = action.process();
            int n = action.number();
            switch (action.what()) {
                case INIT -> init(p, processes.get(p).daybook().experiment("exp" + n % 2), "exp" + n % 2);
                case KILL -> reopen(p, () -> processes.get(p).die());
                case CLOSE_DAYBOOK -> reopen(p, () -> processes.get(p).daybook().close());
                case RECOVER -> recover(p);
                case CHANGE_CODE -> changeCode("%040x".formatted(++trees));
                case COLLECT_GARBAGE -> world.git.collectGarbage();
                default -> {
                    if (!naive.all.isEmpty()) {
                        var of = meant(action);
                        actOn(action, processMeant(action, of), of);
                    }
                }
            }
        }

        /** Three times of four one that can be inherited, where the call is an heir's. */
        private Naive meant(Action action) {
            var candidates = naive.all;
            if (action.what() == Do.RESUME && action.number() % 4 != 0) {
                var free = naive.all.stream()
                        .filter(it -> it.phase == Phase.ACTIVE && it.owner < 0)
                        .toList();
                candidates = free.isEmpty() ? candidates : free;
            }
            return candidates.get(candidates.size() - 1 - action.experiment() % candidates.size());
        }

        /** Three times of four the owner, where there is one. */
        private int processMeant(Action action, Naive of) {
            for (int p = 0; p < PROCESSES; p++) {
                if (generations[p] == of.owner && action.number() % 4 != 0 && action.what() != Do.RESUME) {
                    return p;
                }
            }
            return action.process();
        }

        private void changeCode(String newTree) {
            tree = newTree;
            world.git.setTree(newTree);
        }

        private void init(int p, Experiment handle, String requested) {
            handle.init();
            var fresh = naive.begin(requested, tree, generations[p]);
            ids.add(ExperimentId.parse(handle.id().orElseThrow()));
            held.get(p).put(fresh.number, new Held(handle, fresh, requested, true));
            assertThat(handle.name()).isEqualTo(fresh.name);
        }

        private void reopen(int p, Runnable end) {
            end.run();
            naive.letGo(generations[p]);
            processes.set(p, world.process());
            held.get(p).clear();
            generations[p] = nextGeneration++;
        }

        private void recover(int p) {
            var names = new ArrayList<String>();
            for (var it : naive.all) {
                var prepared = it.prepared;
                if (prepared != null && it.owner < 0) {
                    naive.persist(it, prepared);
                    names.add(prepared);
                }
            }
            assertThat(processes.get(p).daybook().recover())
                    .extracting(SavedExperiment::name)
                    .containsExactlyInAnyOrderElementsOf(names);
        }

        private void actOn(Action action, int p, Naive of) {
            int n = action.number();
            var mine = held.get(p).get(of.number);
            if (mine == null
                    || mine.isClosed && (action.what() == Do.FIND || action.what() == Do.RESUME && n % 4 != 0)) {
                mine = find(p, of);
            }
            if (mine == null) {
                return;
            }
            var target = mine;
            var metric = METRICS.get(n % 4 / 3);
            double value = n == 11 ? Double.NaN : n - 5;
            switch (action.what()) {
                case RESUME -> {
                    boolean admitted = isFree(target) && of.phase == Phase.ACTIVE;
                    expect(admitted, target.handle::resume);
                    if (admitted) {
                        own(p, target);
                    }
                }
                case SET_PARAM -> {
                    var key = PARAMS.get(n % PARAMS.size());
                    if (expect(works(target), () -> target.handle.setParam(key, n))) {
                        of.params.put(key, (long) n);
                    }
                }
                case DEFINE -> {
                    if (works(target)) {
                        target.handle.metric(metric);
                        of.define(metric);
                    }
                }
                case LOG -> {
                    if (expect(works(target), () -> target.handle.logMetric(metric, value))) {
                        of.log(metric, of.nextStep(metric), value);
                    }
                }
                case LOG_AT_A_STEP -> {
                    if (expect(works(target), () -> target.handle.logMetric(metric, 3L * n - 9, value))) {
                        of.log(metric, 3L * n - 9, value);
                    }
                }
                case CHECKPOINT -> {
                    if (expect(works(target), () -> target.handle.makeCheckpoint("c"))) {
                        of.checkpoints++;
                        of.tree = tree;
                    }
                }
                case COMPLETE, FAIL -> {
                    var failure = action.what() == Do.FAIL ? "why" : null;
                    boolean admitted = expect(works(target), () -> {
                        if (failure == null) {
                            target.handle.complete();
                        } else {
                            target.handle.fail(failure);
                        }
                    });
                    if (admitted) {
                        of.phase = Phase.COMPLETED;
                        of.failure = failure;
                        of.tree = target.hasBegun ? tree : of.tree;
                    }
                }
                case SAVE -> save(p, target, of.name);
                case SAVE_AS -> save(p, target, "other" + n % 3);
                case CRASH_IN_SAVE -> crashInSave(p, target, n);
                case DISCARD -> discard(p, target);
                case DISCARD_AND_INIT -> {
                    if (discard(p, target)) {
                        init(p, target.handle, target.requested);
                    }
                }
                case CLOSE_HANDLE -> {
                    target.handle.close();
                    if (target.isOwned && !target.isClosed && of.owner == generations[p]) {
                        of.owner = -1;
                    }
                    target.isClosed = true;
                    target.isOwned = false;
                }
                default -> {} // FIND has been done
            }
        }

        private @org.jspecify.annotations.Nullable Held find(int p, Naive of) {
            var found = processes.get(p).daybook().find(of.name);
            // another one may have the name meanwhile
            if (!of.isUnfinished()
                    || !found.flatMap(Experiment::id)
                            .equals(Optional.of(ids.get(of.number)).map(ExperimentId::toString))) {
                assertThat(of.isUnfinished() && found.isEmpty()).isFalse();
                return null;
            }
            var fresh = new Held(found.orElseThrow(), of, of.name, false);
            held.get(p).put(of.number, fresh);
            return fresh;
        }

        /** Whether calls that an owner may make exist now. */
        private static boolean works(Held mine) {
            return mine.isOwned && !mine.isClosed && mine.of.phase == Phase.ACTIVE;
        }

        /** Whether a handle that does not own its experiment could. */
        private static boolean isFree(Held mine) {
            return !mine.isClosed && !mine.isOwned && mine.of.owner < 0;
        }

        private void own(int p, Held mine) {
            mine.isOwned = true;
            mine.of.owner = generations[p];
        }

        /** Calls, and checks that a refusal leaves no trace. */
        private boolean expect(boolean admitted, Runnable call) {
            if (admitted) {
                call.run();
            } else {
                var before = world.journal();
                assertThatThrownBy(call::run)
                        .isInstanceOfAny(IllegalTransitionException.class, NotOwnerException.class);
                assertThat(world.journal()).isEqualTo(before);
            }
            return admitted;
        }

        private void save(int p, Held mine, String name) {
            var of = mine.of;
            if (of.phase == Phase.PERSISTED && !mine.isOwned) {
                return; // what a looked-up handle says to that is in DaybookTest
            }
            if (of.phase == Phase.PERSISTED && !mine.isClosed) {
                assertThat(mine.handle.saveAs(name).name()).isEqualTo(of.savedAs);
                return;
            }
            boolean admitted = !mine.isClosed && of.isUnfinished() && (mine.isOwned || isFree(mine));
            if (!admitted) {
                expect(false, () -> mine.handle.saveAs(name));
                return;
            }
            var prepared = of.prepared;
            var under = prepared == null ? name : prepared;
            var holder = naive.refs.get(under);
            if (prepared == null && isPreparedElsewhere(under)) {
                return; // what becomes of the other one is in DaybookTest
            }
            if (holder != null) {
                changeCode(of.tree); // which code is the last recorded one then is in DaybookTest
                assertThatThrownBy(() -> mine.handle.saveAs(under)).isInstanceOf(NameTakenException.class);
                own(p, mine);
                of.phase = Phase.COMPLETED;
                return;
            }
            var saved = mine.handle.saveAs(name);
            own(p, mine);
            of.tree = mine.hasBegun && prepared == null ? tree : of.tree;
            naive.persist(of, under);
            assertThat(saved.name()).isEqualTo(under);
            assertThat(saved.ref()).isEqualTo(World.REFS + under);
        }

        private boolean isPreparedElsewhere(String name) {
            return naive.all.stream().anyMatch(it -> name.equals(it.prepared));
        }

        private void crashInSave(int p, Held mine, int n) {
            var of = mine.of;
            boolean admitted = !mine.isClosed && of.isUnfinished() && (mine.isOwned || isFree(mine));
            if (!admitted || of.prepared != null) {
                return;
            }
            var now = mine.hasBegun ? tree : of.tree;
            boolean wasActive = of.phase == Phase.ACTIVE;
            var died = new AtomicBoolean();
            var journal = processes.get(p).journal();
            journal.beforeAppend(event -> {
                if (n == 0 && event instanceof ExperimentCompleted
                        || n == 1 && event instanceof SavePrepared
                        || n == 2 && event instanceof ExperimentPersisted) {
                    died.set(true);
                    throw new Death();
                }
            });
            journal.afterAppend(entry -> {
                if (n == 3 && entry.event() instanceof ExperimentCompleted
                        || n == 4 && entry.event() instanceof SavePrepared
                        || n == 5 && entry.event() instanceof ExperimentPersisted) {
                    died.set(true);
                    throw new Death();
                }
            });
            var steps = List.of(Step.BEFORE_PREPARE, Step.AFTER_PREPARE, Step.BEFORE_PUBLISH, Step.AFTER_PUBLISH);
            if (n >= 6 && n < 10) {
                world.git.fail(steps.get(n - 6), Death::new);
            }
            try {
                mine.handle.save();
            } catch (Death e) {
                died.set(true);
            }
            world.git.heal();
            if (!died.get()) {
                own(p, mine);
                of.tree = now;
                naive.persist(of, of.name);
            } else if (n == 5) {
                of.tree = now;
                naive.persist(of, of.name);
            } else if (n != 0) {
                boolean isPrepared = n == 2 || n == 4 || n == 8 || n == 9;
                of.phase = Phase.COMPLETED;
                of.tree = wasActive || isPrepared ? now : of.tree;
                of.prepared = isPrepared ? of.name : null;
            }
            of.owner = generations[p];
            reopen(p, processes.get(p)::die);
        }

        private boolean discard(int p, Held mine) {
            var of = mine.of;
            boolean admitted = !mine.isClosed && of.isUnfinished() && (mine.isOwned || isFree(mine));
            if (!admitted) {
                return expect(false, mine.handle::discard);
            }
            var prepared = of.prepared;
            if (prepared != null) {
                assertThatThrownBy(mine.handle::discard).isInstanceOf(IllegalTransitionException.class);
                own(p, mine);
                naive.persist(of, prepared);
                return false;
            }
            mine.handle.discard();
            of.phase = Phase.DISCARDED;
            held.get(p).remove(of.number);
            return true;
        }

        // Everything that can be seen.

        void compare(Action action) {
            var fresh = world.process();
            for (var reader : List.of(fresh, follower, processes.get(action.process()))) {
                var daybook = reader.daybook();
                assertThat(daybook.experiments().stream().map(Life::line))
                        .as("experiments; their order is in DaybookTest")
                        .containsExactlyInAnyOrderElementsOf(expectedLines());
                assertThat(daybook.damage()).isEmpty();
                for (var it : naive.all) {
                    compareOne(daybook, it);
                }
            }
            for (var handles : held) {
                handles.values().forEach(this::compareHandle);
            }
            assertThat(world.git.refs().keySet()).containsExactlyElementsOf(expectedRefs());
            naive.refs.forEach((name, it) -> assertThat(world.git
                            .commit(world.git.saved(World.HEAD, name).orElseThrow())
                            .orElseThrow()
                            .code()
                            .tree())
                    .as("code of " + name)
                    .isEqualTo(it.tree));
            world.requireSound();
        }

        /** A save that was cut behind its ref is seen as saved, though the journal does not know it yet. */
        private boolean isOnlyInGit(Naive it) {
            return it.prepared != null && world.git.refs().containsKey(World.REFS + it.prepared);
        }

        private List<String> expectedLines() {
            var lines = new ArrayList<>(naive.lines());
            for (var it : naive.all) {
                if (isOnlyInGit(it)) {
                    lines.removeIf(line -> line.startsWith(it.name + " COMPLETED "));
                    lines.add(it.prepared + " PERSISTED " + it.params + " " + it.lastValues() + " " + it.failure);
                }
            }
            int unfinished = (int)
                    lines.stream().filter(line -> !line.contains(" PERSISTED ")).count();
            lines.subList(unfinished, lines.size()).sort(java.util.Comparator.comparing(line -> line.split(" ", 2)[0]));
            return lines;
        }

        private List<String> expectedRefs() {
            var names = new java.util.TreeSet<>(naive.refs.keySet());
            naive.all.stream().filter(this::isOnlyInGit).forEach(it -> names.add(it.prepared));
            return names.stream().map(name -> World.REFS + name).toList();
        }

        private static String line(ExperimentSummary summary) {
            assertThat(summary.problems()).isEmpty();
            return summary.name() + " " + summary.status() + " " + summary.params() + " " + summary.metrics() + " "
                    + summary.failure().orElse(null);
        }

        private void compareOne(Daybook daybook, Naive it) {
            var stream = daybook.stream(ids.get(it.number)).orElseThrow();
            assertThat(stream.fold().metrics().stream().map(MetricSummary::of))
                    .as("metrics of " + it.name)
                    .containsExactlyElementsOf(it.summaries());
            assertThat(stream.data().checkpoints()).hasSize(it.checkpoints);
            var records = new ArrayList<Logged>();
            daybook.source(ids.get(it.number))
                    .records((metric, step, value, epochMilli) ->
                            records.add(new Logged(it.metricOrder.get(metric), step, value)));
            assertThat(records).as("records of " + it.name).isEqualTo(it.logged);
        }

        private void compareHandle(Held mine) {
            if (mine.isOwned && !mine.isClosed) {
                assertThat(mine.handle.state().name()).isEqualTo(mine.of.phase.name());
                assertThat(mine.handle.params().asMap()).isEqualTo(mine.of.params);
                assertThat(mine.handle.checkpoints()).hasSize(mine.of.checkpoints);
            }
            assertThat(mine.handle.metrics()).isEqualTo(mine.of.summaries());
            assertThat(mine.handle.name()).isEqualTo(mine.of.name);
        }
    }
}
