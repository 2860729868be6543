package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import java.util.List;

/** How large a parameter file may be, and what may be set in one of whatever format. */
final class ParamLimits {

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 100;
    static final int MAX_VALUES = 500_000;

    /** A YAML parser looks for the colon within 1024 characters; escapes take more than one. */
    private static final int MAX_KEY_LENGTH = 900;

    private ParamLimits() {}

    /** Refuses what no file can hold or no parser would read again. */
    static void check(String fileName, List<String> path, ParamValue value) {
        path.forEach(segment -> checkText(fileName, segment, MAX_KEY_LENGTH));
        check(fileName, value, path.size());
    }

    private static void check(String fileName, ParamValue value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ParamFileException(fileName, tooDeep());
        }
        if (value instanceof ParamValue.ListValue list) {
            list.values().forEach(item -> check(fileName, item, depth + 1));
        } else if (value instanceof ParamValue.MapValue map) {
            map.entries().forEach((key, item) -> {
                checkText(fileName, key, MAX_KEY_LENGTH);
                check(fileName, item, depth + 1);
            });
        } else if (value instanceof ParamValue.StringValue string) {
            checkText(fileName, string.value(), Integer.MAX_VALUE);
        }
    }

    private static void checkText(String fileName, String value, int maxLength) {
        if (hasLoneSurrogate(value)) {
            throw new ParamFileException(fileName, halfPair());
        }
        if (value.length() > maxLength) {
            throw new ParamFileException(
                    fileName,
                    "key '" + ParamText.shortened(value) + "' is longer than " + maxLength + " characters; shorten it");
        }
    }

    static String tooDeep() {
        return "the values are nested deeper than " + MAX_DEPTH + "; make them flatter";
    }

    static String tooMany() {
        return "the file holds more than " + MAX_VALUES + " values; keep data out of parameter files";
    }

    static String halfPair() {
        return "a text holds half of a surrogate pair, which UTF-8 cannot write; correct it";
    }

    static String twice(String key) {
        return "key '" + ParamText.shortened(key) + "' stands twice in one map; remove one";
    }

    /** Whether UTF-8 cannot hold the string. */
    static boolean hasLoneSurrogate(String value) {
        return value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
