package dev.daybook.git;

import java.util.List;
import java.util.stream.Collectors;

/** Names experiments in a sentence, which has an end. */
final class ExperimentNames {

    private static final int MOST = 20;

    private ExperimentNames() {}

    /** {@code experiment 'a'}, {@code experiments 'a', 'b'}. */
    static String of(List<String> names) {
        return (names.size() == 1 ? "experiment " : "experiments ")
                + names.stream().limit(MOST).map(name -> "'" + name + "'").collect(Collectors.joining(", "))
                + (names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "");
    }
}
