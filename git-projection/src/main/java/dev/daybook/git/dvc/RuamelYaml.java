package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.NullValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.util.List;
import java.util.Map;

/** Values as ruamel.yaml writes them for DVC, in block style: lists at their key's own indent, nothing for null. */
final class RuamelYaml {

    private static final int STEP = 2;

    private RuamelYaml() {}

    /** The lines of a map, each with its end. */
    static String lines(Map<String, ParamValue> map, int indent) {
        var out = new StringBuilder();
        map(map, indent, out);
        return out.toString();
    }

    private static void map(Map<String, ParamValue> map, int indent, StringBuilder out) {
        map.forEach((key, value) -> {
            out.append(" ".repeat(indent));
            entry(key, value, indent, out);
        });
    }

    private static void entry(String key, ParamValue value, int indent, StringBuilder out) {
        var name = RuamelText.key(key);
        out.append(name).append(':');
        if (value instanceof MapValue map && !map.entries().isEmpty()) {
            out.append('\n');
            map(map.entries(), indent + STEP, out);
        } else if (value instanceof ListValue list && !list.values().isEmpty()) {
            out.append('\n');
            list(list.values(), indent, out);
        } else {
            var text = scalar(value, indent + name.length() + 2, indent + STEP);
            out.append(text.isEmpty() ? "" : " ").append(text).append('\n');
        }
    }

    private static void list(List<ParamValue> values, int indent, StringBuilder out) {
        for (var value : values) {
            out.append(" ".repeat(indent));
            item(value, indent, out);
        }
    }

    /** The first line follows the hyphen. */
    private static void item(ParamValue value, int indent, StringBuilder out) {
        out.append('-');
        if (value instanceof MapValue map && !map.entries().isEmpty()) {
            out.append(' ').append(lines(map.entries(), indent + STEP).substring(indent + STEP));
        } else if (value instanceof ListValue list && !list.values().isEmpty()) {
            var lines = new StringBuilder();
            list(list.values(), indent + STEP, lines);
            out.append(' ').append(lines.substring(indent + STEP));
        } else {
            var text = scalar(value, indent + STEP, indent + STEP);
            out.append(text.isEmpty() ? "" : " ").append(text).append('\n');
        }
    }

    private static String scalar(ParamValue value, int column, int indent) {
        if (value instanceof NullValue) {
            return "";
        } else if (value instanceof StringValue string) {
            return RuamelText.value(string.value(), column, indent);
        } else if (value instanceof DoubleValue real && Double.isFinite(real.value())) {
            // as Python, which needs no point before an exponent
            return PythonFloat.of(real.value()).replace(".0e", "e");
        }
        return YamlWriter.inline(value, YamlText.Quotes.AS_NEEDED);
    }
}
