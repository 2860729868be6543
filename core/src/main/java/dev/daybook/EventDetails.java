package dev.daybook;

import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Origin;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an event says, by name, for people and programs that know nothing of its class; whole numbers are longs. What a commit tells of its
 * events has the same names.
 */
final class EventDetails implements Event.Visitor<Map<String, Object>> {

    private static final EventDetails INSTANCE = new EventDetails();

    private EventDetails() {}

    static Map<String, Object> of(Event event) {
        return event.accept(INSTANCE);
    }

    @Override
    public Map<String, Object> onInitialized(Event.ExperimentInitialized event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("name", event.name());
        code(details, event.code());
        details.put("author", event.author().name() + " <" + event.author().email() + ">");
        details.put("outputFolder", event.outputFolder());
        event.replaces().ifPresent(commit -> details.put("replaces", commit));
        details.put("environment", event.environment());
        event.origin().ifPresent(origin -> details.put("origin", origin(origin)));
        return details;
    }

    private static Map<String, Object> origin(Origin origin) {
        var details = new LinkedHashMap<String, Object>();
        details.put("experiment", origin.experiment().toString());
        details.put("name", origin.name());
        details.put("checkpoint", (long) origin.checkpoint());
        details.put("commit", origin.commit());
        return details;
    }

    @Override
    public Map<String, Object> onParamsSet(Event.ParamsSet event) {
        var details = new LinkedHashMap<String, Object>();
        event.values().forEach((key, value) -> details.put(key.toString(), ParamValues.toObject(value)));
        return details;
    }

    @Override
    public Map<String, Object> onMetricDefined(Event.MetricDefined event) {
        return Map.of("name", event.name());
    }

    @Override
    public Map<String, Object> onCheckpointMade(Event.CheckpointMade event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("message", event.message());
        details.put("commit", event.commit());
        code(details, event.code());
        return details;
    }

    @Override
    public Map<String, Object> onArtifactAdded(Event.ArtifactAdded event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("path", event.path());
        details.put(event.algorithm(), event.hash());
        details.put("bytes", event.bytes());
        details.put("files", event.files());
        var traits = event.traits();
        if (traits.isExecutable()) {
            details.put("executable", true);
        }
        traits.name().ifPresent(name -> details.put("name", name));
        traits.type().ifPresent(type -> details.put("type", type));
        traits.description().ifPresent(description -> details.put("description", description));
        if (!traits.labels().isEmpty()) {
            details.put("labels", traits.labels());
        }
        return details;
    }

    @Override
    public Map<String, Object> onPlotLogged(Event.PlotLogged event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("name", event.name());
        details.put("points", (long) event.points().size());
        details.put("x", event.view().x());
        details.put("y", event.view().y());
        details.put("template", event.view().template());
        return details;
    }

    @Override
    public Map<String, Object> onTagged(Event.Tagged event) {
        return Map.of("tag", event.tag());
    }

    @Override
    public Map<String, Object> onNoteTaken(Event.NoteTaken event) {
        return Map.of("text", event.text());
    }

    @Override
    public Map<String, Object> onCompleted(Event.ExperimentCompleted event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("outcome", event.outcome().isFailure() ? "failed" : "succeeded");
        event.outcome().failure().ifPresent(message -> details.put("failure", message));
        event.code().ifPresent(code -> code(details, code));
        return details;
    }

    @Override
    public Map<String, Object> onSavePrepared(Event.SavePrepared event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("ref", event.ref());
        details.put("commit", event.commit());
        event.code().ifPresent(code -> code(details, code));
        return details;
    }

    @Override
    public Map<String, Object> onSaveAbandoned(Event.SaveAbandoned event) {
        return Map.of("reason", event.reason());
    }

    @Override
    public Map<String, Object> onPersisted(Event.ExperimentPersisted event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("ref", event.ref());
        details.put("commit", event.commit());
        return details;
    }

    @Override
    public Map<String, Object> onDiscarded(Event.ExperimentDiscarded event) {
        return Map.of();
    }

    @Override
    public Map<String, Object> onResumed(Event.ExperimentResumed event) {
        var details = new LinkedHashMap<String, Object>();
        details.put("after", event.generation() + "#" + event.document());
        details.put("metrics", event.metrics());
        details.put("environment", event.environment());
        return details;
    }

    private static void code(Map<String, Object> details, Code code) {
        details.put("head", code.head());
        details.put("tree", code.tree());
    }
}
