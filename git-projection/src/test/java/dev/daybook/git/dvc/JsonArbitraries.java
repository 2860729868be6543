package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** JSON documents in many layouts with the values they hold, and edits of them. */
final class JsonArbitraries {

    /**
     * How a document is written.
     *
     * @param unit of the indentation; empty for a document on one line
     * @param colon with its space
     * @param comma with its space, where both values are on one line
     * @param listsOnLines whether lists are, too
     * @param escaped whether what is not ASCII is
     */
    private record Style(
            String newline,
            String unit,
            String colon,
            String comma,
            boolean listsOnLines,
            boolean escaped,
            String tail) {}

    private JsonArbitraries() {}

    static Arbitrary<ParamCase> cases() {
        return documents()
                .flatMap(document -> Combinators.combine(Arbitraries.of(ParamCase.paths(document.values())), finite())
                        .as((path, value) -> new ParamCase(document, path, value)));
    }

    static Arbitrary<ParamCase.Document> documents() {
        return Combinators.combine(maps(3), styles()).as((values, style) -> {
            var out = new StringBuilder();
            print(out, ParamValue.of(values), style, 0);
            return new ParamCase.Document("conf.json", out + style.tail(), values);
        });
    }

    /** What JSON can hold. */
    static Arbitrary<ParamValue> finite() {
        return YamlArbitraries.values().map(JsonArbitraries::finite);
    }

    static ParamValue finite(ParamValue value) {
        if (value instanceof ListValue list) {
            return ParamValue.of(
                    list.values().stream().map(JsonArbitraries::finite).toList());
        }
        if (value instanceof MapValue map) {
            var entries = new LinkedHashMap<String, ParamValue>();
            map.entries().forEach((key, entry) -> entries.put(key, finite(entry)));
            return ParamValue.of(entries);
        }
        return value instanceof DoubleValue number && !Double.isFinite(number.value()) ? ParamValue.of(1.5) : value;
    }

    private static Arbitrary<Map<String, ParamValue>> maps(int depth) {
        return Arbitraries.maps(keys(), values(depth)).ofMaxSize(4);
    }

    private static Arbitrary<ParamValue> values(int depth) {
        var scalars = YamlArbitraries.scalars().map(JsonArbitraries::finite);
        return depth == 0
                ? scalars
                : Arbitraries.frequencyOf(
                        Tuple.of(3, scalars),
                        Tuple.of(1, values(depth - 1).list().ofMaxSize(3).map(ParamValue::of)),
                        Tuple.of(2, maps(depth - 1).map(ParamValue::of)));
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.oneOf(
                Arbitraries.of("lr", "model", "a.b", "k-1", "two words", "é", "no", "12", "😀", "it's", "", "\"q\""),
                YamlArbitraries.strings());
    }

    private static Arbitrary<Style> styles() {
        return Combinators.combine(
                        Arbitraries.of("\n", "\r\n"),
                        Arbitraries.of("", "  ", "    ", "\t"),
                        Arbitraries.of(":", ": ", " : "),
                        Arbitraries.of(",", ", "),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of("", "\n", "\r\n", " \n\n"))
                .as(Style::new);
    }

    private static void print(StringBuilder out, ParamValue value, Style style, int depth) {
        if (value instanceof MapValue map) {
            var parts = new ArrayList<Runnable>();
            map.entries()
                    .forEach((key, entry) -> parts.add(() -> {
                        string(out, key, style);
                        out.append(style.colon());
                        print(out, entry, style, depth + 1);
                    }));
            print(out, "{", parts, "}", style, depth, !style.unit().isEmpty());
        } else if (value instanceof ListValue list) {
            List<Runnable> parts = list.values().stream()
                    .<Runnable>map(item -> () -> print(out, item, style, depth + 1))
                    .toList();
            print(out, "[", parts, "]", style, depth, !style.unit().isEmpty() && style.listsOnLines());
        } else if (value instanceof StringValue text) {
            string(out, text.value(), style);
        } else if (value instanceof DoubleValue number) {
            // as Java writes it, which is not always as Daybook does: 1.0E-5
            out.append(number.value());
        } else {
            out.append(TomlArbitraries.simple(value));
        }
    }

    private static void print(
            StringBuilder out, String open, List<Runnable> parts, String close, Style style, int depth, boolean lines) {
        out.append(open);
        for (int i = 0; i < parts.size(); i++) {
            out.append(i == 0 ? "" : lines ? "," : style.comma());
            out.append(lines ? style.newline() + style.unit().repeat(depth + 1) : "");
            parts.get(i).run();
        }
        out.append(lines && !parts.isEmpty() ? style.newline() + style.unit().repeat(depth) : "");
        out.append(close);
    }

    private static void string(StringBuilder out, String text, Style style) {
        out.append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ' || (style.escaped() && c > 0x7E)) {
                out.append(String.format("\\u%04X", c));
            } else {
                out.append((char) c);
            }
        });
        out.append('"');
    }
}
