package dev.daybook.lifecycle;

import java.util.Map;
import java.util.regex.Pattern;

/** The checks of the events' constructors: what fails here is a bug or a damaged journal, never a user's slip. */
final class Requires {

    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}");

    private Requires() {}

    static void that(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Maps are told by what is in them. */
    static void leaves(Map<ParamKey, ParamValue> params) {
        that(
                params.values().stream()
                        .noneMatch(value -> value instanceof ParamValue.MapValue map
                                && !map.entries().isEmpty()),
                "a parameter is a map that is not empty");
    }

    static void objectId(String value, String what) {
        that(OBJECT_ID.matcher(value).matches(), what + " is no Git object id: " + value);
    }
}
