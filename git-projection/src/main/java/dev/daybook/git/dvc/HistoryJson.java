package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Origin;
import dev.daybook.port.Entry;
import java.util.List;
import java.util.Map;

/** The events of an experiment as JSON, for whoever has the commit and no longer the journal: one object each, field names as in the events. */
final class HistoryJson implements Event.Visitor<String> {

    /** {@code type} is that of the event. */
    private static final String ARTIFACT_TYPE = "artifactType";

    private final ObjectNode json;

    private HistoryJson(ObjectNode json) {
        this.json = json;
    }

    static void write(List<Entry> entries, ArrayNode history) {
        for (var entry : entries) {
            var json = history.addObject();
            json.put("index", entry.index());
            json.put("time", entry.time().toString());
            json.put("type", "");
            json.put("type", entry.event().accept(new HistoryJson(json)));
        }
    }

    /** What {@code HistoryEntry} says of an event: what makes it whole again is left out, and what stands in a box is taken out of it. */
    static Map<String, Object> details(JsonNode event) {
        var details = Json.values(event);
        List.of("index", "time", "type", "metric", "fileParams", "tree").forEach(details::remove);
        for (var box : List.of("code", "values")) {
            if (details.remove(box) instanceof Map<?, ?> content) {
                content.forEach((name, value) -> details.put((String) name, value));
            }
        }
        if (details.remove(ARTIFACT_TYPE) instanceof String type) {
            details.put("type", type);
        }
        if (details.remove("generation") instanceof String generation) {
            details.put("after", generation + "#" + details.remove("document"));
            details.remove("events");
        }
        return details;
    }

    static void code(ObjectNode json, Code code) {
        json.put("head", code.head());
        json.put("tree", code.tree());
    }

    static void texts(ObjectNode json, Map<String, String> values) {
        values.forEach(json::put);
    }

    @Override
    public String onInitialized(Event.ExperimentInitialized event) {
        json.put("name", event.name());
        code(json.putObject("code"), event.code());
        var files = json.putObject("fileParams");
        event.fileParams()
                .forEach(
                        (file, content) -> JsonValue.put(files.putObject(file), content.entries(), Json::numberOrText));
        json.put("author", event.author().name() + " <" + event.author().email() + ">");
        json.put("outputFolder", event.outputFolder());
        event.replaces().ifPresent(commit -> json.put("replaces", commit));
        texts(json.putObject("environment"), event.environment());
        event.origin().ifPresent(origin -> origin(json.putObject("origin"), origin));
        return "ExperimentInitialized";
    }

    private static void origin(ObjectNode json, Origin origin) {
        json.put("experiment", origin.experiment().toString());
        json.put("name", origin.name());
        json.put("checkpoint", origin.checkpoint());
        json.put("commit", origin.commit());
    }

    @Override
    public String onParamsSet(Event.ParamsSet event) {
        var values = json.putObject("values");
        event.values().forEach((key, value) -> value.accept(new JsonValue(values, key.toString(), Json::numberOrText)));
        return "ParamsSet";
    }

    @Override
    public String onMetricDefined(Event.MetricDefined event) {
        json.put("metric", event.metric());
        json.put("name", event.name());
        return "MetricDefined";
    }

    @Override
    public String onCheckpointMade(Event.CheckpointMade event) {
        json.put("commit", event.commit());
        code(json.putObject("code"), event.code());
        json.put("message", event.message());
        return "CheckpointMade";
    }

    @Override
    public String onArtifactAdded(Event.ArtifactAdded event) {
        json.put("path", event.path());
        json.put(event.algorithm(), event.hash());
        json.put("bytes", event.bytes());
        json.put("files", event.files());
        var traits = event.traits();
        if (traits.isExecutable()) {
            json.put("executable", true);
        }
        traits.name().ifPresent(name -> json.put("name", name));
        traits.type().ifPresent(type -> json.put("type", type));
        traits.type().ifPresent(type -> json.put(ARTIFACT_TYPE, type));
        traits.description().ifPresent(description -> json.put("description", description));
        if (!traits.labels().isEmpty()) {
            traits.labels().forEach(json.putArray("labels")::add);
        }
        return "ArtifactAdded";
    }

    /** Without the points, which are in a file of their own. */
    @Override
    public String onPlotLogged(Event.PlotLogged event) {
        json.put("name", event.name());
        json.put("points", event.points().size());
        json.put("x", event.view().x());
        json.put("y", event.view().y());
        json.put("template", event.view().template());
        return "PlotLogged";
    }

    @Override
    public String onTagged(Event.Tagged event) {
        json.put("tag", event.tag());
        return "Tagged";
    }

    @Override
    public String onNoteTaken(Event.NoteTaken event) {
        json.put("text", event.text());
        return "NoteTaken";
    }

    @Override
    public String onCompleted(Event.ExperimentCompleted event) {
        json.put("outcome", event.outcome().isFailure() ? "failed" : "succeeded");
        event.outcome().failure().ifPresent(message -> json.put("failure", message));
        event.code().ifPresent(code -> code(json.putObject("code"), code));
        return "ExperimentCompleted";
    }

    @Override
    public String onSavePrepared(Event.SavePrepared event) {
        json.put("ref", event.ref());
        json.put("commit", event.commit());
        json.put("tree", event.tree());
        event.code().ifPresent(code -> code(json.putObject("code"), code));
        return "SavePrepared";
    }

    @Override
    public String onSaveAbandoned(Event.SaveAbandoned event) {
        json.put("reason", event.reason());
        return "SaveAbandoned";
    }

    @Override
    public String onPersisted(Event.ExperimentPersisted event) {
        json.put("ref", event.ref());
        json.put("commit", event.commit());
        return "ExperimentPersisted";
    }

    @Override
    public String onDiscarded(Event.ExperimentDiscarded event) {
        return "ExperimentDiscarded";
    }

    @Override
    public String onResumed(Event.ExperimentResumed event) {
        json.put("generation", event.generation());
        json.put("document", event.document());
        json.put("events", event.events());
        json.put("metrics", event.metrics());
        texts(json.putObject("environment"), event.environment());
        return "ExperimentResumed";
    }
}
