package dev.daybook.git.dvc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where a metric's series stands and what its column is called: any name becomes a path that every file system, every URL and DVC take.
 *
 * <p>In the path, a character of ASCII that is no letter, digit, space or one of {@code _-.,+=@()[]{}} is written {@code ~} and the two
 * lower-case hex digits of its byte; so is the dot of a folder's {@code .tsv}, so that no folder meets a file, and a leading dot. Two names
 * never get one path. A part that would be too long for a file name is cut and ends in {@code ~~} and the start of its SHA-256.
 *
 * @param metric the metric's name
 * @param path relative to the output folder
 * @param column the header of the values' column
 * @param isPlain whether path and column say the name just as it is, so that the plot needs no title
 */
record PlotName(String metric, String path, String column, boolean isPlain) {

    static final String FOLDER = "plots/metrics/";

    private static final String SERIES_FOLDER = "series/";

    private static final String SUFFIX = ".tsv";
    private static final String UNESCAPED = " _-.,+=@()[]{}";
    /** What DVC gives a meaning of its own as the name of a column. */
    private static final Set<String> RESERVED = Set.of("rev", "filename", "field", "step", "timestamp", "index");

    private static final int MAX_SEGMENT_BYTES = 240;
    private static final int KEPT_BYTES = 200;
    private static final int HASH_DIGITS = 16;

    static PlotName of(String metric) {
        var path = path(FOLDER, metric, SUFFIX);
        var base = metric.substring(metric.lastIndexOf('/') + 1);
        var column = isGoodColumn(base) ? base : "value";
        boolean isPlain = column.equals(base) && path.equals(FOLDER + metric + SUFFIX);
        return new PlotName(metric, path, column, isPlain);
    }

    /** The path of a name in a folder, with a suffix of five bytes or fewer. */
    static String path(String folder, String name, String suffix) {
        var segments = name.split("/", -1);
        var path = new StringBuilder(folder);
        for (int i = 0; i < segments.length - 1; i++) {
            path.append(folder(segments[i], suffix)).append('/');
        }
        var base = segments[segments.length - 1];
        return path.append(shorten(escape(base), base)).append(suffix).toString();
    }

    /** Where the whole of a large series stands, relative to the output folder. */
    String series() {
        return SERIES_FOLDER + path.substring(FOLDER.length()) + ".gz";
    }

    private static boolean isGoodColumn(String base) {
        return !RESERVED.contains(base) && base.indexOf('"') < 0 && base.indexOf('\t') < 0 && !base.contains("${");
    }

    private static String folder(String segment, String suffix) {
        var escaped = escape(segment);
        if (escaped.endsWith(suffix)) {
            escaped = escaped.substring(0, escaped.length() - suffix.length()) + "~2e" + suffix.substring(1);
        }
        return shorten(escaped, segment);
    }

    private static String escape(String segment) {
        var out = new StringBuilder();
        segment.codePoints().forEach(c -> {
            boolean isLeadingDot = c == '.' && out.isEmpty();
            if (c > 0x7F || isAsciiLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0 && !isLeadingDot) {
                out.appendCodePoint(c);
            } else {
                out.append('~').append(HexFormat.of().toHexDigits((byte) c));
            }
        });
        return out.toString();
    }

    private static boolean isAsciiLetterOrDigit(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private static String shorten(String escaped, String segment) {
        if (bytes(escaped) + SUFFIX.length() <= MAX_SEGMENT_BYTES) {
            return escaped;
        }
        var kept = new StringBuilder();
        int size = 0;
        for (int c : escaped.codePoints().toArray()) {
            size += bytes(Character.toString(c));
            if (size > KEPT_BYTES) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept + "~~" + hash(segment);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
