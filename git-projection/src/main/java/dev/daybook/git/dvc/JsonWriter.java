package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes values as JSON text in a file's layout. */
final class JsonWriter {

    private final JsonLayout layout;
    private final StringBuilder out = new StringBuilder();

    private JsonWriter(JsonLayout layout) {
        this.layout = layout;
    }

    /**
     * A value.
     *
     * @param indent of the line that it begins on
     * @param onLines whether a map or list that is not empty is written line by line
     */
    static String value(JsonLayout layout, ParamValue value, String indent, boolean onLines) {
        var writer = new JsonWriter(layout);
        return value.accept(writer.new Printing(indent, onLines)).toString();
    }

    /**
     * A key with its value.
     *
     * @param indent of the line that it begins on
     * @param onLines whether the map that it goes into is written line by line
     */
    static String member(JsonLayout layout, String key, ParamValue value, String indent, boolean onLines) {
        var writer = new JsonWriter(layout);
        writer.string(key).append(layout.colon());
        return writer.part(value, indent, onLines).toString();
    }

    private StringBuilder part(ParamValue value, String indent, boolean onLines) {
        boolean isList = value instanceof ParamValue.ListValue;
        return value.accept(new Printing(indent, onLines && (isList ? layout.listsOnLines() : layout.mapsOnLines())));
    }

    private StringBuilder string(String value) {
        return quote(value, layout.ascii(), out);
    }

    /** @param isAscii whether all that is beyond ASCII is escaped */
    static StringBuilder quote(String value, boolean isAscii, StringBuilder out) {
        out.append('"');
        value.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c == 0x7F || (isAscii && c > 0x7F)) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.append((char) c);
                    }
                }
            }
        });
        return out.append('"');
    }

    private final class Printing implements ParamValue.Visitor<StringBuilder> {

        private final String indent;
        private final boolean onLines;

        Printing(String indent, boolean onLines) {
            this.indent = indent;
            this.onLines = onLines;
        }

        @Override
        public StringBuilder onNull() {
            return out.append("null");
        }

        @Override
        public StringBuilder onBoolean(boolean value) {
            return out.append(value);
        }

        @Override
        public StringBuilder onLong(long value) {
            return out.append(value);
        }

        @Override
        public StringBuilder onDouble(double value) {
            return out.append(Numbers.shortest(value));
        }

        @Override
        public StringBuilder onString(String value) {
            return string(value);
        }

        @Override
        public StringBuilder onList(List<ParamValue> values) {
            return collection('[', ']', values.iterator(), (item, inner) -> part(item, inner, onLines));
        }

        @Override
        public StringBuilder onMap(Map<String, ParamValue> entries) {
            return collection('{', '}', entries.entrySet().iterator(), (entry, inner) -> {
                string(entry.getKey()).append(layout.colon());
                part(entry.getValue(), inner, onLines);
            });
        }

        private <T> StringBuilder collection(char open, char close, Iterator<T> parts, PartWriter<T> writing) {
            out.append(open);
            if (parts.hasNext()) {
                var inner = onLines ? indent + layout.unit() : indent;
                var lineBreak = onLines ? layout.newline() + inner : "";
                out.append(lineBreak);
                writing.write(parts.next(), inner);
                while (parts.hasNext()) {
                    out.append(onLines ? "," + lineBreak : layout.comma());
                    writing.write(parts.next(), inner);
                }
                out.append(onLines ? layout.newline() + indent : "");
            }
            return out.append(close);
        }
    }

    private interface PartWriter<T> {
        void write(T part, String indent);
    }
}
