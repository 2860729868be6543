package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.LifecycleArbitraries.Action;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.statistics.Statistics;

/** Random commands on several handles: decider and fold on one side, {@link LifecycleModel} on the other, step by step. */
class LifecycleModelProperties {

    private static final int HANDLES = 2;
    private static final double MIN_PERCENTAGE_OF_EACH_PHASE = 1;

    /** One handle: its stream so far, the state that it folds to, and what the model says of it. */
    private static final class Handle {
        final List<Event> journal = new ArrayList<>();
        ExperimentFold fold = new ExperimentFold();
        LifecycleModel model = new LifecycleModel();

        void again() {
            journal.clear();
            fold = new ExperimentFold();
            model = new LifecycleModel();
        }
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void decider_and_fold_do_what_the_model_does(@ForAll("actions") List<Action> actions) {
        var handles = new ArrayList<Handle>();
        for (int i = 0; i < HANDLES; i++) {
            handles.add(new Handle());
        }
        for (var action : actions) {
            var handle = handles.get(action.handle());
            if (handle.model.isDiscarded()
                    && action.command().filter(Command.Init.class::isInstance).isPresent()) {
                handle.again(); // as a handle does: the same one, a new experiment
            }
            if (action.command().isPresent()) {
                command(handle, action.command().get());
            } else {
                record(handle, action);
            }
            for (var each : handles) {
                assertSame(each);
            }
            Statistics.label("phase").collect(handle.model.phase()).coverage(coverage -> {
                for (var phase : List.of("UNINITIALIZED", "ACTIVE", "COMPLETED", "PERSISTED")) {
                    coverage.check(phase).percentage(percentage -> percentage > MIN_PERCENTAGE_OF_EACH_PHASE);
                }
            });
        }
        for (var handle : handles) {
            var again = new ExperimentFold();
            handle.journal.forEach(again::event);
            assertThat(again.data()).isEqualTo(handle.fold.data());
        }
    }

    private static void command(Handle handle, Command command) {
        var decided = Decider.decide(handle.fold.data(), command);
        boolean taken = handle.model.take(command);
        assertThat(decided.isRight()).as("%s: %s", command, decided).isEqualTo(taken);
        for (var event : decided.getOrElse(io.vavr.collection.List.empty())) {
            handle.fold.event(event);
            handle.journal.add(event);
        }
    }

    private static void record(Handle handle, Action action) {
        boolean folded = true;
        try {
            handle.fold.metricLogged(action.metric(), action.step(), action.value());
        } catch (InvariantViolation e) {
            folded = false;
        }
        assertThat(folded).isEqualTo(handle.model.log(action.metric(), action.step(), action.value()));
    }

    private static void assertSame(Handle handle) {
        var data = handle.fold.data();
        var model = handle.model;
        assertThat(data.phase().name()).isEqualTo(model.phase());
        assertThat(data.isDiscarded()).isEqualTo(model.isDiscarded());
        assertThat(data.name()).isEqualTo(model.name());
        assertThat(shown(data)).isEqualTo(model.params());
        var overrides = data.overrides()
                .toJavaStream()
                .map(entry -> LifecycleModel.show(entry._1.file().orElse("none"), entry._1.path(), entry._2, true))
                .toList();
        assertThat(overrides).isEqualTo(model.overrides());
        assertThat(data.metricNumbers().keySet().toJavaList()).isEqualTo(model.metrics());
        assertThat(data.checkpoints().toJavaList()).isEqualTo(model.checkpoints());
        assertThat(data.artifacts().toJavaList()).isEqualTo(model.artifacts());
        assertThat(data.tags().toJavaList()).isEqualTo(model.tags());
        assertThat(data.notes().toJavaList()).isEqualTo(model.notes());
        assertThat(data.completed().map(Event.ExperimentCompleted::outcome)).isEqualTo(model.outcome());
        assertThat(data.prepared().isPresent() && data.persisted().isEmpty()).isEqualTo(model.isHalfSaved());
        assertThat(data.persisted().map(Event.ExperimentPersisted::commit)).isEqualTo(model.savedAs());
        if (data.initialized().isPresent()) {
            assertThat(data.lastCode()).isEqualTo(model.lastCode());
        }
        assertThat(handle.fold.metrics().stream()
                        .map(metric -> metric.name() + " " + metric.count() + " " + metric.lastStep() + " "
                                + Double.doubleToRawLongBits(metric.last()))
                        .toList())
                .isEqualTo(model.records());
    }

    private static List<String> shown(ExperimentData data) {
        return data.params().stream()
                .map(param -> LifecycleModel.show(
                        param.key().file().orElse("none"), param.key().path(), param.value(), param.isOverride()))
                .toList();
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        return LifecycleArbitraries.actions(HANDLES)
                .list()
                .ofMaxSize(50)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
