package dev.daybook.git.dvc;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a string is written in YAML so that readers of YAML 1.1 and 1.2 take it for the same string. */
final class YamlText {

    /** How a string may be quoted; what a style cannot hold is put in double quotes. */
    enum Quotes {
        AS_NEEDED,
        SINGLE,
        DOUBLE
    }

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*");
    /** What stands for something else than itself in some version of YAML. */
    private static final Set<String> WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none");

    private static final int MAX_PLAIN_LENGTH = 200;

    private YamlText() {}

    static String of(String value, Quotes quotes) {
        return switch (quotes) {
            case AS_NEEDED -> isPlain(value) ? value : doubleQuoted(value);
            case SINGLE ->
                value.codePoints().noneMatch(YamlText::mustEscape)
                        ? "'" + value.replace("'", "''") + "'"
                        : doubleQuoted(value);
            case DOUBLE -> doubleQuoted(value);
        };
    }

    private static boolean isPlain(String value) {
        return value.length() <= MAX_PLAIN_LENGTH
                && PLAIN.matcher(value).matches()
                && !WORDS.contains(value.toLowerCase(Locale.ROOT));
    }

    private static String doubleQuoted(String value) {
        var out = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (mustEscape(c)) {
                        out.append(String.format(c < 0x100 ? "\\x%02X" : "\\u%04X", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    private static boolean mustEscape(int c) {
        return c < ' '
                || (c >= 0x7F && c <= 0xA0)
                || c == 0xAD
                || c == 0x2028
                || c == 0x2029
                || c == 0xFEFF
                || c == 0xFFFE
                || c == 0xFFFF;
    }
}
