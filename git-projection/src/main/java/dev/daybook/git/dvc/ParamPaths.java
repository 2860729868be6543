package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads and replaces what a path of keys addresses, in values; a number addresses an element of a list. */
final class ParamPaths {

    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    private ParamPaths() {}

    static Optional<ParamValue> get(Map<String, ParamValue> root, List<String> path) {
        ParamValue at = ParamValue.of(root);
        for (var segment : path) {
            ParamValue next = null;
            if (at instanceof MapValue map) {
                next = map.entries().get(segment);
            } else if (at instanceof ListValue list) {
                var index = index(segment, list.values().size());
                next = index.isPresent() ? list.values().get(index.getAsInt()) : null;
            }
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    /** The values with one of them replaced or added; what is no map and no list makes way for a map. */
    static Map<String, ParamValue> with(Map<String, ParamValue> root, List<String> path, ParamValue value) {
        return ((MapValue) with(Optional.of(ParamValue.of(root)), path, value)).entries();
    }

    private static ParamValue with(Optional<ParamValue> old, List<String> path, ParamValue value) {
        if (path.isEmpty()) {
            return value;
        }
        var rest = path.subList(1, path.size());
        if (old.isPresent() && old.get() instanceof ListValue list) {
            var index = index(path.get(0), list.values().size());
            var items = new ArrayList<>(list.values());
            index.ifPresent(at -> items.set(at, with(Optional.of(items.get(at)), rest, value)));
            return ParamValue.of(items);
        }
        var entries = new LinkedHashMap<String, ParamValue>();
        if (old.isPresent() && old.get() instanceof MapValue map) {
            entries.putAll(map.entries());
        }
        entries.put(path.get(0), with(Optional.ofNullable(entries.get(path.get(0))), rest, value));
        return ParamValue.of(entries);
    }

    /** The element that a segment names in a list of this size. */
    static OptionalInt index(String segment, int size) {
        if (!INDEX.matcher(segment).matches() || Integer.parseInt(segment) >= size) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(segment));
    }

    /** The value inside a map of maps along the path. */
    static ParamValue nested(List<String> path, ParamValue value) {
        var nested = value;
        for (int i = path.size() - 1; i >= 0; i--) {
            nested = ParamValue.of(Map.of(path.get(i), nested));
        }
        return nested;
    }

    /** The path down to the segment before this depth, as the user writes it. */
    static String name(List<String> path, int depth) {
        return depth == 0 ? "the root" : new ParamKey(Optional.empty(), path.subList(0, depth)).dotted();
    }

    /** Why a segment names nothing in a list. */
    static String noElement(String list, String segment) {
        boolean isNumber = !segment.isEmpty() && segment.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? list + " has no element " + segment + "; set the whole list"
                : list + " is a list, not a map; name an element by its number";
    }

    /** Why nothing can be set below a value. */
    static String notAMap(String name) {
        return name + " is not a map but a value; set " + name + " as a whole";
    }
}
