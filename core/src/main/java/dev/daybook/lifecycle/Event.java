package dev.daybook.lifecycle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has happened to an experiment, for ever. When it happened and to which experiment stands in the journal's entry.
 *
 * <p>The record of a metric value is the one event without a class of its own here: it has a fixed size, is written into the journal by a
 * lease and reaches the fold as primitives (see {@link ExperimentFold#metricLogged}).
 */
public sealed interface Event {

    <R> R accept(Visitor<R> visitor);

    /** Whether it settles its experiment for good: saved or discarded, so that nothing comes after it. */
    default boolean isSettling() {
        return false;
    }

    /**
     * @param name as it was given out, after numbering
     * @param code the baseline is {@code code.head()}
     * @param fileParams the parameters of each parameter file as it stood in the code tree
     * @param author who will be written into the commits
     * @param outputFolder the folder in the commit that holds this experiment's files
     * @param replaces the commit that the ref of this name held, where the user asked to replace it
     * @param environment what it ran in: {@code java}, {@code os}, {@code host}, {@code pid}, {@code daybook}, and {@link #LEFT_OUT}
     * @param origin the checkpoint of another experiment that it begins with
     */
    record ExperimentInitialized(
            String name,
            Code code,
            Map<String, ParamValue.MapValue> fileParams,
            Author author,
            String outputFolder,
            Optional<String> replaces,
            Map<String, String> environment,
            Optional<Origin> origin)
            implements Event {

        /** One that begins by itself. */
        public ExperimentInitialized(
                String name,
                Code code,
                Map<String, ParamValue.MapValue> fileParams,
                Author author,
                String outputFolder,
                Optional<String> replaces,
                Map<String, String> environment) {
            this(name, code, fileParams, author, outputFolder, replaces, environment, Optional.empty());
        }

        /** In the environment: how many untracked files were not in the code, if that was known. */
        public static final String LEFT_OUT = "untracked";

        public ExperimentInitialized {
            Requires.that(!name.isEmpty(), "an experiment needs a name");
            Requires.that(!outputFolder.isEmpty(), "an experiment needs an output folder");
            replaces.ifPresent(commit -> Requires.objectId(commit, "replaces"));
            fileParams = Collections.unmodifiableMap(new LinkedHashMap<>(fileParams));
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onInitialized(this);
        }
    }

    /** Overrides of parameters, in the order in which they were set; no value is a non-empty map (they are set leaf by leaf). */
    record ParamsSet(Map<ParamKey, ParamValue> values) implements Event {
        public ParamsSet {
            Requires.that(!values.isEmpty(), "ParamsSet without a parameter");
            Requires.leaves(values);
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onParamsSet(this);
        }
    }

    /**
     * Gives a metric its number; the records that follow name it by that.
     *
     * @param metric counts from 0 within the experiment, without gaps
     */
    record MetricDefined(int metric, String name) implements Event {
        public MetricDefined {
            Requires.that(metric >= 0, "metric numbers start at 0");
            Requires.that(!name.isEmpty(), "a metric needs a name");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onMetricDefined(this);
        }
    }

    /** A commit that holds code, parameters and metrics so far. */
    record CheckpointMade(String commit, Code code, String message) implements Event {
        public CheckpointMade {
            Requires.objectId(commit, "commit");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onCheckpointMade(this);
        }
    }

    /**
     * A file or directory whose bytes lie outside Git.
     *
     * @param path relative to the repository's root, with {@code /}
     * @param algorithm of the hash: {@code md5}
     * @param hash lower-case hex; with {@code .dir} at the end for a directory
     * @param bytes the size, of all files together
     * @param files how many files; 1 for a file
     */
    record ArtifactAdded(String path, String algorithm, String hash, long bytes, long files, ArtifactTraits traits)
            implements Event {
        public ArtifactAdded {
            Requires.that(!path.isEmpty() && !path.startsWith("/"), "an artifact's path is relative: " + path);
            Requires.that(bytes >= 0 && files >= 0, "an artifact has no negative size");
        }

        /** One of which nothing else was said. */
        public ArtifactAdded(String path, String algorithm, String hash, long bytes, long files) {
            this(path, algorithm, hash, bytes, files, ArtifactTraits.DEFAULT);
        }

        public boolean isFolder() {
            return hash.endsWith(".dir");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onArtifactAdded(this);
        }
    }

    /**
     * A custom plot; the last one of a name counts.
     *
     * @param points fields by name, in the order in which they are drawn
     */
    record PlotLogged(String name, List<ParamValue.MapValue> points, PlotView view) implements Event {
        public PlotLogged {
            Requires.that(!name.isEmpty(), "a plot needs a name");
            Requires.that(!points.isEmpty(), "a plot needs points");
            points = List.copyOf(points);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onPlotLogged(this);
        }
    }

    record Tagged(String tag) implements Event {
        public Tagged {
            Requires.that(!tag.isEmpty(), "a tag needs text");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onTagged(this);
        }
    }

    record NoteTaken(String text) implements Event {
        public NoteTaken {
            Requires.that(!text.isEmpty(), "a note needs text");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onNoteTaken(this);
        }
    }

    /**
     * The one point that seals the metrics.
     *
     * @param code the code as it was then; empty where another process than the one that ran the experiment completed it
     */
    record ExperimentCompleted(Outcome outcome, Optional<Code> code) implements Event {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onCompleted(this);
        }
    }

    /**
     * The commit is on disk; the ref is next.
     *
     * @param code the code as it was at {@code save}; empty where the last recorded code was taken
     */
    record SavePrepared(String ref, String commit, String tree, Optional<Code> code) implements Event {
        public SavePrepared {
            Requires.that(ref.startsWith("refs/exps/"), "an experiment is saved below refs/exps: " + ref);
            Requires.objectId(commit, "commit");
            Requires.objectId(tree, "tree");
        }

        /** Under which it is saved. */
        public String name() {
            return ref.substring(ref.lastIndexOf('/') + 1);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onSavePrepared(this);
        }
    }

    /** The prepared save will never be finished; another one can be. */
    record SaveAbandoned(String reason) implements Event {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onSaveAbandoned(this);
        }
    }

    record ExperimentPersisted(String ref, String commit) implements Event {
        public ExperimentPersisted {
            Requires.objectId(commit, "commit");
        }

        @Override
        public boolean isSettling() {
            return true;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onPersisted(this);
        }
    }

    record ExperimentDiscarded() implements Event {
        @Override
        public boolean isSettling() {
            return true;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onDiscarded(this);
        }
    }

    /**
     * Another process, or a later handle, goes on.
     *
     * @param generation where the prefix ends that it continues
     * @param document the number of that prefix's last document in its generation
     * @param events how many events the prefix has
     * @param metrics how many metric records the prefix has
     */
    record ExperimentResumed(
            String generation, long document, long events, long metrics, Map<String, String> environment)
            implements Event {
        public ExperimentResumed {
            Requires.that(events > 0 && metrics >= 0 && document >= 0, "a resumed experiment has a past");
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onResumed(this);
        }
    }

    /** One method for each event, so that a new event does not compile until everybody handles it. */
    interface Visitor<R> {
        R onInitialized(ExperimentInitialized event);

        R onParamsSet(ParamsSet event);

        R onMetricDefined(MetricDefined event);

        R onCheckpointMade(CheckpointMade event);

        R onArtifactAdded(ArtifactAdded event);

        R onPlotLogged(PlotLogged event);

        R onTagged(Tagged event);

        R onNoteTaken(NoteTaken event);

        R onCompleted(ExperimentCompleted event);

        R onSavePrepared(SavePrepared event);

        R onSaveAbandoned(SaveAbandoned event);

        R onPersisted(ExperimentPersisted event);

        R onDiscarded(ExperimentDiscarded event);

        R onResumed(ExperimentResumed event);
    }
}
