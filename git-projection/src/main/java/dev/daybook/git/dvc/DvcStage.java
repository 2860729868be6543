package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.NullValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A stage as {@code dvc.yaml} declares it.
 *
 * @param folder of the file, {@code ""} for the root, else with a {@code /} at the end
 */
record DvcStage(String folder, String name, Map<String, ParamValue> declared) {

    /** Whether it says by itself what it is: nothing is filled in, and it stands for one stage. */
    boolean isPlain() {
        return declared.keySet().stream().noneMatch(List.of("foreach", "matrix", "do")::contains)
                && !isTemplate(new MapValue(declared));
    }

    private static boolean isTemplate(ParamValue value) {
        if (value instanceof MapValue map) {
            return map.entries().keySet().stream().anyMatch(key -> key.contains("${"))
                    || map.entries().values().stream().anyMatch(DvcStage::isTemplate);
        } else if (value instanceof ListValue list) {
            return list.values().stream().anyMatch(DvcStage::isTemplate);
        }
        return value instanceof StringValue string && string.value().contains("${");
    }

    /** A path of the stage from the root of the repository; empty if it is none inside. */
    Optional<String> fromRoot(String path) {
        var wdir = declared.get("wdir") instanceof StringValue string ? string.value() + "/" : "";
        var segments = new ArrayList<String>();
        for (var segment : (folder + wdir + path).split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.isEmpty()) {
                    return Optional.empty();
                }
                segments.remove(segments.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return path.startsWith("/") || path.contains("://")
                ? Optional.empty()
                : Optional.of(String.join("/", segments));
    }

    /** What it depends on, by path, in the order of the lock. */
    List<String> deps() {
        return items("deps").keySet().stream().sorted(DirObject.ORDER).toList();
    }

    /** What it makes, by path, in the order of the lock, and whether DVC keeps it in the cache. */
    Map<String, Boolean> outs() {
        var outs = new TreeMap<String, Boolean>(DirObject.ORDER);
        options()
                .forEach((path, options) -> outs.put(path, !ParamValue.of(false).equals(options.get("cache"))));
        return outs;
    }

    /** What is said of each thing that it makes, by path: {@code cache}, {@code remote}, {@code push} and others. */
    Map<String, Map<String, ParamValue>> options() {
        var all = new TreeMap<String, Map<String, ParamValue>>(DirObject.ORDER);
        for (var section : List.of("outs", "metrics", "plots")) {
            items(section)
                    .forEach((path, options) ->
                            all.put(path, options instanceof MapValue map ? map.entries() : Map.of()));
        }
        return all;
    }

    /** The keys of the parameters by file; none where all of the file counts. */
    Map<String, List<String>> params() {
        var params = new TreeMap<String, List<String>>(DirObject.ORDER);
        for (var item : list("params")) {
            if (item instanceof StringValue key) {
                params.computeIfAbsent("params.yaml", file -> new ArrayList<>()).add(key.value());
            } else if (item instanceof MapValue files) {
                files.entries().forEach((file, keys) -> {
                    var of = params.computeIfAbsent(file, f -> new ArrayList<>());
                    if (keys instanceof ListValue list) {
                        list.values()
                                .forEach(key ->
                                        of.add(key instanceof StringValue text ? text.value() : ParamText.of(key)));
                    }
                });
            }
        }
        return params;
    }

    private Map<String, ParamValue> items(String section) {
        var items = new TreeMap<String, ParamValue>(DirObject.ORDER);
        for (var item : list(section)) {
            if (item instanceof StringValue path) {
                items.put(path.value(), new NullValue());
            } else if (item instanceof MapValue map) {
                items.putAll(map.entries());
            }
        }
        return items;
    }

    private List<ParamValue> list(String section) {
        return declared.get(section) instanceof ListValue list ? list.values() : List.of();
    }
}
