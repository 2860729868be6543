package dev.daybook.git.dvc;

/** A double in the words of Python's {@code float()}, which DVC reads plots with. */
final class PythonFloat {

    private PythonFloat() {}

    static String of(double value) {
        if (Double.isFinite(value)) {
            return Numbers.shortest(value);
        }
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
}
