package dev.daybook.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values as people read them. */
final class Text {

    private static final int COMMIT_DIGITS = 7;
    private static final MathContext SIX_DIGITS = new MathContext(6);
    private static final double LEAST_PLAIN = 1e-4;

    /** By how many places the point is moved. */
    private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

    /** From which size on, by how many places the point is moved, there are six digits before it. */
    private static final double[] TO_SIX_DIGITS = {1e6, 1e5, 1e4, 1e3, 100, 10, 1, 0.1, 0.01, 1e-3, 1e-4};

    private static final double CLEAR = 1e-4;
    private static final int MAX_BRIEF_COLUMNS = 32;
    private static final String CUT = "...";
    private static final int LEAST_CUT_COLUMNS = 9;
    private static final String SIZE_UNITS = "KMGT";
    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,18})(?:([KMGT])(?:i?B)?|B)?", Pattern.CASE_INSENSITIVE);

    private static Charset charset = StandardCharsets.UTF_8;

    private Text() {}

    /** Sets the charset of those who look at this process, once and before anything is shown. */
    static void escapeBeyond(Charset ofTerminal) {
        charset = ofTerminal;
    }

    /** A value for a table: a double with six significant digits at most, a text of bounded length. Integers stay whole: a seed is one. */
    static String brief(@Nullable Object value) {
        if (value instanceof Double number) {
            return sixDigits(number);
        }
        return shortened(whole(value), MAX_BRIEF_COLUMNS);
    }

    /** A printable text as it is, if it takes no more columns, else its beginning, of which some is left in any case. */
    static String cut(String text, int columns) {
        return cut(text, columns, 0);
    }

    /** As {@link #cut(String, int)}, but what stands at an index is what is left in any case. */
    static String cut(String text, int columns, int index) {
        int most = Math.max(columns, LEAST_CUT_COLUMNS);
        int end = Math.min(index + 1, text.length());
        if (isWithin(text, most) || isWithin(text.substring(0, end), most - CUT.length())) {
            return shortened(text, most);
        }
        int rest = most - CUT.length();
        int before = Math.max(rest / 2, rest - columns(text.substring(end)));
        int start = index;
        while (start > 0 && isWithin(text.substring(start - 1, end), before)) {
            start--;
        }
        boolean isInsideCharacter = start < end && Character.isLowSurrogate(text.charAt(start));
        return CUT + shortened(text.substring(isInsideCharacter ? start + 1 : start), rest);
    }

    private static String shortened(String text, int columns) {
        return isWithin(text, columns) ? text : TextWidth.cut(text, columns - CUT.length()) + CUT;
    }

    /** No char of a text takes more than two columns. */
    private static boolean isWithin(String text, int columns) {
        return text.length() <= columns / 2 || columns(text) <= columns;
    }

    /** A value with all that it holds, on one line. */
    static String whole(@Nullable Object value) {
        return printable(String.valueOf(value));
    }

    /** As C's {@code %g} has it, without its zeros: {@code 0.5}, {@code 123457}, {@code 1.5e-7}. */
    private static String sixDigits(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.toString(number);
        }
        double size = Math.abs(number);
        // nearly all metrics and parameters; a list has hundreds of thousands of them
        if (size >= LEAST_PLAIN && size < TO_SIX_DIGITS[0] && isClear(size)) {
            return (number < 0 ? "-" : "") + plain(size);
        }
        var rounded = BigDecimal.valueOf(number).round(SIX_DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (rounded.signum() == 0 || exponent >= -4 && exponent < SIX_DIGITS.getPrecision()) {
            return rounded.toPlainString();
        }
        return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }

    /** The power of ten that makes an integer of six digits of a number, more or less. */
    private static int places(double size) {
        int places = 0;
        while (size < TO_SIX_DIGITS[places + 1]) {
            places++;
        }
        return places;
    }

    /** Whether it is far enough from the middle between two decimals, and keeps its number of digits, that doubles can decide. */
    private static boolean isClear(double size) {
        double scaled = size * POWERS[places(size)];
        double rest = scaled - Math.floor(scaled);
        return Math.abs(rest - 0.5) > CLEAR && Math.rint(scaled) < POWERS[6];
    }

    private static String plain(double size) {
        int places = places(size);
        long digits = (long) Math.rint(size * POWERS[places]);
        while (places > 0 && digits % 10 == 0) {
            digits /= 10;
            places--;
        }
        var text = Long.toString(digits);
        if (places == 0) {
            return text;
        }
        int whole = text.length() - places;
        return whole > 0 ? text.substring(0, whole) + "." + text.substring(whole) : "0." + "0".repeat(-whole) + text;
    }

    /** A commit as git abbreviates it. */
    static String commit(String id) {
        return id.substring(0, Math.min(COMMIT_DIGITS, id.length()));
    }

    /** A number of bytes: {@code 17 B}, {@code 1.5 MiB}. */
    static String size(long bytes) {
        int unit = (Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(bytes, 1))) / 10;
        return unit == 0
                ? bytes + " B"
                : String.format(
                        Locale.ROOT,
                        "%.1f %siB",
                        bytes / (double) (1L << 10 * unit),
                        unit <= SIZE_UNITS.length() ? SIZE_UNITS.charAt(unit - 1) : "P");
    }

    /** The number of bytes in {@code 500M} or {@code 2GiB}, which are powers of 1024; empty if it is none, or more than there is. */
    static Optional<Long> parseSize(String text) {
        var matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var unit = Optional.ofNullable(matcher.group(2)).map(letter -> letter.toUpperCase(Locale.ROOT));
        long factor =
                1L << 10 * unit.map(letter -> SIZE_UNITS.indexOf(letter) + 1).orElse(0);
        try {
            return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /**
     * Escapes what a terminal would obey or hide, or does not have in its charset. Names and values come from other people's repositories,
     * and may hold a newline or the sequence that clears the screen.
     */
    static String printable(String text) {
        return isPlain(text) ? text : printable(text, charset.newEncoder());
    }

    private static String printable(String text, CharsetEncoder encoder) {
        if (encoder.canEncode(text) && text.codePoints().allMatch(Text::isPrintable)) {
            return text;
        }
        var escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            var letter = Character.toString(c);
            escaped.append(isPrintable(c) && encoder.canEncode(letter) ? letter : escape(c));
        });
        return escaped.toString();
    }

    /** Nearly every text, in a list of very many. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, codePoint > 0xffff ? "\\u{%x}" : "\\u%04x", codePoint);
        };
    }

    /** How many columns of a terminal a printable text takes. */
    static int columns(String text) {
        return isPlain(text) ? text.length() : TextWidth.of(text);
    }
}
