package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** TOML documents in all the ways to write a table, with the values they hold, and edits of them. */
final class TomlArbitraries {

    /** What a key stands for, in the way in which it is written. */
    private sealed interface Part {
        ParamValue value();
    }

    /** On the right of an equals sign. */
    private record Plain(String text, ParamValue value) implements Part {}

    /** With a header of its own; without one if it holds nothing but tables and is implied. */
    private record Section(Map<String, Part> parts, boolean implied) implements Part {
        @Override
        public ParamValue value() {
            return ParamValue.of(values(parts));
        }
    }

    /** By keys with dots. */
    private record Dotted(Map<String, Plain> parts) implements Part {
        @Override
        public ParamValue value() {
            return ParamValue.of(values(parts));
        }
    }

    /** {@code [[key]]}. */
    private record Elements(List<Section> sections) implements Part {
        @Override
        public ParamValue value() {
            return ParamValue.of(sections.stream().map(Section::value).toList());
        }
    }

    /** Tables that dotted keys make in an inline table. */
    private static final String INLINE_PREFIX = "a.\"b c\".";

    private static final Set<List<String>> INLINE_TABLES = Set.of(List.of("a"), List.of("a", "b c"));

    private TomlArbitraries() {}

    /** Edits that can be made: a table with lines of its own is changed key by key. */
    static Arbitrary<ParamCase> cases() {
        return roots().flatMap(root -> {
            var paths = new ArrayList<>(ParamCase.paths(values(root.parts())));
            paths.removeIf(path -> isSpread(root, path));
            return Combinators.combine(texts(root), Arbitraries.of(paths), withoutNull())
                    .as((text, path, value) -> new ParamCase(
                            new ParamCase.Document("conf.toml", text, values(root.parts())), path, value));
        });
    }

    static Arbitrary<ParamCase.Document> documents() {
        return roots().flatMap(root ->
                texts(root).map(text -> new ParamCase.Document("conf.toml", text, values(root.parts()))));
    }

    private static boolean isSpread(Section root, List<String> path) {
        Part at = root;
        for (int depth = 0; depth < path.size(); depth++) {
            var segment = path.get(depth);
            if (at instanceof Section section) {
                at = section.parts().get(segment);
            } else if (at instanceof Dotted dotted) {
                at = dotted.parts().get(segment);
            } else if (at instanceof Elements elements) {
                at = elements.sections().get(Integer.parseInt(segment));
            } else {
                var rest = path.subList(depth, path.size());
                return at instanceof Plain plain
                        && plain.text().contains(INLINE_PREFIX)
                        && INLINE_TABLES.contains(rest);
            }
        }
        return at instanceof Section || at instanceof Dotted || at instanceof Elements;
    }

    /** What TOML can hold. */
    static Arbitrary<ParamValue> withoutNull() {
        return YamlArbitraries.values().map(TomlArbitraries::withoutNull);
    }

    private static ParamValue withoutNull(ParamValue value) {
        if (value instanceof ListValue list) {
            return ParamValue.of(
                    list.values().stream().map(TomlArbitraries::withoutNull).toList());
        }
        if (value instanceof MapValue map) {
            var entries = new LinkedHashMap<String, ParamValue>();
            map.entries().forEach((key, entry) -> entries.put(key, withoutNull(entry)));
            return ParamValue.of(entries);
        }
        return value instanceof NullValue ? ParamValue.of("none") : value;
    }

    /** Null, booleans and integers, which JSON and TOML write alike. */
    static String simple(ParamValue value) {
        return value instanceof ParamValue.LongValue number
                ? String.valueOf(number.value())
                : value instanceof ParamValue.BooleanValue flag ? String.valueOf(flag.value()) : "null";
    }

    // ------------------------------------------------------------------ what is in a document

    private static Arbitrary<Section> roots() {
        return parts(2).map(parts -> new Section(parts, false));
    }

    private static Arbitrary<Map<String, Part>> parts(int depth) {
        return Arbitraries.maps(keys(), part(depth)).ofMaxSize(5);
    }

    private static Arbitrary<Part> part(int depth) {
        Arbitrary<Part> plain = plain().map(part -> part);
        if (depth == 0) {
            return plain;
        }
        Arbitrary<Section> sections = Combinators.combine(parts(depth - 1), Arbitraries.of(true, false))
                .as(Section::new);
        return Arbitraries.frequencyOf(
                Tuple.of(5, plain),
                Tuple.of(2, sections.map(part -> part)),
                Tuple.of(1, sections.list().ofMinSize(1).ofMaxSize(2).map(Elements::new)),
                Tuple.of(
                        1,
                        Arbitraries.maps(keys(), plain())
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(Dotted::new)));
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.of(
                "lr", "model", "a.b", "k-1", "two words", "é", "no", "12", "😀", "it's", "", "\"q\"", "\t");
    }

    private static Arbitrary<Plain> plain() {
        return Arbitraries.frequencyOf(Tuple.of(3, spelled()), Tuple.of(1, arrays()), Tuple.of(1, inlineTables()));
    }

