package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class SeriesSampleProperties {

    private record Row(long step, double value) {}

    @Provide
    Arbitrary<List<Double>> series() {
        var values = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.integers().between(-9, 9).map(Integer::doubleValue)),
                Tuple.of(1, Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));
        return values.list().ofMinSize(0).ofMaxSize(5_000);
    }

    private static List<Row> sample(List<Double> series) {
        var sample = new SeriesSample();
        for (int step = 0; step < series.size(); step++) {
            sample.add(step, series.get(step));
        }
        return rows(sample);
    }

    private static List<Row> rows(SeriesSample sample) {
        var rows = new ArrayList<Row>();
        sample.forEach((step, value) -> rows.add(new Row(step, value)));
        return rows;
    }

    /** What the sample is said to be, from the whole series at once. */
    private static List<Row> naive(List<Double> series) {
        int width = 1;
        while (series.size() > width * SeriesSample.MOST_STRETCHES) {
            width *= 2;
        }
        var rows = new ArrayList<Row>();
        for (int from = 0; from < series.size(); from += width) {
            var stretch = series.subList(from, Math.min(from + width, series.size()));
            var kept = new TreeSet<Integer>(List.of(0, stretch.size() - 1));
            var finite = stretch.stream().filter(Double::isFinite).toList();
            finite.stream().min(Double::compare).ifPresent(least -> kept.add(stretch.indexOf(least)));
            finite.stream().max(Double::compare).ifPresent(greatest -> kept.add(stretch.indexOf(greatest)));
            for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                if (stretch.contains(odd)) {
                    kept.add(stretch.indexOf(odd));
                }
            }
            for (int at : kept) {
                rows.add(new Row(from + at, stretch.get(at)));
            }
        }
        return rows;
    }

    @Property(tries = 300)
    void it_keeps_first_least_greatest_last_and_what_is_no_number_of_each_stretch(
            @ForAll("series") List<Double> series) {
        assertThat(sample(series)).isEqualTo(naive(series));
    }

    @Property(tries = 100)
    void one_that_was_looked_at_on_the_way_is_the_same(@ForAll("series") List<Double> series) {
        var sample = new SeriesSample();
        for (int step = 0; step < series.size(); step++) {
            sample.add(step, series.get(step));
            if (step % 100 == 0) {
                assertThat(rows(sample)).last().isEqualTo(new Row(step, series.get(step)));
            }
        }
        assertThat(rows(sample)).isEqualTo(sample(series));
        assertThat(sample.count()).isEqualTo(series.size());
    }

    @Example
    void however_long_a_series_is_its_sample_is_short() {
        var sample = new SeriesSample();
        for (int step = 0; step < 3_000_000; step++) {
            sample.add(step, Math.sin(step / 1e5) + (step % 7) / 100.0);
        }
        assertThat(rows(sample)).hasSizeBetween(512, 2_048);
    }
}
