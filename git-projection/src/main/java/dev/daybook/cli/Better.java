package dev.daybook.cli;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which values of a metric are the good ones, as far as its name says so. */
enum Better {
    GREATEST,
    LEAST;

    private static final Set<String> GREAT =
            Set.of("accuracy", "acc", "auc", "f1", "score", "precision", "recall", "r2");
    private static final Set<String> SMALL = Set.of("loss", "error", "err", "mse", "rmse", "mae", "perplexity", "ppl");

    /** {@code val_acc}, {@code val-acc} and {@code valAcc} are two words. */
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");

    /** By the last part of a metric's name; empty if it says nothing, or says both. */
    static Optional<Better> of(String metric) {
        var last = metric.substring(Math.max(metric.lastIndexOf('/'), metric.lastIndexOf(':')) + 1);
        var words = BETWEEN_WORDS
                .splitAsStream(last)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        boolean isGreat = !Collections.disjoint(words, GREAT);
        boolean isSmall = !Collections.disjoint(words, SMALL);
        return isGreat == isSmall ? Optional.empty() : Optional.of(isGreat ? GREATEST : LEAST);
    }

    /** The best of a metric's values; empty if there is nothing to choose from. NaN and the infinities are no results. */
    OptionalDouble best(List<? extends @Nullable Object> values) {
        var numbers = values.stream()
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .filter(Double::isFinite)
                .toArray();
        return Arrays.stream(numbers).distinct().limit(2).count() < 2
                ? OptionalDouble.empty()
                : Arrays.stream(numbers).reduce(this == GREATEST ? Math::max : Math::min);
    }
}
