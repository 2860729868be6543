package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ExperimentCompleted;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.port.Chain;
import dev.daybook.port.Entry;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Projection.Recorded;
import dev.daybook.port.Projection.Witness;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code daybook.json}: what Daybook knows of an experiment and no file of DVC says, its events and the digest of its metrics included, so
 * that the commit is complete without the journal.
 *
 * <p>Schema 1; fields are only ever added to it. {@code chain} is the last link of {@code dev.daybook.port.Chain}. Times are ISO 8601 in
 * UTC, numbers without digits are {@code "nan"}, {@code "inf"} and {@code "-inf"}. It ends before {@code SavePrepared}, which names the
 * commit that it is in. That of a checkpoint has a {@code past}: what an experiment that begins with it takes over, as the event {@code
 * ExperimentInitialized} of the journal has it, in base64, because JSON would not keep the types.
 */
public final class DaybookJson {

    public static final String FILE = "daybook.json";

    private static final int SCHEMA = 1;

    private DaybookJson() {}

    /**
     * @param name under which it is saved
     * @param code whose tree the commit was made of
     */
    public static byte[] write(ExperimentSource source, String name, Code code, List<String> warnings) {
        return write(source, name, code, warnings, Optional.empty());
    }

    /** @param past of a checkpoint: what an experiment that begins with it takes over, as bytes of the journal's event */
    public static byte[] write(
            ExperimentSource source, String name, Code code, List<String> warnings, Optional<byte[]> past) {
        var data = source.data();
        var entries = source.entries();
        var json = Json.object();
        json.put("schema", SCHEMA);
        json.put("id", source.id().toString());
        json.put("name", name);
        json.put("baseline", data.facts().code().head());
        if (!code.head().equals(data.facts().code().head())) {
            json.put("head", code.head());
        }
        json.put("code", code.tree());
        leftOut(data.facts().environment()).ifPresent(count -> json.put("untracked", count));
        data.completed().ifPresent(completed -> outcome(json, completed.outcome()));
        json.put("events", entries.size());
        if (!entries.isEmpty()) {
            json.put("chain", entries.get(entries.size() - 1).chain().hex());
            json.put("started", entries.get(0).time().toString());
        }
        completion(entries)
                .ifPresent(entry -> json.put("completed", entry.time().toString()));
        HistoryJson.texts(json.putObject("environment"), data.facts().environment());
        var tags = json.putArray("tags");
        data.tags().forEach(tags::add);
        var notes = json.putArray("notes");
        data.notes().forEach(notes::add);
        checkpoints(json, source);
        metrics(json, source);
        var sentences = json.putArray("warnings");
        warnings.forEach(sentences::add);
        HistoryJson.write(entries, json.putArray("history"));
        past.ifPresent(event -> json.put("past", Base64.getEncoder().encodeToString(event)));
        return Json.write(json);
    }

    /** The entry that completed the experiment. */
    public static Optional<Entry> completion(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.event() instanceof ExperimentCompleted)
                .reduce((first, second) -> second);
    }

    private static void outcome(ObjectNode json, Outcome outcome) {
        json.put("outcome", outcome.isFailure() ? "failed" : "succeeded");
        outcome.failure().ifPresent(message -> json.put("failure", message));
    }

    /** How many untracked files lay around the code when it began. */
    private static OptionalLong leftOut(Map<String, String> environment) {
        var count = environment.get(ExperimentInitialized.LEFT_OUT);
        return count != null && count.matches("[0-9]{1,18}")
                ? OptionalLong.of(Long.parseLong(count))
                : OptionalLong.empty();
    }

    private static void checkpoints(ObjectNode json, ExperimentSource source) {
        var checkpoints = json.putArray("checkpoints");
        for (var checkpoint : source.data().checkpoints()) {
            var one = checkpoints.addObject();
            one.put("commit", checkpoint.commit());
            one.put("message", checkpoint.message());
        }
    }

    private static void metrics(ObjectNode json, ExperimentSource source) {
        var metrics = json.putObject("metrics");
        for (var metric : MetricPlots.withRecords(source.metrics())) {
            var one = metrics.putObject(metric.name());
            one.put("count", metric.count());
            one.put("lastStep", metric.lastStep());
            one.set("last", Json.numberOrText(metric.last()));
            one.set("min", Json.numberOrText(metric.min()));
            one.set("max", Json.numberOrText(metric.max()));
            one.set("mean", Json.numberOrText(metric.mean()));
        }
    }

    /**
     * What a reader needs of it.
     *
     * @param baseline the commit that the experiment began with
     * @param name under which it was saved
     * @param notNumbers the last values, by metric, that {@code metrics.json} cannot hold: NaN and the infinities
     */
    public record Head(
            ExperimentId id, String name, String baseline, Optional<String> failure, Map<String, Double> notNumbers) {}

    /**
     * What an experiment that begins with this checkpoint takes over; empty if it is none.
     *
     * @throws IOException if it is damaged
     */
    public static Optional<byte[]> past(byte[] content) throws IOException {
        var past = Json.read(content).path("past");
        try {
            return past.isTextual() ? Optional.of(Base64.getDecoder().decode(past.asText())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("its past is no base64", e);
        }
    }

    /**
     * What it says of the journal.
     *
     * @throws IOException if it is damaged, or of a schema that is not known yet
     */
    public static Witness witness(byte[] content) throws IOException {
        var json = Json.read(content);
        try {
            var history = new ArrayList<Recorded>();
            for (var event : json.path("history")) {
                if (!event.isObject()) {
                    throw new IOException("its history holds something that is no event");
                }
                history.add(new Recorded(
                        Instant.parse(event.path("time").asText()),
                        event.path("type").asText(),
                        HistoryJson.details(event)));
            }
            return new Witness(
                    head(json).id(),
                    json.path("events").asLong(),
                    new Chain(json.path("chain").asText()),
                    history);
        } catch (DateTimeParseException e) {
            throw new IOException("it holds a time that is none", e);
        }
    }

    /** @throws IOException if it is damaged, or of a schema that is not known yet */
    public static Head read(byte[] content) throws IOException {
        return head(Json.read(content));
    }

    private static Head head(JsonNode json) throws IOException {
        int schema = json.path("schema").asInt();
        if (schema != SCHEMA) {
            throw new IOException("it has schema " + schema + ", and this version of Daybook reads " + SCHEMA);
        }
        try {
            return new Head(
                    ExperimentId.parse(json.path("id").asText()),
                    json.path("name").asText(),
                    json.path("baseline").asText(),
                    Optional.of(json.path("failure"))
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText),
                    notNumbers(json.path("metrics")));
        } catch (IllegalArgumentException e) {
            throw new IOException("it holds no experiment's id", e);
        }
    }

    private static Map<String, Double> notNumbers(JsonNode metrics) {
        var values = new LinkedHashMap<String, Double>();
        metrics.fields().forEachRemaining(metric -> {
            var last = metric.getValue().path("last");
            if (last.isTextual()) {
                PythonFloat.word(last.asText()).ifPresent(value -> values.put(metric.getKey(), value));
            }
        });
        return values;
    }
}
