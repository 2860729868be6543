package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.daybook.lifecycle.ParamValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Parameter values, YAML documents with the values they hold, and edits of them. */
final class YamlArbitraries {

    /** The text of each top-level key with its lines, the values of all, and whether the last line has a break. */
    record Document(List<String> chunks, Map<String, ParamValue> values) {
        String text() {
            return String.join("", chunks);
        }

        YamlParams parse() {
            return YamlParams.parse("params.yaml", text().getBytes(UTF_8));
        }
    }

    record Edit(Document document, List<String> path, ParamValue value) {}

    /** What stands behind a colon or a dash: on its line, and on the lines below relative to the key's column. */
    private record Rendered(String inline, List<String> below, ParamValue value) {}

    private static final List<String> HOSTILE = List.of(
            "",
            " lead",
            "trail ",
            "no",
            "y",
            "on",
            "null",
            "~",
            "true",
            "1",
            "1e3",
            "0x10",
            "1_0",
            "010",
            ".5",
            ".inf",
            "-.inf",
            ".nan",
            "12:30",
            "2020-01-01",
            "2020-01-01 10:00:00",
            "a\nb",
            "a\r\nb\n",
            "\t",
            "a\tb",
            "#",
            "a #b",
            "a#b",
            "a: b",
            "a:",
            ": ",
            "- x",
            "-",
            "?",
            "? a",
            "=",
            "<<",
            "*a",
            "&a",
            "!t",
            "|",
            ">",
            "%x",
            "@x",
            "`x",
            "{",
            "}",
            "[a]",
            "a,b",
            "it's",
            "\"q\"",
            "'",
            "\"",
            "\\",
            "\\n",
            "C:\\x",
            "---",
            "...",
            "😀",
            "é",
            "\u0000",
            "\u0007",
            "\u0085",
            "\u00A0",
            "\u00AD",
            "\u2028",
            "\uFEFF",
            "\uFFFF",
            "hello world",
            "two  spaces",
            "a.b/c-d_e",
            "x ",
            "very ".repeat(60) + "long");

    private YamlArbitraries() {}

    static Arbitrary<String> strings() {
        return Arbitraries.oneOf(
                Arbitraries.of(HOSTILE),
                Arbitraries.strings().ofMaxLength(12).filter(text -> !ParamLimits.hasLoneSurrogate(text)),
                Arbitraries.strings()
                        .withChars(" :#-?,[]{}&*!|>'\"%@`~=<\\\n\r\tab01.e_")
                        .ofMaxLength(10));
    }

