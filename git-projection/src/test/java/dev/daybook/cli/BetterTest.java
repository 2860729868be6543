package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BetterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accuracy",
                "val/acc",
                "val_acc",
                "valAcc",
                "AUC",
                "roc-auc",
                "test/F1",
                "f1_score",
                "eval/precision",
                "recall@10",
                "r2",
                "other.json:acc"
            })
    void more_is_better_where_the_name_says_so(String metric) {
        assertThat(Better.of(metric)).isEqualTo(Optional.of(Better.GREATEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss",
                "train/loss",
                "Loss",
                "valLoss",
                "err",
                "error rate",
                "MSE",
                "rmse",
                "mae",
                "perplexity",
                "ppl"
            })
    void less_is_better_where_the_name_says_so(String metric) {
        assertThat(Better.of(metric)).isEqualTo(Optional.of(Better.LEAST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "accent", "lossless", "acc/time", "loss_accuracy", "", "/", "accuracy2"})
    void other_names_say_nothing(String metric) {
        assertThat(Better.of(metric)).isEmpty();
    }

    @Test
    void of_one_value_or_equal_ones_none_is_the_best() {
        assertThat(Better.LEAST.best(List.of())).isEmpty();
        assertThat(Better.LEAST.best(List.of(1L))).isEmpty();
        assertThat(Better.LEAST.best(List.of(1L, 1.0))).isEmpty();
        assertThat(Better.LEAST.best(List.of(1L, "0", Double.NaN, Double.NEGATIVE_INFINITY)))
                .isEmpty();
    }

    @Test
    void the_best_is_found_among_what_is_a_number() {
        var values = Arrays.<Object>asList(2L, 0.5, Double.NaN, "9", Column.ABSENT, null, Double.POSITIVE_INFINITY);

        assertThat(Better.GREATEST.best(values)).isEqualTo(OptionalDouble.of(2));
        assertThat(Better.LEAST.best(values)).isEqualTo(OptionalDouble.of(0.5));
    }
}
