package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A parameter file and what is to be set in it.
 *
 * @param path keys from the root
 */
public record ParamCase(Document document, List<String> path, ParamValue value) {

    /**
     * A file with the values that it was made of.
     *
     * @param fileName with the ending that says its format
     */
    public record Document(String fileName, String text, Map<String, ParamValue> values) {

        public ParamFile parse() {
            return ParamFile.parse(fileName, text.getBytes(UTF_8));
        }
    }

    /** The values that the edited file has to have. */
    public Map<String, ParamValue> expected() {
        return ParamPaths.with(document.values(), path, value);
    }

    /** Every path of a document, and new keys in each of its maps. */
    static List<List<String>> paths(Map<String, ParamValue> values) {
        var paths = new ArrayList<List<String>>();
        collect(ParamValue.of(values), List.of(), paths);
        return paths;
    }

    private static void collect(ParamValue value, List<String> at, List<List<String>> paths) {
        if (!at.isEmpty()) {
            paths.add(at);
        }
        if (value instanceof MapValue map) {
            paths.add(child(at, "new"));
            paths.add(child(child(at, "new one"), "below"));
            map.entries().forEach((key, below) -> collect(below, child(at, key), paths));
        } else if (value instanceof ListValue list) {
            for (int i = 0; i < list.values().size(); i++) {
                collect(list.values().get(i), child(at, String.valueOf(i)), paths);
            }
        }
    }

    private static List<String> child(List<String> path, String segment) {
        var longer = new ArrayList<>(path);
        longer.add(segment);
        return longer;
    }
}
