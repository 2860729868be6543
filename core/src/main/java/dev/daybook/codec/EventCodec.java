package dev.daybook.codec;

import dev.daybook.lifecycle.ArtifactTraits;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.lifecycle.PlotView;
import java.util.Optional;

/**
 * Events to bytes and back.
 *
 * <pre>
 *   event  = type version fields           type, version: unsigned, see {@link Type}
 *   number = LEB128, signed ones zigzag    double = 8 bytes, little endian
 *   text   = (2 * bytes + 0|1) bytes       UTF-8, or UTF-16BE where UTF-8 cannot hold it
 *   list   = count item*                   optional = 0 | 1 item
 * </pre>
 *
 * A type number is never used again, and the fields of a version never change: what changes gets a new version, and {@link #decode} lifts
 * the old ones. An unknown type or version was written by a newer Daybook, and is refused, never skipped. An event that the old version
 * can say is written in the old version, so that each event has one spelling, and older Daybooks read what they can.
 */
public final class EventCodec {

    /** The largest event, in bytes: a document of the journal holds 2 MiB. */
    public static final int MAX_BYTES = 2_000_000;

    private static final int VERSION = 1;

    /** Of {@link Type#ARTIFACT_ADDED} with traits, and of {@link Type#INITIALIZED} with the checkpoint that it begins with. */
    private static final int SECOND_VERSION = 2;

    /** The numbers of the events, for ever. */
    private enum Type {
        INITIALIZED(1),
        PARAMS_SET(2),
        METRIC_DEFINED(3),
        CHECKPOINT_MADE(4),
        ARTIFACT_ADDED(5),
        TAGGED(6),
        NOTE_TAKEN(7),
        COMPLETED(8),
        SAVE_PREPARED(9),
        SAVE_ABANDONED(10),
        PERSISTED(11),
        DISCARDED(12),
        RESUMED(13),
        PLOT_LOGGED(14);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    private EventCodec() {}

    /**
     * The bytes of an event.
     *
     * @throws CodecException if the event is larger than {@link #MAX_BYTES}
     */
    public static byte[] encode(Event event) {
        var out = event.accept(new Encoder(new ByteSink()));
        if (out.size() > MAX_BYTES) {
            throw new CodecException("an event of " + out.size() + " bytes is larger than the " + MAX_BYTES
                    + " that the journal takes; keep large values in a file of their own");
        }
        return out.toBytes();
    }

    /**
     * The event of these bytes.
     *
     * @throws CodecException if the bytes are no event that this version knows
     */
    public static Event decode(byte[] bytes) {
        var in = new ByteSource(bytes);
        return decode(in.smallInt(), in);
    }

    /** Inside of another event, where nothing else may be: events in events in events would take all of the stack. */
    static Event.ArtifactAdded decodeArtifact(byte[] bytes) {
        var in = new ByteSource(bytes);
        int type = in.smallInt();
        if (type == Type.ARTIFACT_ADDED.number && decode(type, in) instanceof Event.ArtifactAdded artifact) {
            return artifact;
        }
        throw new CodecException("not an event: an experiment began with an artifact that is none");
    }

    private static Event decode(int type, ByteSource in) {
        int version = in.smallInt();
        boolean isKnown = type >= 1
                && type <= Type.values().length
                && (version == VERSION || version == SECOND_VERSION && hasSecondVersion(Type.values()[type - 1]));
        if (!isKnown) {
            throw new CodecException("an event of type " + type + ", version " + version
                    + ", was written by a newer Daybook; update this one");
        }
        try {
            var kind = Type.values()[type - 1];
            var event = version == VERSION ? decode(kind, in) : decodeSecond(kind, in);
            in.end();
            return event;
        } catch (IllegalArgumentException e) {
            throw new CodecException("not an event: " + e.getMessage(), e);
        }
    }

