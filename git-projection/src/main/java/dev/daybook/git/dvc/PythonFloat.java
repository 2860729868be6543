package dev.daybook.git.dvc;

import java.util.Optional;

/** A double in the words of Python's {@code float()}, which DVC reads plots with. */
final class PythonFloat {

    private PythonFloat() {}

    static String of(double value) {
        if (Double.isFinite(value)) {
            return Numbers.shortest(value);
        }
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    /** The value of one of the three words that are no digits. */
    static Optional<Double> word(String text) {
        return switch (text) {
            case "nan" -> Optional.of(Double.NaN);
            case "inf" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-inf" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> Optional.empty();
        };
    }
}
