package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.port.JournalReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MetricsTest {

    private static final int THREADS = 4;

    private final World world = new World();
    private final World.Worker process = world.process();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private List<Long> steps() {
        return JournalReading.records(world.journal()).stream()
                .map(JournalReading.MetricItem::step)
                .toList();
    }

    private static MetricSummary only(Experiment run) {
        assertThat(run.metrics()).hasSize(1);
        return run.metrics().get(0);
    }

    @Test
    void every_double_is_kept_bit_by_bit() {
        var odd = List.of(
                Double.NaN,
                Double.longBitsToDouble(0x7ff8_0000_0000_0abcL),
                -0.0,
                0.0,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                -Double.MAX_VALUE);
        var run = process.begin("x");
        odd.forEach(value -> run.logMetric("loss", value));

        assertThat(JournalReading.records(world.journal()))
                .extracting(JournalReading.MetricItem::valueBits)
                .containsExactlyElementsOf(
                        odd.stream().map(Double::doubleToRawLongBits).toList());
    }

    @Test
    void a_summary_leaves_out_nan_unless_there_is_nothing_else() {
        var run = process.begin("x");
        run.logMetric("loss", Double.NaN);
        assertThat(only(run))
                .isEqualTo(new MetricSummary("loss", 1, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN));

        run.logMetric("loss", 3);
        run.logMetric("loss", 1);
        run.logMetric("loss", Double.NaN);
        assertThat(only(run)).isEqualTo(new MetricSummary("loss", 4, 3, Double.NaN, 1, 3, 2));
    }

    @Test
    void zero_and_minus_zero_are_two_values() {
        var run = process.begin("x");
        run.logMetric("loss", 0.0);
        run.logMetric("loss", -0.0);

        assertThat(only(run).min()).isEqualTo(-0.0);
        assertThat(only(run).max()).isEqualTo(0.0);
        assertThat(only(run).last()).isEqualTo(-0.0);
    }

    @Test
    void the_infinities_are_least_and_greatest_and_have_no_mean_together() {
        var run = process.begin("x");
        run.logMetric("loss", Double.POSITIVE_INFINITY);
        assertThat(only(run).mean()).isEqualTo(Double.POSITIVE_INFINITY);

        run.logMetric("loss", Double.NEGATIVE_INFINITY);
        assertThat(only(run))
                .isEqualTo(new MetricSummary(
                        "loss",
                        2,
                        1,
                        Double.NEGATIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        Double.NaN));
    }

    @Test
    void steps_may_repeat_skip_and_go_back() {
        var run = process.begin("x");
        long[] steps = {5, 5, 100, 3, -7, Long.MIN_VALUE, Long.MAX_VALUE, 0};
        for (long step : steps) {
            run.logMetric("loss", step, 1);
        }
        assertThat(steps()).containsExactly(5L, 5L, 100L, 3L, -7L, Long.MIN_VALUE, Long.MAX_VALUE, 0L);
        assertThat(only(run).count()).isEqualTo(8);
        assertThat(only(run).lastStep()).isZero();
    }

    @Test
    void without_a_step_values_count_up_from_0_or_from_the_last_step() {
        var run = process.begin("x");
        var loss = run.metric("loss");
        loss.log(1);
        loss.log(1);
        loss.log(10, 1);
        loss.log(1);
        run.logMetric("loss", 1);
        loss.log(3, 1);
        loss.log(1);
        run.logMetric("other", 1);
        loss.log(-5, 1);
        loss.log(1);

        assertThat(steps()).containsExactly(0L, 1L, 10L, 11L, 12L, 3L, 4L, 0L, -5L, -4L);
    }

    @Test
    void counting_goes_on_across_events_of_the_life_cycle() {
        var run = process.begin("x");
        var loss = run.metric("loss");
        loss.log(1);
        run.setParam("lr", 0.1);
        loss.log(1);
        run.makeCheckpoint("c");
        run.metric("other").log(1);
        run.logMetric("loss", 1);

        assertThat(steps()).containsExactly(0L, 1L, 0L, 2L);
    }

    @Test
    void counting_goes_on_after_a_resume() {
        var first = process.begin("x");
        first.logMetric("loss", 41, 1);
        first.logMetric("loss", 1);
        first.metric("defined only");
        process.die();
        var second = world.process();
        var run = second.daybook().resume("x");
        run.logMetric("loss", 1);
        run.logMetric("defined only", 1);
        second.die();
        world.process().daybook().resume("x").logMetric("loss", 1);

        assertThat(steps()).containsExactly(41L, 42L, 43L, 0L, 44L);
    }

    @Test
    void a_metric_handle_of_a_died_process_is_of_no_use() {
        var run = process.begin("x");
        var loss = run.metric("loss");
        loss.log(1);
        run.close();
        var heir = world.process().daybook().resume("x");
        heir.logMetric("loss", 2);
        var before = world.journal();

        assertThatThrownBy(() -> loss.log(3)).isInstanceOf(IllegalTransitionException.class);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void logging_after_the_daybook_was_closed_is_refused() {
        var run = process.begin("x");
        var loss = run.metric("loss");
        loss.log(1);
        process.daybook().close();

        assertThatThrownBy(() -> loss.log(2)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> run.logMetric("loss", 3)).isInstanceOf(RuntimeException.class);
        assertThat(steps()).containsExactly(0L);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void logging_after_an_append_of_unknown_outcome_ends() {
        var run = process.begin("x");
        var loss = run.metric("loss");
        process.journal().afterAppend(entry -> {
            throw new JournalException("the disk failed while the event was forced");
        });
        assertThatThrownBy(() -> run.setParam("lr", 0.1)).isInstanceOf(JournalException.class);
        process.journal().afterAppend(entry -> {});

        try {
            loss.log(1);
        } catch (DaybookException e) {
            assertThat(steps()).isEmpty();
            return;
        }
        assertThat(steps()).containsExactly(0L);
    }

    @Test
    void a_metric_counts_among_the_metrics_only_once_it_has_a_value() {
        var run = process.begin("x");
        run.metric("b");
        run.metric("a").log(1);
        assertThat(run.metrics()).extracting(MetricSummary::name).containsExactly("a");

        run.metric("b").log(1);
        assertThat(run.metrics()).extracting(MetricSummary::name).containsExactly("b", "a");
        assertThat(run.metric("a")).isSameAs(run.metric("a"));
        assertThat(run.metric("a").name()).isEqualTo("a");
        assertThat(world.eventNames()).containsExactly("ExperimentInitialized", "MetricDefined", "MetricDefined");
    }

    @Test
    void several_metrics_are_logged_at_one_step() {
        var run = process.begin("x");
        var values = new LinkedHashMap<String, Number>();
        values.put("loss", 0.5f);
        values.put("tokens", 1L << 40);
        run.logMetrics(9, values);

        assertThat(run.metrics())
                .containsExactly(
                        new MetricSummary("loss", 1, 9, 0.5, 0.5, 0.5, 0.5),
                        new MetricSummary("tokens", 1, 9, 0x1p40, 0x1p40, 0x1p40, 0x1p40));
    }

    @Test
    void a_bad_name_among_several_keeps_all_of_them_out() {
        var run = process.begin("x");
        var values = new LinkedHashMap<String, Number>();
        values.put("loss", 1);
        values.put("bad//name", 2);

        assertThatThrownBy(() -> run.logMetrics(9, values)).isInstanceOf(InvalidInputException.class);
        assertThat(run.metrics()).isEmpty();
        assertThat(world.eventNames()).containsExactly("ExperimentInitialized");
    }

    @Test
    void two_names_that_dvc_takes_for_one_keep_all_of_them_out() {
        var run = process.begin("x");

        assertThatThrownBy(() -> run.logMetrics(9, Map.of("a/b", 1, "a.b", 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("one name in DVC's tables");
        assertThat(world.eventNames()).containsExactly("ExperimentInitialized");
    }

    @Test
    void a_metric_without_a_value_among_several_keeps_all_of_them_out() {
        var run = process.begin("x");
        var values = new LinkedHashMap<String, Number>();
        values.put("loss", 1);
        values.put("tokens", null);

        assertThatThrownBy(() -> run.logMetrics(9, values))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("metric 'tokens' has no value at step 9; leave it out, or log NaN");
        assertThat(run.metrics()).isEmpty();
    }

    @Test
    void there_is_no_step_after_the_last_one() {
        var run = process.begin("x");
        run.logMetric("loss", Long.MAX_VALUE, 1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> run.logMetric("loss", 2))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("there is no step after 9223372036854775807");
        }
        run.logMetric("loss", 4, 0.5);
        run.logMetric("loss", 0.25);

        assertThat(only(run)).isEqualTo(new MetricSummary("loss", 3, 5, 0.25, 0.25, 1, 1.75 / 3));
    }

    @Test
    void a_saved_experiment_keeps_its_summaries() {
        var run = process.begin("x");
        run.logMetric("loss", 2);
        run.save();

        assertThat(only(run)).isEqualTo(new MetricSummary("loss", 1, 0, 2, 2, 2, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''           | metric name '' is empty; give the metric a name",
                "step         | metric name 'step' is taken: metrics.json keeps the last step under it",
                "'a\\b'       | metric name 'a\\b' holds a backslash, which DVC cannot plot; use '/' to nest",
                "/a           | metric name '/a' has an empty part, '.', '..' or space at an end between its '/'; each part"
                        + " is a file name",
                "a/           | metric name 'a/' has an empty part, '.', '..' or space at an end between its '/'; each part"
                        + " is a file name",
                "../../a      | metric name '../../a' has an empty part, '.', '..' or space at an end between its '/'; each"
                        + " part is a file name",
                "' a'         | metric name ' a' has an empty part, '.', '..' or space at an end between its '/'; each part"
                        + " is a file name",
            })
    void a_bad_name_is_refused_with_the_reason(String name, String reason) {
        var run = process.begin("x");
        var before = world.journal();

        assertThatThrownBy(() -> run.metric(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(reason);
        assertThatThrownBy(() -> run.logMetric(name, 1)).hasMessage(reason);
        assertThat(world.journal()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "zero\u200Bwidth", "\uD800", "e\u0301"})
    void a_name_that_is_no_clean_text_is_refused(String name) {
        var run = process.begin("x");
        assertThatThrownBy(() -> run.metric(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("metric name '");
        assertThatThrownBy(() -> run.metric("m".repeat(201)))
                .hasMessageEndingWith("is longer than 200 bytes; shorten the metric's name");
    }

    @ParameterizedTest
    @CsvSource({"train.loss, train/loss", "a/b.c, a.b/c"})
    void two_metrics_of_one_dotted_name_are_refused(String first, String second) {
        var run = process.begin("x");
        run.logMetric(first, 1);
        var before = world.journal();

        assertThatThrownBy(() -> run.logMetric(second, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("metric names '" + first + "' and '" + second + "' are one name in DVC's tables, '"
                        + first.replace('/', '.') + "', which makes them fail for the whole repository; rename one");
        assertThat(world.journal()).isEqualTo(before);
        run.logMetric(first, 1);
        assertThat(only(run).count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"loss, loss/train", "a/b/c, a/b"})
    void a_metric_inside_another_one_is_told_apart_in_the_journal(String first, String second) {
        var run = process.begin("x");
        run.logMetric(first, 1);
        run.logMetric(second, 2);

        assertThat(run.metrics()).extracting(MetricSummary::name).containsExactly(first, second);
    }

    // Many threads.

    /** What one thread has got through, and why it stopped. */
    private record Logged(String metric, List<Double> values, DaybookException end) {}

    private static final class Threads implements AutoCloseable {
        final ExecutorService pool = Executors.newCachedThreadPool();

        <T> Future<T> run(Callable<T> body) {
            return pool.submit(body);
        }

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }

    private static Logged logUntilRefused(Experiment run, int thread, CountDownLatch warm) {
        var values = new ArrayList<Double>();
        var metric = thread % 2 == 0 ? "even" : "odd";
        try {
            for (int i = 0; ; i++) {
                double value = thread * 1e9 + i;
                run.logMetric(metric, i, value);
                values.add(value);
                if (i == 50) {
                    warm.countDown();
                }
            }
        } catch (DaybookException e) {
            return new Logged(metric, values, e);
        }
    }

    private void race(Consumer<Experiment> ending, String refusal) throws Exception {
        var run = process.begin("x");
        var warm = new CountDownLatch(THREADS);
        var all = new ArrayList<Logged>();
        try (var threads = new Threads()) {
            var futures = new ArrayList<Future<Logged>>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                futures.add(threads.run(() -> logUntilRefused(run, thread, warm)));
            }
            warm.await();
            ending.accept(run);
            for (var future : futures) {
                all.add(future.get(30, TimeUnit.SECONDS));
            }
        }

        var records = JournalReading.records(world.journal());
        for (int thread = 0; thread < THREADS; thread++) {
            int of = thread;
            assertThat(records.stream()
                            .map(item -> Double.longBitsToDouble(item.valueBits()))
                            .filter(value -> (int) (value / 1e9) == of)
                            .toList())
                    .as("what thread %d got through, in its order, and no more", thread)
                    .isEqualTo(all.get(thread).values());
            assertThat(all.get(thread).end()).hasMessage(refusal);
        }
        if (run.state() != ExperimentState.UNINITIALIZED) {
            for (var summary : run.metrics()) {
                assertThat(summary.count())
                        .isEqualTo(all.stream()
                                .filter(logged -> logged.metric().equals(summary.name()))
                                .mapToLong(logged -> logged.values().size())
                                .sum());
            }
        }
    }

    @RepeatedTest(5)
    void what_was_logged_while_another_thread_completes_is_kept_and_what_was_refused_is_not() throws Exception {
        race(Experiment::complete, "cannot logMetric: experiment 'x' is COMPLETED");
    }

    @RepeatedTest(5)
    void what_was_logged_while_another_thread_saves_is_kept_and_what_was_refused_is_not() throws Exception {
        race(Experiment::save, "cannot logMetric: experiment 'x' is PERSISTED");
    }

    @RepeatedTest(5)
    void what_was_logged_while_another_thread_discards_is_in_the_journal_and_what_was_refused_is_not()
            throws Exception {
        race(Experiment::discard, "cannot logMetric: experiment 'x' is UNINITIALIZED");
    }

    @RepeatedTest(5)
    void what_was_logged_while_another_thread_closes_is_kept_and_what_was_refused_is_not() throws Exception {
        race(
                Experiment::close,
                "cannot logMetric: this handle of experiment 'x' is closed; look the experiment up again with find");
    }

    @RepeatedTest(3)
    void nothing_is_lost_while_other_threads_set_define_and_checkpoint() throws Exception {
        var run = process.begin("x");
        int each = 300;
        try (var threads = new Threads()) {
            var futures = new ArrayList<Future<?>>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                futures.add(threads.run(() -> {
                    var metric = run.metric("m");
                    for (int k = 0; k < each; k++) {
                        metric.log(thread);
                        if (k % 50 == 0) {
                            run.setParam("p" + thread, k);
                            run.logMetric("n" + thread + "-" + k, 1);
                            run.makeCheckpoint("c");
                        }
                    }
                    return null;
                }));
            }
            for (var future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
        }
        var m = run.metrics().get(0);
        assertThat(m.count()).isEqualTo((long) THREADS * each);
        assertThat(run.metrics()).hasSize(1 + THREADS * 6);
        assertThat(run.checkpoints()).hasSize(THREADS * 6);
        var steps = JournalReading.records(world.journal()).stream()
                .filter(item -> item.metric() == 0)
                .map(JournalReading.MetricItem::step)
                .toList();
        assertThat(steps)
                .doesNotHaveDuplicates()
                .hasSize(THREADS * each)
                .allMatch(step -> step < (long) THREADS * each);
    }

    /** Metrics that are logged in turn: at each moment the later ones have as many values as the earlier ones, or one less. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void summaries_are_of_one_moment_while_others_log_and_read() throws Exception {
        int many = 500;
        var run = process.begin("x");
        for (int m = 0; m < many; m++) {
            run.metric("m" + m);
        }
        var torn = new AtomicLong();
        var left = new AtomicLong(300);
        try (var threads = new Threads()) {
            var futures = new ArrayList<Future<?>>();
            futures.add(threads.run(() -> {
                while (left.getAndDecrement() > 0) {
                    for (int m = 0; m < many; m++) {
                        run.logMetric("m" + m, 1);
                    }
                }
                return null;
            }));
            futures.add(threads.run(() -> {
                while (left.get() > 0) {
                    process.daybook().damage();
                }
                return null;
            }));
            while (left.get() > 0) {
                var counts = run.metrics().stream().map(MetricSummary::count).toList();
                if (!counts.isEmpty() && counts.get(0) - counts.get(counts.size() - 1) > 1
                        || !counts.equals(counts.stream()
                                .sorted(Comparator.reverseOrder())
                                .toList())) {
                    torn.incrementAndGet();
                }
            }
            for (var future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(torn).hasValue(0);
    }

    @RepeatedTest(3)
    void threads_log_on_through_discard_and_init_and_each_value_is_in_one_experiment() throws Exception {
        var run = process.begin("x");
        var got = new ConcurrentLinkedQueue<Double>();
        var done = new AtomicLong(10);
        try (var threads = new Threads()) {
            var futures = new ArrayList<Future<?>>();
            for (int i = 0; i < THREADS; i++) {
                double base = i * 1e9;
                var metric = run.metric("m" + i);
                futures.add(threads.run(() -> {
                    for (int k = 0; done.get() > 0; k++) {
                        try {
                            metric.log(base + k);
                            got.add(base + k);
                        } catch (IllegalTransitionException e) {
                            assertThat(e).hasMessage("cannot logMetric: experiment 'x' is UNINITIALIZED");
                        }
                    }
                    return null;
                }));
            }
            while (done.get() > 0) {
                run.discard();
                run.init();
                done.decrementAndGet();
            }
            for (var future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
        }
        var records = JournalReading.records(world.journal());
        assertThat(records.stream()
                        .map(item -> Double.longBitsToDouble(item.valueBits()))
                        .sorted()
                        .toList())
                .isEqualTo(got.stream().sorted().toList());
        var last = run.metrics().stream().mapToLong(MetricSummary::count).sum();
        assertThat(records.stream()
                        .filter(item -> item.id().toString().equals(run.id().orElseThrow())))
                .hasSize((int) last);
    }
}
