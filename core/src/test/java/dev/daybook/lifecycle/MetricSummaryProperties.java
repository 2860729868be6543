package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The running sums against sums over the whole list. */
class MetricSummaryProperties {

    record Sample(int metric, long step, double value) {}

    @Property(tries = 1000)
    void the_summary_is_that_of_the_whole_list(@ForAll("samples") List<Sample> samples) {
        int metrics = 20;
        var fold = new ExperimentFold();
        fold.event(LifecycleFixture.initialized());
        for (int i = 0; i < metrics; i++) {
            fold.event(new Event.MetricDefined(i, "m" + i));
        }
        samples.forEach(sample -> fold.metricLogged(sample.metric(), sample.step(), sample.value()));

        var expected = new ArrayList<MetricSummary>();
        for (int i = 0; i < metrics; i++) {
            int metric = i;
            var own =
                    samples.stream().filter(sample -> sample.metric() == metric).toList();
            if (!own.isEmpty()) {
                expected.add(naive(metric, own));
            }
        }
        assertThat(fold.metrics()).isEqualTo(expected);
        assertThat(fold.metricRecords()).isEqualTo(samples.size());
    }

    private static MetricSummary naive(int metric, List<Sample> own) {
        var numbers =
                own.stream().map(Sample::value).filter(value -> !value.isNaN()).toList();
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        var last = own.get(own.size() - 1);
        return new MetricSummary(
                metric,
                "m" + metric,
                own.size(),
                last.step(),
                last.value(),
                numbers.stream().min(Comparator.naturalOrder()).orElse(Double.NaN),
                numbers.stream().max(Comparator.naturalOrder()).orElse(Double.NaN),
                numbers.isEmpty() ? Double.NaN : sum / numbers.size(),
                own.size() - numbers.size(),
                sum);
    }

    @Provide
    Arbitrary<List<Sample>> samples() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 2),
                                Arbitraries.integers().between(0, 19)),
                        Arbitraries.longs(),
                        LifecycleArbitraries.doubles())
                .as(Sample::new)
                .list()
                .ofMaxSize(40);
    }
}
