package dev.daybook.git.dvc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as Python writes it with {@code indent=4}, so that no version of Jackson has a say in the bytes of a commit. */
final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactory())
            // DVC writes and reads NaN and Infinity
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** The shortest digits of a finite number; else nothing, which DVC shows as {@code -} and can sort. */
    static JsonNode numberOrNull(double value) {
        return Double.isFinite(value) ? digits(value) : NODES.nullNode();
    }

    /** The shortest digits of a finite number, else {@code "nan"}, {@code "inf"} or {@code "-inf"}. */
    static JsonNode numberOrText(double value) {
        return Double.isFinite(value) ? digits(value) : NODES.textNode(PythonFloat.of(value));
    }

    private static JsonNode digits(double value) {
        return NODES.rawValueNode(new RawValue(Numbers.shortest(value)));
    }

    /** UTF-8 with a final newline. */
    static byte[] write(JsonNode node) {
        var out = new ByteArrayOutputStream();
        try (var generator = MAPPER.createGenerator(out)) {
            generator.setPrettyPrinter(new Layout());
            MAPPER.writeTree(generator, node);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        out.write('\n');
        return out.toByteArray();
    }

    /** The content of a file; the missing node for an empty one. */
    static JsonNode read(byte[] content) throws IOException {
        return MAPPER.readTree(content);
    }

    /** An object as Java's own maps, lists, texts, numbers (whole ones as longs) and booleans; only the map itself can be changed. */
    static Map<String, Object> values(JsonNode object) {
        var values = new LinkedHashMap<String, Object>();
        object.fields().forEachRemaining(field -> values.put(field.getKey(), value(field.getValue())));
        return values;
    }

    @SuppressWarnings("NullAway") // a parameter may be null, and a map of values holds it
    private static Object value(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isObject()) {
            return Collections.unmodifiableMap(values(node));
        }
        if (node.isArray()) {
            var list = new ArrayList<Object>();
            node.forEach(element -> list.add(value(element)));
            return Collections.unmodifiableList(list);
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.isNumber() ? node.numberValue() : node.asText();
    }

    /** Four spaces a level, {@code ": "} after a key, and nothing inside of what is empty. */
    private static final class Layout implements PrettyPrinter {

        private int depth;

        private void newLine(JsonGenerator out) throws IOException {
            out.writeRaw("\n" + "    ".repeat(depth));
        }

        private void end(JsonGenerator out, int count, char bracket) throws IOException {
            depth--;
            if (count > 0) {
                newLine(out);
            }
            out.writeRaw(bracket);
        }

        @Override
        public void writeRootValueSeparator(JsonGenerator out) {
            // there is one root
        }

        @Override
        public void writeStartObject(JsonGenerator out) throws IOException {
            out.writeRaw('{');
            depth++;
        }

        @Override
        public void writeEndObject(JsonGenerator out, int count) throws IOException {
            end(out, count, '}');
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator out) throws IOException {
            out.writeRaw(',');
            newLine(out);
        }

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(": ");
        }

        @Override
        public void writeStartArray(JsonGenerator out) throws IOException {
            out.writeRaw('[');
            depth++;
        }

        @Override
        public void writeEndArray(JsonGenerator out, int count) throws IOException {
            end(out, count, ']');
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator out) throws IOException {
            out.writeRaw(',');
            newLine(out);
        }

        @Override
        public void beforeArrayValues(JsonGenerator out) throws IOException {
            newLine(out);
        }

        @Override
        public void beforeObjectEntries(JsonGenerator out) throws IOException {
            newLine(out);
        }
    }
}
