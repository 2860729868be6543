package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.completed;
import static dev.daybook.lifecycle.LifecycleFixture.discarded;
import static dev.daybook.lifecycle.LifecycleFixture.fold;
import static dev.daybook.lifecycle.LifecycleFixture.initialized;
import static dev.daybook.lifecycle.LifecycleFixture.persisted;
import static dev.daybook.lifecycle.LifecycleFixture.prepared;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States that no events lead to, as a mistake in the fold would make them: each is refused at the next event. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class InvariantsTest {

    /** A state that cannot be, and what is wrong with it. */
    private record Impossible(String invariant, ExperimentData data) {
        @Override
        public String toString() {
            return invariant + " " + data.phase();
        }
    }

    private static Stream<Impossible> impossible() {
        var empty = ExperimentData.empty();
        var active = fold(initialized());
        var done = Optional.of(completed());
        var save = Optional.of(prepared());
        return Stream.of(
                new Impossible("begun exactly from init on", of(empty, Phase.ACTIVE)),
                new Impossible("an outcome exactly from completion on", of(active, Phase.COMPLETED)),
                new Impossible(
                        "an outcome exactly from completion on",
                        active.ended(Phase.ACTIVE, done, Optional.empty(), Optional.empty())),
                new Impossible(
                        "a saved commit exactly when persisted",
                        active.ended(Phase.PERSISTED, done, save, Optional.empty())),
                new Impossible(
                        "a saved commit exactly when persisted",
                        active.ended(Phase.COMPLETED, done, save, Optional.of(persisted()))),
                new Impossible(
                        "a prepared save only after completion",
                        active.ended(Phase.ACTIVE, Optional.empty(), save, Optional.empty())),
                new Impossible("nothing before init", empty.withMetric("loss", 0)),
                new Impossible(
                        "nothing before init",
                        empty.withOverrides(LinkedHashMap.of(ParamKey.parse("p.yaml:lr"), ParamValue.of(1)))));
    }

    private static ExperimentData of(ExperimentData data, Phase phase) {
        return data.ended(phase, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void what_cannot_be_is_refused(Impossible state) {
        assertThatThrownBy(() -> Invariants.checked(state.data()))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("invariant broken: " + state.invariant());
    }

    @Test
    void the_fold_checks_the_whole_state_after_each_event() {
        var wrong =
                fold(initialized()).ended(Phase.ACTIVE, Optional.of(completed()), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> ExperimentFold.evolve(wrong, new Event.Tagged("good")))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("invariant broken: an outcome exactly from completion on");
    }

    @Test
    void what_can_be_is_not_refused() {
        for (var data : List.of(
                ExperimentData.empty(),
                fold(initialized()),
                fold(initialized(), completed()),
                fold(initialized(), completed(), prepared()),
                fold(initialized(), completed(), prepared(), persisted()),
                fold(initialized(), discarded()))) {
            assertThatCode(() -> Invariants.checked(data)).doesNotThrowAnyException();
        }
    }
}