    private static Event decode(Type type, ByteSource in) {
        return switch (type) {
            case INITIALIZED -> initialized(in);
            case PARAMS_SET ->
                new Event.ParamsSet(in.map(() -> ParamValueCodec.readKey(in), () -> ParamValueCodec.read(in)));
            case METRIC_DEFINED -> new Event.MetricDefined(in.smallInt(), in.text());
            case CHECKPOINT_MADE -> new Event.CheckpointMade(in.text(), readCode(in), in.text());
            case ARTIFACT_ADDED ->
                new Event.ArtifactAdded(in.text(), in.text(), in.text(), in.unsigned(), in.unsigned());
            case TAGGED -> new Event.Tagged(in.text());
            case NOTE_TAKEN -> new Event.NoteTaken(in.text());
            case COMPLETED ->
                new Event.ExperimentCompleted(new Outcome(in.optional(in::text)), in.optional(() -> readCode(in)));
            case SAVE_PREPARED ->
                new Event.SavePrepared(in.text(), in.text(), in.text(), in.optional(() -> readCode(in)));
            case SAVE_ABANDONED -> new Event.SaveAbandoned(in.text());
            case PERSISTED -> new Event.ExperimentPersisted(in.text(), in.text());
            case DISCARDED -> new Event.ExperimentDiscarded();
            case RESUMED ->
                new Event.ExperimentResumed(
                        in.text(), in.unsigned(), in.unsigned(), in.unsigned(), in.map(in::text, in::text));
            case PLOT_LOGGED ->
                new Event.PlotLogged(
                        in.text(),
                        in.list(() -> ParamValueCodec.readMap(in)),
                        new PlotView(
                                in.text(),
                                in.text(),
                                in.text(),
                                in.optional(in::text),
                                in.optional(in::text),
                                in.optional(in::text)));
        };
    }

    private static boolean hasSecondVersion(Type type) {
        return type == Type.ARTIFACT_ADDED || type == Type.INITIALIZED;
    }

    private static Event decodeSecond(Type type, ByteSource in) {
        return type == Type.ARTIFACT_ADDED ? artifactWithTraits(in) : withOrigin(in);
    }

    private static Event artifactWithTraits(ByteSource in) {
        var event = new Event.ArtifactAdded(
                in.text(),
                in.text(),
                in.text(),
                in.unsigned(),
                in.unsigned(),
                new ArtifactTraits(
                        in.bool(),
                        in.unsigned(),
                        in.optional(in::text),
                        in.optional(in::text),
                        in.optional(in::text),
                        in.list(in::text)));
        if (event.traits().equals(ArtifactTraits.DEFAULT)) {
            throw new CodecException("not an event: an artifact without traits is written in version " + VERSION);
        }
        return event;
    }

    private static Event.ExperimentInitialized initialized(ByteSource in) {
        return new Event.ExperimentInitialized(
                in.text(),
                readCode(in),
                in.map(in::text, () -> ParamValueCodec.readMap(in)),
                new Author(in.text(), in.text()),
                in.text(),
                in.optional(in::text),
                in.map(in::text, in::text));
    }

    private static Event.ExperimentInitialized withOrigin(ByteSource in) {
        var begun = initialized(in);
        return new Event.ExperimentInitialized(
                begun.name(),
                begun.code(),
                begun.fileParams(),
                begun.author(),
                begun.outputFolder(),
                begun.replaces(),
                begun.environment(),
                Optional.of(OriginCodec.read(in)));
    }

    private static Code readCode(ByteSource in) {
        return new Code(in.text(), in.text());
    }

    private record Encoder(ByteSink out) implements Event.Visitor<ByteSink> {

        private ByteSink begin(Type type) {
            return out.unsigned(type.number).unsigned(VERSION);
        }

        private void code(Code code) {
            out.text(code.head()).text(code.tree());
        }

