package dev.daybook.git.dvc;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A double in the words of Python's {@code float()}, which DVC reads plots with. */
final class PythonFloat {

    private PythonFloat() {}

    /** Writes it as ASCII, in {@link NumberBytes#MOST_DOUBLE_BYTES} or fewer; gives where it ends. */
    static int write(double value, NumberBytes numbers, byte[] out, int at) {
        if (Double.isFinite(value)) {
            return numbers.write(value, out, at);
        }
        var word = of(value).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(word, 0, out, at, word.length);
        return at + word.length;
    }

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
