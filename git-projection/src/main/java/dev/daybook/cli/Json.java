package dev.daybook.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.Checkpoint;
import dev.daybook.DeletedGeneration;
import dev.daybook.ExperimentSummary;
import dev.daybook.HistoryEntry;
import dev.daybook.MetricSummary;
import dev.daybook.Params;
import dev.daybook.SavedExperiment;
import dev.daybook.Verification;
import dev.daybook.WorkTreeStatus;
import dev.daybook.git.Annotations;
import dev.daybook.git.Applied;
import dev.daybook.git.Collected;
import dev.daybook.git.Difference;
import dev.daybook.git.FileChange;
import dev.daybook.git.RemovedExperiment;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results for programs. Strict JSON: NaN and the infinities, which it does not have, are the texts {@code NaN}, {@code Infinity} and
 * {@code -Infinity}. Nothing but ASCII, so that it is the same under every locale.
 */
final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private Json() {}

    /** As people write it, on several lines. */
    static void write(JsonNode node, Writer out) {
        write(out, generator -> write(node, generator.setPrettyPrinter(new PrettyJson())));
    }

    /**
     * The same for an array, of which no more than one item at a time has to exist.
     *
     * @param items nodes, or what the API gives
     */
    static void writeArray(Iterator<?> items, Writer out) {
        write(out, generator -> {
            generator.setPrettyPrinter(new PrettyJson()).writeStartArray();
            while (items.hasNext()) {
                writeValue(items.next(), generator);
            }
            generator.writeEndArray();
        });
    }

    /** On one line. */
    static String line(JsonNode node) {
        var text = new StringWriter();
        write(text, generator -> write(node, generator));
        return text.toString();
    }

    private interface Content {
        void writeTo(JsonGenerator generator) throws IOException;
    }

    private static void write(Writer out, Content content) {
        try (var generator = FACTORY.createGenerator(out)) {
            content.writeTo(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without a node for each value, which for ten thousand experiments take as long as the writing. */
    private static void writeValue(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            out.writeNumber(number.doubleValue());
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (var entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                writeValue(entry.getValue(), out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (var item : list) {
                writeValue(item, out);
            }
            out.writeEndArray();
        } else {
            write(value instanceof JsonNode node ? node : ofValue(value), out);
        }
    }

    /** By hand: an {@code ObjectMapper} costs a command of a moment a fifth of its time, to load its classes. */
    private static void write(JsonNode node, JsonGenerator out) throws IOException {
        if (node.isObject()) {
            out.writeStartObject();
            for (var fields = node.fields(); fields.hasNext(); ) {
                var field = fields.next();
                out.writeFieldName(field.getKey());
                write(field.getValue(), out);
            }
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray();
            for (var item : node) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (node.isTextual()) {
            out.writeString(node.textValue());
        } else if (node.isBoolean()) {
            out.writeBoolean(node.booleanValue());
        } else if (node.isIntegralNumber()) {
            out.writeNumber(node.longValue());
        } else if (node.isNumber()) {
            out.writeNumber(node.doubleValue());
        } else {
            out.writeNull();
        }
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array(List<? extends JsonNode> items) {
        return NODES.arrayNode().addAll(items);
    }

    static ObjectNode of(ExperimentSummary summary) {
        return of(Row.of(summary));
    }

    static ObjectNode of(Row row) {
        return ofMap(fields(row));
    }

    static Map<String, @Nullable Object> fields(Row row) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("name", row.name());
        fields.put("status", row.status());
        fields.put("baseline", row.baseline());
        fields.put("ref", orNull(row.ref()));
        fields.put("commit", orNull(row.commit()));
        fields.put("time", row.time().toString());
        fields.put("params", row.params());
        fields.put("metrics", row.metrics());
        fields.put("failure", orNull(row.failure()));
        fields.put("problems", row.problems());
        return fields;
    }

    static ObjectNode of(SavedExperiment saved) {
        return NODES.objectNode()
                .put("name", saved.name())
                .put("ref", saved.ref())
                .put("commit", saved.commit())
                .put("baseline", saved.baseline());
    }

    static ObjectNode of(MetricSummary metric) {
        var node = NODES.objectNode()
                .put("name", metric.name())
                .put("count", metric.count())
                .put("lastStep", metric.lastStep());
        node.set("last", ofValue(metric.last()));
        node.set("min", ofValue(metric.min()));
        node.set("max", ofValue(metric.max()));
        node.set("mean", ofValue(metric.mean()));
        return node;
    }

    static ObjectNode of(Checkpoint checkpoint) {
        return NODES.objectNode()
                .put("number", checkpoint.number())
                .put("commit", checkpoint.commit())
                .put("message", checkpoint.message());
    }

    static ObjectNode of(Params.Origin origin) {
        return NODES.objectNode().put("file", origin.file()).put("set", origin.isSet());
    }

    static ObjectNode of(HistoryEntry entry) {
        var node = NODES.objectNode()
                .put("time", entry.time().toString())
                .put("position", orNull(entry.position().map(Object::toString)))
                .put("kind", entry.kind());
        node.set("details", ofMap(entry.details()));
        return node;
    }

    static ObjectNode of(Verification found) {
        var node = NODES.objectNode()
                .put("sound", found.isSound())
                .put("generations", found.generations())
                .put("experiments", found.experiments())
                .put("events", found.events())
                .put("records", found.records())
                .put("commits", found.commits());
        node.set("problems", ofValue(found.problems()));
        return node;
    }

    static ObjectNode of(WorkTreeStatus status) {
        var node = NODES.objectNode().put("baseline", status.baseline()).put("tree", status.tree());
        node.set(
                "changed",
                array(status.changed().stream()
                        .map(change ->
                                NODES.objectNode().put("path", change.path()).put("how", String.valueOf(change.how())))
                        .toList()));
        node.set("untracked", ofValue(status.untracked()));
        node.set(
                "leftOut",
                ofValue(status.leftOut().isPresent() ? status.leftOut().getAsLong() : null));
        return node.put("method", StatusCommand.method(status));
    }

    /** @param collected empty if only the journal was collected */
    static ObjectNode collected(List<DeletedGeneration> deleted, Optional<Collected> collected, boolean isTrial) {
        var node = collected(deleted, isTrial);
        collected.ifPresent(each -> {
            each.bytes().ifPresentOrElse(bytes -> node.put("gitBytes", bytes), () -> node.putNull("gitBytes"));
            node.set(
                    "refs",
                    array(each.refs().stream()
                            .map(kept -> NODES.objectNode()
                                    .put("ref", kept.ref())
                                    .put("what", kept.what())
                                    .put("since", kept.since().toString()))
                            .toList()));
        });
        return node;
    }

    static ObjectNode of(String name, Annotations annotations) {
        var node = NODES.objectNode().put("name", name);
        node.set("tags", ofValue(annotations.tags()));
        node.set(
                "notes",
                array(annotations.notes().stream()
                        .map(note -> NODES.objectNode()
                                .put("time", note.time().toString())
                                .put("author", note.author())
                                .put("text", note.text()))
                        .toList()));
        return node;
    }

    private static ObjectNode collected(List<DeletedGeneration> deleted, boolean isTrial) {
        var node = NODES.objectNode()
                .put("dryRun", isTrial)
                .put(
                        "bytes",
                        deleted.stream().mapToLong(DeletedGeneration::bytes).sum());
        node.set(
                "generations",
                array(deleted.stream()
                        .map(each -> NODES.objectNode()
                                .put("name", each.name())
                                .put("bytes", each.bytes())
                                .put("reason", each.reason()))
                        .toList()));
        return node;
    }

    static ObjectNode of(Difference difference) {
        var node = NODES.objectNode();
        node.set("from", of(difference.from()));
        node.set("to", of(difference.to()));
        node.set("files", array(difference.files().stream().map(Json::of).toList()));
        return node;
    }

    private static ObjectNode of(Difference.Side side) {
        var node = NODES.objectNode().put("commit", orNull(side.commit()));
        node.set("params", ofMap(side.params()));
        node.set("metrics", ofMap(side.metrics()));
        node.set("problems", ofValue(side.problems()));
        return node;
    }

    private static ObjectNode of(FileChange change) {
        return NODES.objectNode().put("path", change.path()).put("how", String.valueOf(change.how()));
    }

    static ObjectNode of(Applied applied, boolean isTrial) {
        var node = NODES.objectNode().put("dryRun", isTrial).put("commit", applied.commit());
        node.set("files", array(applied.files().stream().map(Json::of).toList()));
        node.set("data", ofValue(applied.data()));
        node.set("losses", ofValue(applied.losses()));
        node.put("kept", orNull(applied.kept()));
        node.set("notes", ofValue(applied.notes()));
        return node;
    }

    static ObjectNode of(RemovedExperiment removed) {
        return NODES.objectNode()
                .put("name", removed.name())
                .put("ref", removed.ref())
                .put("commit", removed.commit())
                .put("removed", removed.removed().toString())
                .put("kept", removed.kept());
    }

    /** What the journal has of an experiment besides its summary. */
    static void putDetails(
            ObjectNode node,
            Map<String, Params.Origin> origins,
            List<MetricSummary> metrics,
            List<Checkpoint> checkpoints) {
        var nodes = node.putObject("origins");
        origins.forEach((key, origin) -> nodes.set(key, of(origin)));
        node.set("summaries", array(metrics.stream().map(Json::of).toList()));
        putCheckpoints(node, checkpoints);
    }

    static void putCheckpoints(ObjectNode node, List<Checkpoint> checkpoints) {
        node.set("checkpoints", array(checkpoints.stream().map(Json::of).toList()));
    }

    static ObjectNode discarded(String name, Optional<String> id) {
        return NODES.objectNode().put("name", name).put("id", orNull(id));
    }

    static ObjectNode uncommitted(List<String> paths) {
        var node = NODES.objectNode();
        var array = node.putArray("uncommitted");
        paths.forEach(array::add);
        return node;
    }

    private static @Nullable String orNull(Optional<String> text) {
        return text.orElse(null);
    }

    /** A value without quotes around it, where it is a simple one; lists and maps as JSON. */
    static String plain(@Nullable Object value) {
        return value instanceof List || value instanceof Map ? exact(value) : String.valueOf(value);
    }

    /** A value with its type and all its digits. */
    static String exact(@Nullable Object value) {
        return line(ofValue(value));
    }

    static ObjectNode ofMap(Map<?, ?> map) {
        var node = NODES.objectNode();
        map.forEach((key, value) -> node.set(String.valueOf(key), ofValue(value)));
        return node;
    }

    /** Of what the API gives: null, Boolean, Integer, Long, Double, String, List and Map. */
    private static JsonNode ofValue(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof Long || value instanceof Integer) {
            return NODES.numberNode(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            return NODES.numberNode(number.doubleValue());
        } else if (value instanceof List<?> list) {
            return array(list.stream().map(Json::ofValue).toList());
        } else if (value instanceof Map<?, ?> map) {
            return ofMap(map);
        }
        return NODES.textNode(value.toString());
    }
}
