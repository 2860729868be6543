package dev.daybook.git.dvc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The shortest digits of a double by searching through all lengths with exact arithmetic: slow, and plainly right. */
final class SearchedDigits {

    /** So many significant digits tell every double from its neighbours. */
    private static final int ENOUGH_DIGITS = 17;

    /** A decimal of so many significant digits survives the way through a double. */
    private static final int SURE_DIGITS = 15;

    private static final int LOWEST_PLAIN_EXPONENT = -4;
    private static final int LOWEST_SCIENTIFIC_EXPONENT = 16;

    private SearchedDigits() {}

    /**
     * The shortest digits that read back as this very double, the closest of them if there are several, always with a {@code .}.
     *
     * <p>From 1e-4 up to 1e16 without an exponent ({@code 0.1}, {@code 3.0}), else with one that has a sign and two digits or more ({@code
     * 1.0e-05}, {@code 1.0e+22}). Such a text is valid in JSON and TOML and a float in YAML 1.1 and 1.2. {@code Double.toString} is not used
     * for it because it is not always the shortest before JDK 19.
     *
     * @throws IllegalArgumentException for NaN and the infinities, which each format writes in its own way
     */
    static String shortest(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " has no digits");
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        var plain = Double.toString(value);
        if (isShortest(plain)) {
            return plain;
        }
        var decimal = shortestDecimal(Math.abs(value));
        return (value < 0 ? "-" : "") + format(decimal.unscaledValue().toString(), exponent(decimal));
    }

    /**
     * Whether a text of {@code Double.toString} is in this format and surely the shortest: two decimals of 15 digits or fewer that are not
     * the same number never read back as the same double.
     */
    private static boolean isShortest(String text) {
        int sign = text.charAt(0) == '-' ? 1 : 0;
        return text.length() - sign <= SURE_DIGITS + 1
                && text.indexOf('E') < 0
                && (text.charAt(text.length() - 1) != '0' || text.endsWith(".0"));
    }

    private static BigDecimal shortestDecimal(double value) {
        var exact = new BigDecimal(value);
        var best = closest(exact, value, ENOUGH_DIGITS);
        // What a number of digits can tell apart, more digits can: search for the least number.
        int tooFew = 0;
        int enough = ENOUGH_DIGITS;
        int guess = digitsOf(Double.toString(value));
        while (enough - tooFew > 1) {
            int digits =
                    guess > tooFew && guess < enough ? guess : guess == enough ? enough - 1 : (tooFew + enough) / 2;
            var candidate = closest(exact, value, digits);
            if (candidate.doubleValue() == value) {
                best = candidate;
                enough = digits;
            } else {
                tooFew = digits;
            }
        }
        return best.stripTrailingZeros();
    }

    /** The closest decimal of so many digits that reads back as the value, or just one that does not. */
    private static BigDecimal closest(BigDecimal exact, double value, int digits) {
        var near = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (near.doubleValue() == value) {
            return near;
        }
        // Below a power of two the doubles stand closer: the other neighbour may be the one that reads back.
        var other = near.compareTo(exact) > 0 ? RoundingMode.DOWN : RoundingMode.UP;
        return exact.round(new MathContext(digits, other));
    }

    private static int digitsOf(String text) {
        int exponent = text.indexOf('E');
        return new BigDecimal(exponent < 0 ? text : text.substring(0, exponent))
                .stripTrailingZeros()
                .precision();
    }

    private static int exponent(BigDecimal decimal) {
        return decimal.precision() - decimal.scale() - 1;
    }

    private static String format(String digits, int exponent) {
        if (exponent < LOWEST_PLAIN_EXPONENT || exponent >= LOWEST_SCIENTIFIC_EXPONENT) {
            var fraction = digits.length() == 1 ? "0" : digits.substring(1);
            var magnitude = Math.abs(exponent);
            return digits.charAt(0)
                    + "."
                    + fraction
                    + (exponent < 0 ? "e-" : "e+")
                    + (magnitude < 10 ? "0" : "")
                    + magnitude;
        }
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        int whole = exponent + 1;
        return digits.length() <= whole
                ? digits + "0".repeat(whole - digits.length()) + ".0"
                : digits.substring(0, whole) + "." + digits.substring(whole);
    }
}