    static Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.doubles(),
                Arbitraries.integers().between(-1074, 1023).map(exponent -> Math.scalb(1.0, exponent)),
                Arbitraries.of(0.0, -0.0, 1e-5, 1e16, 1e22, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN));
    }

    static Arbitrary<ParamValue> scalars() {
        return Arbitraries.oneOf(
                Arbitraries.just(ParamValue.ofNull()),
                Arbitraries.of(true, false).map(ParamValue::of),
                Arbitraries.longs().map(ParamValue::of),
                doubles().map(ParamValue::of),
                strings().map(ParamValue::of));
    }

    static Arbitrary<ParamValue> values() {
        return values(3);
    }

    private static Arbitrary<ParamValue> values(int depth) {
        if (depth == 0) {
            return scalars();
        }
        var lists = values(depth - 1).list().ofMaxSize(3).map(ParamValue::of);
        return Arbitraries.frequencyOf(
                Tuple.of(3, scalars()),
                Tuple.of(1, lists),
                Tuple.of(1, maps(depth - 1).map(ParamValue::of)));
    }

    static Arbitrary<Map<String, ParamValue>> maps(int depth) {
        return Arbitraries.maps(strings(), values(depth)).ofMaxSize(4);
    }

    static Arbitrary<Document> documents() {
        var entries = Arbitraries.maps(keys(), rendered(3)).ofMinSize(1).ofMaxSize(4);
        return Combinators.combine(
                        entries,
                        Arbitraries.of("", "# head\n", "---\n", "\n"),
                        Arbitraries.of("", "# tail\n", "# tail\n\n"),
                        Arbitraries.of("\n", "\r\n"))
                .as((nodes, head, tail, newline) -> {
                    var chunks = new ArrayList<>(List.of(head));
                    entryLines(nodes).forEach(lines -> chunks.add(String.join("\n", lines) + "\n"));
                    chunks.add(tail);
                    chunks.replaceAll(chunk -> chunk.replace("\n", newline));
                    return new Document(chunks, valuesOf(nodes));
                });
    }

    static Arbitrary<Edit> edits() {
        return documents()
                .flatMap(document -> Combinators.combine(Arbitraries.of(ParamCase.paths(document.values())), values())
                        .as((path, value) -> new Edit(document, path, value)));
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.of("lr", "model", "a.b", "k-1", "two words", "é", "no", "12", "😀", "it's", "x#y");
    }

    private static Arbitrary<Rendered> rendered(int depth) {
        if (depth == 0) {
            return spelled();
        }
        return Arbitraries.frequencyOf(
                Tuple.of(4, spelled()),
                Tuple.of(1, flowLists()),
                Tuple.of(1, flowMaps()),
                Tuple.of(1, blockScalars()),
                Tuple.of(2, blockMaps(depth - 1)),
                Tuple.of(2, blockLists(depth - 1)));
    }

    /** A scalar in one of the spellings a hand would use, with a comment or without. */
    private static Arbitrary<Rendered> spelled() {
        return Combinators.combine(spellings(), comments())
                .as((node, comment) -> new Rendered(node.inline() + comment, node.below(), node.value()));
    }

    private static Arbitrary<Rendered> spellings() {
        return Arbitraries.of(
                inline("1", ParamValue.of(1)),
                inline("1_000", ParamValue.of(1000)),
                inline("0x10", ParamValue.of(16)),
                inline("1e-3", ParamValue.of(0.001)),
                inline("-.inf", ParamValue.of(Double.NEGATIVE_INFINITY)),
                inline("~", ParamValue.ofNull()),
                new Rendered("", List.of(), ParamValue.ofNull()),
                inline("no", ParamValue.of("no")),
                inline("True", ParamValue.of(true)),
                inline("plain text", ParamValue.of("plain text")),
                inline("a#b", ParamValue.of("a#b")),
                inline("'it''s'", ParamValue.of("it's")),
                inline("\"tab\\t\\\"q\\\" # no\"", ParamValue.of("tab\t\"q\" # no")),
                inline("😀", ParamValue.of("😀")),
                inline("[]", ParamValue.of(List.of())),
                inline("{ }", ParamValue.of(Map.of())));
    }

    private static Rendered inline(String text, ParamValue value) {
        return new Rendered(" " + text, List.of(), value);
    }

    private static Arbitrary<String> comments() {
        return Arbitraries.of("", "", " # comment", "   # \"x\": y");
    }

    private static Arbitrary<Rendered> flowLists() {
        return Combinators.combine(flowItems().list().ofMaxSize(3), comments())
                .as((items, comment) -> new Rendered(
                        items.stream().map(item -> item.inline().strip()).collect(Collectors.joining(", ", " [", "]"))
                                + comment,
                        List.of(),
                        ParamValue.of(items.stream().map(Rendered::value).toList())));
    }

    private static Arbitrary<Rendered> flowMaps() {
        return Combinators.combine(Arbitraries.maps(keys(), flowItems()).ofMaxSize(3), comments())
                .as((items, comment) -> new Rendered(
                        items.entrySet().stream()
                                        .map(item -> keyText(item.getKey()) + ":"
                                                + item.getValue().inline())
                                        .collect(Collectors.joining(", ", " {", " }"))
                                + comment,
                        List.of(),
                        ParamValue.of(valuesOf(items))));
    }

    private static Arbitrary<Rendered> flowItems() {
        return spellings().filter(item -> !item.inline().isEmpty());
    }

    private static Arbitrary<Rendered> blockScalars() {
        return Arbitraries.of(
                new Rendered(" |", List.of("    text # no", "", "    x: y"), ParamValue.of("text # no\n\nx: y\n")),
                new Rendered(" >- # comment", List.of("    one", "    two"), ParamValue.of("one two")),
                new Rendered(" |+", List.of("    keep", "", ""), ParamValue.of("keep\n\n\n")));
    }

    private static Arbitrary<Rendered> blockMaps(int depth) {
        return Combinators.combine(
                        Arbitraries.maps(keys(), rendered(depth)).ofMinSize(1).ofMaxSize(3), comments())
                .as((nodes, comment) -> {
                    var lines = new ArrayList<String>();
                    entryLines(nodes).forEach(entry -> entry.forEach(line -> lines.add(indented(line))));
                    return new Rendered(comment, lines, ParamValue.of(valuesOf(nodes)));
                });
    }

    private static Arbitrary<Rendered> blockLists(int depth) {
        return Combinators.combine(rendered(depth).list().ofMinSize(1).ofMaxSize(3), comments())
                .as((items, comment) -> {
                    var lines = new ArrayList<String>();
                    for (var item : items) {
                        lines.add("-" + item.inline());
                        item.below().forEach(line -> lines.add(indented(line)));
                    }
                    var values = items.stream().map(Rendered::value).toList();
                    return new Rendered(comment, lines, ParamValue.of(values));
                });
    }

    private static List<List<String>> entryLines(Map<String, Rendered> nodes) {
        var entries = new ArrayList<List<String>>();
        nodes.forEach((key, node) -> {
            var lines = new ArrayList<>(List.of(keyText(key) + ":" + node.inline()));
            lines.addAll(node.below());
            entries.add(lines);
        });
        return entries;
    }

    private static String keyText(String key) {
        return key.equals("12") || key.equals("it's") ? "\"" + key + "\"" : key;
    }

    private static String indented(String line) {
        return line.isEmpty() ? "" : "  " + line;
    }

    private static Map<String, ParamValue> valuesOf(Map<String, Rendered> nodes) {
        var values = new LinkedHashMap<String, ParamValue>();
        nodes.forEach((key, node) -> values.put(key, node.value()));
        return values;
    }
}
