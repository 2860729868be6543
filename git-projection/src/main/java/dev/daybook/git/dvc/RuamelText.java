package dev.daybook.git.dvc;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A text as ruamel.yaml 0.19 writes it for DVC as a value in block style: plain if it can be, else in quotes, and folded where it is long;
 * to the byte, except that one in double quotes is not folded here.
 */
final class RuamelText {

    private static final int BEST_WIDTH = 80;

    /** What YAML 1.2 takes for something else than text, or ruamel.yaml might. */
    private static final Pattern OTHER = Pattern.compile("true|True|TRUE|false|False|FALSE|~|null|Null|NULL|<<|="
            + "|[-+]?0b?[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+"
            + "|[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?(?:[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)"
            + "|[-+]?\\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)"
            + "|\\d\\d\\d\\d-\\d\\d-\\d\\d|\\d\\d\\d\\d-\\d\\d?-\\d\\d?(?:[Tt]|[ \\t]+)\\d\\d?:\\d\\d:\\d\\d.*");

    private RuamelText() {}

    /**
     * A value behind its key.
     *
     * @param column where it begins
     * @param indent of the lines that it is folded to
     */
    static String value(String text, int column, int indent) {
        boolean isSpecial = text.codePoints().anyMatch(RuamelText::isSpecial);
        if (!isSpecial && isPlain(text)) {
            return plain(text, column, indent);
        }
        return isSpecial || text.contains("'")
                ? YamlText.of(text, YamlText.Quotes.DOUBLE)
                : "'" + singleQuoted(text, column + 1, indent) + "'";
    }

    /** A key, which is never folded. */
    static String key(String text) {
        return value(text, -text.length(), 0);
    }

    private static boolean isPlain(String text) {
        if (text.isEmpty()
                || text.startsWith(" ")
                || text.endsWith(" ")
                || text.startsWith("---")
                || text.startsWith("...")
                || OTHER.matcher(text).matches()) {
            return false;
        }
        char first = text.charAt(0);
        boolean isFollowed = text.length() == 1 || text.charAt(1) == ' ';
        return "#,[]{}&*!|>'\"%@`".indexOf(first) < 0
                && !("?:-".indexOf(first) >= 0 && isFollowed)
                && !text.contains(": ")
                && !text.endsWith(":")
                && !text.contains(" #");
    }

    /** A word that does not fit goes to the next line; the space before it stays, unless the line is full already. */
    private static String plain(String text, int column, int indent) {
        var out = new StringBuilder();
        int at = column;
        for (var part : parts(text)) {
            int length = part.codePointCount(0, part.length());
            if (part.startsWith(" ")) {
                if (length == 1 && at >= BEST_WIDTH) {
                    at = breakLine(out, indent);
                    continue;
                }
            } else if (at + length > BEST_WIDTH && at > indent) {
                at = breakLine(out, indent);
            }
            out.append(part);
            at += length;
        }
        return out.toString();
    }

    /** Broken instead of a single space, once the line is longer than it should be. */
    private static String singleQuoted(String text, int column, int indent) {
        var out = new StringBuilder();
        int at = column;
        int read = 0;
        for (var part : parts(text)) {
            int length = part.codePointCount(0, part.length());
            boolean isInside = read > 0 && read + part.length() < text.length();
            if (part.equals(" ") && at > BEST_WIDTH && isInside) {
                at = breakLine(out, indent);
            } else {
                out.append(part);
                at += length;
            }
            read += part.length();
        }
        return out.toString();
    }

    /** Words, and what is between them. */
    private static List<String> parts(String text) {
        return List.of(text.split("(?<= )(?! )|(?<! )(?= )", -1));
    }

    private static int breakLine(StringBuilder out, int indent) {
        out.append('\n').append(" ".repeat(indent));
        return indent;
    }

    private static boolean isSpecial(int c) {
        boolean isPrintable = c >= ' ' && c <= '~'
                || c >= 0xA0 && c <= 0xD7FF
                || c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF
                || c >= 0x10000 && c < 0x10FFFF;
        return !isPrintable || c == 0x2028 || c == 0x2029;
    }
}