        @Override
        public ByteSink onInitialized(Event.ExperimentInitialized event) {
            out.unsigned(Type.INITIALIZED.number)
                    .unsigned(event.origin().isPresent() ? SECOND_VERSION : VERSION)
                    .text(event.name());
            code(event.code());
            out.map(event.fileParams(), (file, content) -> {
                        out.text(file);
                        ParamValueCodec.write(out, content);
                    })
                    .text(event.author().name())
                    .text(event.author().email())
                    .text(event.outputFolder())
                    .optional(event.replaces(), out::text)
                    .map(event.environment(), (key, value) -> out.text(key).text(value));
            event.origin().ifPresent(origin -> OriginCodec.write(out, origin));
            return out;
        }

        @Override
        public ByteSink onParamsSet(Event.ParamsSet event) {
            return begin(Type.PARAMS_SET).map(event.values(), (key, value) -> {
                ParamValueCodec.writeKey(out, key);
                ParamValueCodec.write(out, value);
            });
        }

        @Override
        public ByteSink onMetricDefined(Event.MetricDefined event) {
            return begin(Type.METRIC_DEFINED).unsigned(event.metric()).text(event.name());
        }

        @Override
        public ByteSink onCheckpointMade(Event.CheckpointMade event) {
            begin(Type.CHECKPOINT_MADE).text(event.commit());
            code(event.code());
            return out.text(event.message());
        }

        @Override
        public ByteSink onArtifactAdded(Event.ArtifactAdded event) {
            var traits = event.traits();
            boolean hasTraits = !traits.equals(ArtifactTraits.DEFAULT);
            out.unsigned(Type.ARTIFACT_ADDED.number)
                    .unsigned(hasTraits ? SECOND_VERSION : VERSION)
                    .text(event.path())
                    .text(event.algorithm())
                    .text(event.hash())
                    .unsigned(event.bytes())
                    .unsigned(event.files());
            return hasTraits
                    ? out.bool(traits.isExecutable())
                            .unsigned(traits.maxBlobBytes())
                            .optional(traits.name(), out::text)
                            .optional(traits.type(), out::text)
                            .optional(traits.description(), out::text)
                            .list(traits.labels(), out::text)
                    : out;
        }

        @Override
        public ByteSink onPlotLogged(Event.PlotLogged event) {
            var view = event.view();
            return begin(Type.PLOT_LOGGED)
                    .text(event.name())
                    .list(event.points(), point -> ParamValueCodec.write(out, point))
                    .text(view.x())
                    .text(view.y())
                    .text(view.template())
                    .optional(view.title(), out::text)
                    .optional(view.xLabel(), out::text)
                    .optional(view.yLabel(), out::text);
        }

        @Override
        public ByteSink onTagged(Event.Tagged event) {
            return begin(Type.TAGGED).text(event.tag());
        }

        @Override
        public ByteSink onNoteTaken(Event.NoteTaken event) {
            return begin(Type.NOTE_TAKEN).text(event.text());
        }

        @Override
        public ByteSink onCompleted(Event.ExperimentCompleted event) {
            return begin(Type.COMPLETED)
                    .optional(event.outcome().failure(), out::text)
                    .optional(event.code(), this::code);
        }

        @Override
        public ByteSink onSavePrepared(Event.SavePrepared event) {
            return begin(Type.SAVE_PREPARED)
                    .text(event.ref())
                    .text(event.commit())
                    .text(event.tree())
                    .optional(event.code(), this::code);
        }

        @Override
        public ByteSink onSaveAbandoned(Event.SaveAbandoned event) {
            return begin(Type.SAVE_ABANDONED).text(event.reason());
        }

        @Override
        public ByteSink onPersisted(Event.ExperimentPersisted event) {
            return begin(Type.PERSISTED).text(event.ref()).text(event.commit());
        }

        @Override
        public ByteSink onDiscarded(Event.ExperimentDiscarded event) {
            return begin(Type.DISCARDED);
        }

        @Override
        public ByteSink onResumed(Event.ExperimentResumed event) {
            return begin(Type.RESUMED)
                    .text(event.generation())
                    .unsigned(event.document())
                    .unsigned(event.events())
                    .unsigned(event.metrics())
                    .map(event.environment(), (key, value) -> out.text(key).text(value));
        }
    }
}
