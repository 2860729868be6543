package dev.daybook.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.examples.Digits.Split;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DigitsTest {

    private static final String BLANK = "0,".repeat(Digits.PIXELS);

    @Test
    void four_fifths_are_for_training_and_the_rest_for_testing() {
        Digits digits = Digits.load(1);

        assertThat(digits.train().size()).isEqualTo(1437);
        assertThat(digits.test().size()).isEqualTo(360);
    }

    @Test
    void no_example_is_lost_or_doubled_by_the_split() {
        assertThat(sortedRows(Digits.load(1))).hasSize(1797).isEqualTo(sortedRows(Digits.load(2)));
    }

    @Test
    void each_class_is_in_both_splits() {
        Digits digits = Digits.load(1);

        assertThat(labels(digits.train()).distinct()).hasSize(Digits.CLASSES);
        assertThat(labels(digits.test()).distinct()).hasSize(Digits.CLASSES);
    }

    @Test
    void a_split_can_be_cut_in_two() {
        Split train = Digits.load(1).train();

        Split head = train.before(1000);
        Split rest = train.from(1000);

        assertThat(head.size()).isEqualTo(1000);
        assertThat(rest.size()).isEqualTo(437);
        assertThat(head.features(999)).isEqualTo(train.features(999));
        assertThat(rest.features(0)).isEqualTo(train.features(1000));
        assertThat(rest.label(436)).isEqualTo(train.label(1436));
    }

    @Test
    void pixels_are_scaled_to_the_range_from_0_to_1() {
        Split train = Digits.load(1).train();
        double[] all = IntStream.range(0, 1437)
                .boxed()
                .flatMapToDouble(row -> Arrays.stream(train.features(row)))
                .toArray();

        assertThat(all).hasSize(1437 * Digits.PIXELS);
        assertThat(Arrays.stream(all).min()).hasValue(0);
        assertThat(Arrays.stream(all).max()).hasValue(1);
    }

    @Test
    void the_same_seed_gives_the_same_split() {
        assertThat(rows(Digits.load(7).train())).isEqualTo(rows(Digits.load(7).train()));
        assertThat(rows(Digits.load(7).test())).isEqualTo(rows(Digits.load(7).test()));
    }

    @Test
    void another_seed_gives_another_split() {
        assertThat(rows(Digits.load(7).test())).isNotEqualTo(rows(Digits.load(8).test()));
    }

    @Test
    void a_line_is_its_pixels_and_its_label() throws IOException {
        Split split = parse("16,8," + "0,".repeat(62) + "3\n" + BLANK + "9\n");

        assertThat(split.features(0)).startsWith(1, 0.5, 0).hasSize(Digits.PIXELS);
        assertThat(labels(split)).containsExactly(3, 9);
    }

    @Test
    void a_line_of_the_wrong_length_is_refused_with_its_number() {
        assertThatThrownBy(() -> parse(BLANK + "1\n1,2,3\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digits.csv.gz line 2 has 3 fields; expected 64 pixels and a label");
    }

    @Test
    void a_pixel_that_is_no_number_or_out_of_range_is_refused() {
        assertThatThrownBy(() -> parse("x," + "0,".repeat(63) + "1\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digits.csv.gz line 1, pixel 0 is 'x'; expected an integer 0..16");
        assertThatThrownBy(() -> parse("0,17," + "0,".repeat(62) + "1\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digits.csv.gz line 1, pixel 1 is 17; expected an integer 0..16");
    }

    @Test
    void a_label_that_is_no_digit_is_refused() {
        assertThatThrownBy(() -> parse(BLANK + "10\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digits.csv.gz line 1, label is 10; expected an integer 0..9");
    }

    @Test
    void empty_data_is_refused() {
        assertThatThrownBy(() -> parse(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no examples; expected at least one");
    }

    @Test
    void batches_hold_every_row_once_and_only_the_last_is_smaller() {
        int[][] batches = Shuffle.batches(10, 4, new Random(1));

        assertThat(batches).hasNumberOfRows(3);
        assertThat(batches[0]).hasSize(4);
        assertThat(batches[1]).hasSize(4);
        assertThat(batches[2]).hasSize(2);
        assertThat(Arrays.stream(batches).flatMapToInt(Arrays::stream).sorted().toArray())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    private static Split parse(String text) throws IOException {
        return Digits.parse(new BufferedReader(new StringReader(text)));
    }

    private static IntStream labels(Split split) {
        return IntStream.range(0, split.size()).map(split::label);
    }

    private static List<String> sortedRows(Digits digits) {
        List<String> rows = new ArrayList<>(rows(digits.train()));
        rows.addAll(rows(digits.test()));
        rows.sort(null);
        return rows;
    }

    private static List<String> rows(Split split) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < split.size(); i++) {
            rows.add(Arrays.toString(split.features(i)) + " is " + split.label(i));
        }
        return rows;
    }
}
