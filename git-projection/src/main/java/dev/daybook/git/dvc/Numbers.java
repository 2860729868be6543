package dev.daybook.git.dvc;

import java.nio.charset.StandardCharsets;

/** How a double is written into YAML, JSON and TOML. */
public final class Numbers {

    private Numbers() {}

    /**
     * The shortest digits that read back as this very double, the closest of them if there are several, always with a {@code .}.
     *
     * <p>From 1e-4 up to 1e16 without an exponent ({@code 0.1}, {@code 3.0}), else with one that has a sign and two digits or more ({@code
     * 1.0e-05}, {@code 1.0e+22}). Such a text is valid in JSON and TOML and a float in YAML 1.1 and 1.2. {@code Double.toString} is not used
     * for it because it is not always the shortest before JDK 19.
     *
     * @throws IllegalArgumentException for NaN and the infinities, which each format writes in its own way
     */
    public static String shortest(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " has no digits");
        }
        var bytes = new byte[NumberBytes.MOST_DOUBLE_BYTES];
        int length = new NumberBytes().write(value, bytes, 0);
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