    private static Arbitrary<Plain> spelled() {
        return Arbitraries.of(
                new Plain("1", ParamValue.of(1)),
                new Plain("+1_000", ParamValue.of(1000)),
                new Plain("0xFf", ParamValue.of(255)),
                new Plain("0o17", ParamValue.of(15)),
                new Plain("1e-3", ParamValue.of(0.001)),
                new Plain("6.5_0E+2", ParamValue.of(650.0)),
                new Plain("-0.0", ParamValue.of(-0.0)),
                new Plain("-inf", ParamValue.of(Double.NEGATIVE_INFINITY)),
                new Plain("nan", ParamValue.of(Double.NaN)),
                new Plain("true", ParamValue.of(true)),
                new Plain("\"\"", ParamValue.of("")),
                new Plain("\"tab\\t\\\"q\\\" # no\"", ParamValue.of("tab\t\"q\" # no")),
                new Plain("'C:\\n # no ]'", ParamValue.of("C:\\n # no ]")),
                new Plain(
                        "\"\"\"\na \"\"quoted\"\" \\\n   line\\u00e9\"\"\"\"",
                        ParamValue.of("a \"\"quoted\"\" lineé\"")),
                new Plain("'''\n[no.header]\n= # '' '''", ParamValue.of("[no.header]\n= # '' ")),
                new Plain("\"😀\"", ParamValue.of("😀")));
    }

    private static Arbitrary<Plain> arrays() {
        return Combinators.combine(
                        spelled().list().ofMaxSize(3),
                        Arbitraries.of(", ", ",", " ,\n  # comment ] \" '\n  "),
                        Arbitraries.of("", " ", "\n", " # [\n"),
                        Arbitraries.of("", ",", ",\n"))
                .as((items, comma, padding, end) -> new Plain(
                        items.stream().map(Plain::text).collect(Collectors.joining(comma, "[" + padding, ""))
                                + (items.isEmpty() ? "" : end) + padding + "]",
                        ParamValue.of(items.stream().map(Plain::value).toList())));
    }

    private static Arbitrary<Plain> inlineTables() {
        return Combinators.combine(
                        Arbitraries.maps(keys(), Arbitraries.oneOf(spelled(), arrays()))
                                .ofMaxSize(3),
                        Arbitraries.of(" = ", "="),
                        Arbitraries.of("", " "),
                        Arbitraries.of("", INLINE_PREFIX))
                .as((entries, equals, padding, prefix) -> {
                    var values = ParamValue.of(values(entries));
                    var nested = prefix.isEmpty() || entries.isEmpty()
                            ? values
                            : ParamValue.of(Map.of("a", ParamValue.of(Map.of("b c", values))));
                    return new Plain(
                            entries.entrySet().stream()
                                    .map(entry -> prefix
                                            + key(entry.getKey())
                                            + equals
                                            + entry.getValue().text())
                                    .collect(Collectors.joining(",", "{" + padding, padding + "}")),
                            nested);
                });
    }

    private static Map<String, ParamValue> values(Map<String, ? extends Part> parts) {
        var values = new LinkedHashMap<String, ParamValue>();
        parts.forEach((key, part) -> values.put(key, part.value()));
        return values;
    }

    // ------------------------------------------------------------------ how it is written

    private static Arbitrary<String> texts(Section root) {
        return Combinators.combine(
                        Arbitraries.of("", "# head\n", "\n# head\n\n"),
                        Arbitraries.of("", "\n", "# about it\n", "\n  # about it\n"),
                        Arbitraries.of(" = ", "=", "    = "),
                        Arbitraries.of("", "  "),
                        Arbitraries.of("", " # comment \"'[{"),
                        Arbitraries.of("\n", "\r\n"),
                        Arbitraries.of(true, false))
                .as((head, gap, equals, indent, comment, newline, ends) -> {
                    var out = new StringBuilder(head);
                    print(out, root, "", gap, equals, indent, comment);
                    var text = ends || out.isEmpty() ? out.toString() : out.substring(0, out.length() - 1);
                    return text.replace("\n", newline);
                });
    }

    private static void print(
            StringBuilder out, Section section, String name, String gap, String equals, String indent, String comment) {
        section.parts().forEach((key, part) -> {
            if (part instanceof Plain plain) {
                line(out, (name.isEmpty() ? "" : indent) + key(key) + equals + plain.text() + comment);
            } else if (part instanceof Dotted dotted) {
                dotted.parts()
                        .forEach((inner, plain) -> line(
                                out,
                                (name.isEmpty() ? "" : indent) + key(key) + " . " + key(inner) + equals
                                        + plain.text()));
            }
        });
        section.parts().forEach((key, part) -> {
            var longer = name.isEmpty() ? key(key) : name + "." + key(key);
            if (part instanceof Section table) {
                boolean canBeImplied = !table.parts().isEmpty()
                        && table.parts().values().stream()
                                .allMatch(child -> child instanceof Section || child instanceof Elements);
                out.append(gap);
                if (!(table.implied() && canBeImplied)) {
                    line(out, "[" + longer + "]" + comment);
                }
                print(out, table, longer, gap, equals, indent, comment);
            } else if (part instanceof Elements elements) {
                for (var element : elements.sections()) {
                    out.append(gap);
                    line(out, "[[ " + longer + " ]]");
                    print(out, element, longer, gap, equals, indent, comment);
                }
            }
        });
    }

    private static void line(StringBuilder out, String line) {
        out.append(line).append('\n');
    }

    private static String key(String key) {
        if (key.matches("[A-Za-z0-9_-]+")) {
            return key;
        }
        return key.indexOf('"') >= 0
                ? "'" + key + "'"
                : "\"" + key.replace("\t", "\\t").replace("é", "\\u00E9") + "\"";
    }
}
