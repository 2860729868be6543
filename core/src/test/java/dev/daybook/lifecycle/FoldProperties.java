package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.LifecycleArbitraries.Step;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The laws of the fold. */
class FoldProperties {

    private static final int MIN_OF_EACH_KIND = 20;

    record Cut(List<Step> life, int at) {}

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void to_fold_a_then_b_is_to_fold_b_from_a_copy_behind_a(@ForAll("cuts") Cut cut) {
        var whole = new ExperimentFold();
        cut.life().forEach(step -> step.into(whole));
        var first = new ExperimentFold();
        cut.life().subList(0, cut.at()).forEach(step -> step.into(first));
        var data = first.data();
        var metrics = first.metrics();
        var records = first.metricRecords();

        var copy = first.copy();
        assertSame(copy, first);
        cut.life().subList(cut.at(), cut.life().size()).forEach(step -> step.into(copy));

        assertSame(copy, whole);
        assertThat(first.data()).isEqualTo(data);
        assertThat(first.metrics()).isEqualTo(metrics);
        assertThat(first.metricRecords()).isEqualTo(records);
        cut.life().subList(cut.at(), cut.life().size()).forEach(step -> step.into(first));
        assertSame(first, whole);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void a_life_that_went_through_bytes_folds_to_the_same(@ForAll("lives") List<Step> life) {
        var whole = new ExperimentFold();
        life.forEach(step -> step.into(whole));
        var read = new ExperimentFold();
        for (var step : life) {
            var event = step.event().map(EventCodec::encode).map(EventCodec::decode);
            new Step(event, step.metric(), step.step(), step.value()).into(read);
        }
        assertSame(read, whole);
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void an_impossible_event_is_refused_and_changes_nothing(
            @ForAll("cuts") Cut cut, @ForAll("events") List<Event> events) {
        var fold = new ExperimentFold();
        cut.life().subList(0, cut.at()).forEach(step -> step.into(fold));
        for (var event : events) {
            var before = fold.data();
            var metrics = fold.metrics();
            boolean refused = false;
            try {
                fold.event(event);
            } catch (InvariantViolation e) {
                refused = true;
                assertThat(fold.data()).isSameAs(before);
                assertThat(e).hasMessageNotContaining("invariant broken");
            }
            assertThat(fold.metrics()).isEqualTo(metrics);
            Statistics.label("refused").collect(refused).coverage(coverage -> {
                coverage.check(true).count(count -> count > MIN_OF_EACH_KIND);
                coverage.check(false).count(count -> count > MIN_OF_EACH_KIND);
            });
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void a_record_is_folded_exactly_where_the_metric_is_defined_and_the_experiment_active(
            @ForAll("cuts") Cut cut, @ForAll("metricNumbers") int metric) {
        var fold = new ExperimentFold();
        cut.life().subList(0, cut.at()).forEach(step -> step.into(fold));
        boolean expected = fold.data().phase() == Phase.ACTIVE
                && metric >= 0
                && metric < fold.data().metricNumbers().size();
        long before = fold.metricRecords();
        boolean folded = true;
        try {
            fold.metricLogged(metric, 1, 1);
        } catch (InvariantViolation e) {
            folded = false;
        }
        assertThat(folded).isEqualTo(expected);
        assertThat(fold.metricRecords()).isEqualTo(folded ? before + 1 : before);
    }

    private static void assertSame(ExperimentFold actual, ExperimentFold expected) {
        assertThat(actual.data()).isEqualTo(expected.data());
        assertThat(actual.data().params()).isEqualTo(expected.data().params());
        assertThat(actual.metrics()).isEqualTo(expected.metrics());
        assertThat(actual.metricRecords()).isEqualTo(expected.metricRecords());
    }

    @Provide
    Arbitrary<List<Step>> lives() {
        return LifecycleArbitraries.lives();
    }

    @Provide
    Arbitrary<Cut> cuts() {
        return Combinators.combine(
                        LifecycleArbitraries.lives(), Arbitraries.integers().between(0, 1_000))
                .as((life, at) -> new Cut(life, at % (life.size() + 1)));
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return LifecycleArbitraries.rawEvents().list().ofMaxSize(10);
    }

    @Provide
    Arbitrary<Integer> metricNumbers() {
        return Arbitraries.integers().between(-2, 4);
    }
}
