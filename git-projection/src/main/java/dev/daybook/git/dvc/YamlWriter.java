package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlText.Quotes;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes values as YAML text: scalars and flow collections on one line, block collections line by line. */
final class YamlWriter {

    /**
     * How a file is laid out.
     *
     * @param step by how many columns a map is indented below its key
     * @param listStep by how many columns a {@code -} is indented below its key
     */
    record Layout(String newline, int step, int listStep) {

        /** DVCLive's: lists at their key's own indent. */
        static final Layout DVCLIVE = new Layout("\n", 2, 0);

        /** The layout of the first nested map and the first list of a file; DVCLive's where there is none. */
        static Layout of(Document document) {
            var steps = new int[] {-1, -1};
            document.root().ifPresent(root -> measure(document.source(), root, steps));
            return new Layout(
                    document.source().newline(),
                    steps[0] < 1 ? DVCLIVE.step : steps[0],
                    steps[1] < 0 ? DVCLIVE.listStep : steps[1]);
        }

        private static void measure(YamlSource source, YamlNode node, int[] steps) {
            if (node instanceof YamlNode.Mapping map && !map.flow()) {
                int column = source.column(map.extent().contentStart());
                for (var entry : map.entries()) {
                    var value = entry.value();
                    if (value.isBlockCollection()
                            && value.extent().start() == value.extent().contentStart()) {
                        int kind = value instanceof YamlNode.Mapping ? 0 : 1;
                        int step = source.column(value.extent().start()) - column;
                        steps[kind] = steps[kind] < 0 ? step : steps[kind];
                    }
                }
            }
            if (node.isBlockCollection()) {
                node.children().forEach(child -> measure(source, child, steps));
            }
        }
    }

    private final Layout layout;
    private final StringBuilder out = new StringBuilder();

    private YamlWriter(Layout layout) {
        this.layout = layout;
    }

    /** A value on one line. */
    static String inline(ParamValue value, Quotes quotes) {
        return value.accept(new Inline(quotes));
    }

    /** A list or map that is not empty, line by line; the first line is not indented, the last has no line break. */
    static String block(ParamValue value, int column, Layout layout) {
        var writer = new YamlWriter(layout);
        writer.block(value, column);
        return writer.out.toString();
    }

    /** A key of a block map with its value; the first line is not indented, the last has no line break. */
    static String entry(String key, ParamValue value, int column, Layout layout) {
        var writer = new YamlWriter(layout);
        writer.entry(key, value, column);
        return writer.out.toString();
    }

    /** Where a list or map stands that belongs to a key in this column. */
    static int childColumn(ParamValue child, int column, Layout layout) {
        return column + (child instanceof ListValue ? layout.listStep() : layout.step());
    }

    /** Whether a value takes more than one line in block style. */
    static boolean isCollection(ParamValue value) {
        return (value instanceof ListValue list && !list.values().isEmpty())
                || (value instanceof MapValue map && !map.entries().isEmpty());
    }

    private void block(ParamValue value, int column) {
        boolean first = true;
        if (value instanceof ListValue list) {
            for (var item : list.values()) {
                lineBreak(first, column);
                out.append("- ");
                if (isCollection(item)) {
                    block(item, column + 2);
                } else {
                    out.append(inline(item, Quotes.AS_NEEDED));
                }
                first = false;
            }
        } else if (value instanceof MapValue map) {
            for (var entry : map.entries().entrySet()) {
                lineBreak(first, column);
                entry(YamlText.of(entry.getKey(), Quotes.AS_NEEDED), entry.getValue(), column);
                first = false;
            }
        }
    }

    private void entry(String key, ParamValue value, int column) {
        out.append(key).append(':');
        if (isCollection(value)) {
            int child = childColumn(value, column, layout);
            lineBreak(false, child);
            block(value, child);
        } else {
            out.append(' ').append(inline(value, Quotes.AS_NEEDED));
        }
    }

    private void lineBreak(boolean first, int column) {
        if (!first) {
            out.append(layout.newline()).append(" ".repeat(column));
        }
    }

    private record Inline(Quotes quotes) implements ParamValue.Visitor<String> {
        @Override
        public String onNull() {
            return "null";
        }

        @Override
        public String onBoolean(boolean value) {
            return String.valueOf(value);
        }

        @Override
        public String onLong(long value) {
            return String.valueOf(value);
        }

        @Override
        public String onDouble(double value) {
            if (Double.isNaN(value)) {
                return ".nan";
            }
            if (Double.isInfinite(value)) {
                return value > 0 ? ".inf" : "-.inf";
            }
            return Numbers.shortest(value);
        }

        @Override
        public String onString(String value) {
            return YamlText.of(value, quotes);
        }

        @Override
        public String onList(List<ParamValue> values) {
            return values.stream().map(value -> value.accept(this)).collect(Collectors.joining(", ", "[", "]"));
        }

        @Override
        public String onMap(Map<String, ParamValue> entries) {
            return entries.entrySet().stream()
                    .map(entry -> YamlText.of(entry.getKey(), quotes) + ": "
                            + entry.getValue().accept(this))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }
}
