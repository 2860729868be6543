package dev.daybook.git;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.SavedRecord;
import dev.daybook.port.SharedKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Saved records as bytes for the cache; ten thousand are to be read in a young JVM before anybody notices.
 *
 * <pre>
 * commit 20 | baseline 20 | seconds 8 | nanos 4 | has id 1 [| id 16] | has failure 1 [| failure] | problems: count, texts
 * length of the shape 4 | shape: parameters: count, keys (has file 1 [| file] | segments: count, texts) | metrics: count, names
 * values of the parameters, values of the metrics, in the order of the shape
 * </pre>
 *
 * <p>The shape is what experiments have in common: one that was read before is known by its bytes, and its keys are shared. Numbers are
 * big-endian; counts and the lengths of texts take 7 bits a byte, the lowest first. Name and ref are no part of it: they come from the ref.
 */
final class SavedRecordCodec {

    private static final int NULL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int LONG = 3;
    private static final int DOUBLE = 4;
    private static final int TEXT = 5;
    private static final int LIST = 6;
    private static final int MAP = 7;

    private SavedRecordCodec() {}

    /**
     * What an entry is found by: the same commit tells another story under another baseline, whose own files are not the experiment's.
     *
     * @param baseline as the ref has it
     */
    record Key(ObjectId commit, ObjectId baseline) {

        static final int BYTES = 40;

        static Key of(SavedRecord record) {
            return new Key(ObjectId.fromString(record.commit()), ObjectId.fromString(record.baseline()));
        }

        static Key at(byte[] bytes, int offset) {
            return new Key(ObjectId.fromRaw(bytes, offset), ObjectId.fromRaw(bytes, offset + BYTES / 2));
        }

        // equals and hashCode by hand: those that the JVM puts together for a record cost a short command some
        // milliseconds (ADR 18)

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && commit.equals(that.commit) && baseline.equals(that.baseline);
        }

        @Override
        public int hashCode() {
            return 31 * commit.hashCode() + baseline.hashCode();
        }
    }

    static byte[] encode(SavedRecord record) {
        var out = new Out();
        var key = Key.of(record);
        out.object(key.commit()).object(key.baseline());
        var time = record.time();
        out.fixed(time.getEpochSecond(), Long.BYTES).fixed(time.getNano(), Integer.BYTES);
        out.write(record.id().isPresent() ? 1 : 0);
        record.id()
                .map(ExperimentId::uuid)
                .ifPresent(id -> out.fixed(id.getMostSignificantBits(), Long.BYTES)
                        .fixed(id.getLeastSignificantBits(), Long.BYTES));
        out.optional(record.failure()).texts(record.problems());
        var shape = shape(record);
        out.fixed(shape.length, Integer.BYTES).writeBytes(shape);
        record.params().values().forEach(value -> value.accept(out));
        record.metrics().values().forEach(value -> value.accept(out));
        return out.toByteArray();
    }

    private static byte[] shape(SavedRecord record) {
        var out = new Out();
        out.count(record.params().size());
        record.params().keySet().forEach(key -> out.optional(key.file()).texts(key.path()));
        out.texts(List.copyOf(record.metrics().keySet()));
        return out.toByteArray();
    }

    private static final class Out extends ByteArrayOutputStream implements ParamValue.Visitor<Out> {

        Out object(ObjectId id) {
            var raw = new byte[Key.BYTES / 2];
            id.copyRawTo(raw, 0);
            writeBytes(raw);
            return this;
        }

        Out fixed(long value, int bytes) {
            for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                write((int) (value >>> shift));
            }
            return this;
        }

        Out count(int value) {
            int rest = value;
            for (; rest > 0x7F; rest >>>= 7) {
                write(rest & 0x7F | 0x80);
            }
            write(rest);
            return this;
        }

        /** Twice the number of bytes, plus 1 if they are UTF-16: any text there is in Java survives, half a surrogate pair too. */
        Out text(String text) {
            boolean isWide = text.chars().anyMatch(c -> c > 0xFF);
            var bytes = new byte[text.length() * (isWide ? 2 : 1)];
            for (int i = 0; i < text.length(); i++) {
                if (isWide) {
                    bytes[2 * i] = (byte) (text.charAt(i) >>> Byte.SIZE);
                    bytes[2 * i + 1] = (byte) text.charAt(i);
                } else {
                    bytes[i] = (byte) text.charAt(i);
                }
            }
            count(Math.addExact(Math.multiplyExact(bytes.length, 2), isWide ? 1 : 0));
            writeBytes(bytes);
            return this;
        }

        Out texts(List<String> texts) {
            count(texts.size());
            texts.forEach(this::text);
            return this;
        }

        Out optional(Optional<String> text) {
            write(text.isPresent() ? 1 : 0);
            text.ifPresent(this::text);
            return this;
        }

        private Out tag(int tag) {
            write(tag);
            return this;
        }

        @Override
        public Out onNull() {
            return tag(NULL);
        }

        @Override
        public Out onBoolean(boolean value) {
            return tag(value ? TRUE : FALSE);
        }

        @Override
        public Out onLong(long value) {
            return tag(LONG).fixed(value, Long.BYTES);
        }

        @Override
        public Out onDouble(double value) {
            return tag(DOUBLE).fixed(Double.doubleToRawLongBits(value), Double.BYTES);
        }

        @Override
        public Out onString(String value) {
            return tag(TEXT).text(value);
        }

        @Override
        public Out onList(List<ParamValue> values) {
            tag(LIST).count(values.size());
            values.forEach(value -> value.accept(this));
            return this;
        }

        @Override
        public Out onMap(Map<String, ParamValue> entries) {
            tag(MAP).count(entries.size());
            entries.forEach((key, value) -> value.accept(text(key)));
            return this;
        }
    }

    /** Keys that experiments share, and with them the hashes that Java keeps in its strings. */
    private static final class Shape {

        private final byte[] bytes;
        private final SharedKeys<ParamKey> params;
        private final SharedKeys<String> metrics;

        Shape(byte[] bytes, List<ParamKey> params, List<String> metrics) {
            this.bytes = bytes;
            this.params = new SharedKeys<>(params);
            this.metrics = new SharedKeys<>(metrics);
        }
    }

    /**
     * Reads entries out of the bytes of a file; not thread-safe. Of bytes that no one has written it may throw any {@link RuntimeException}.
     */
    static final class Decoder {

        private final byte[] bytes;
        private final ByteBuffer in;
        private final Map<String, Shape> shapes = new HashMap<>();
        private @Nullable Shape latest;

        Decoder(byte[] bytes) {
            this.bytes = bytes;
            this.in = ByteBuffer.wrap(bytes);
        }

        /** The entry that begins there, as the experiment of this name and ref. */
        SavedRecord decode(int offset, String name, String ref, String commit, String baseline) {
            in.position(offset + Key.BYTES);
            var time = Instant.ofEpochSecond(in.getLong(), in.getInt());
            var id = in.get() == 0
                    ? Optional.<ExperimentId>empty()
                    : Optional.of(new ExperimentId(new UUID(in.getLong(), in.getLong())));
            var failure = optional();
            var problems = texts();
            var shape = shape();
            var params = shape.params.with(values(shape.params.keys().size()));
            var metrics = shape.metrics.with(values(shape.metrics.keys().size()));
            return new SavedRecord(name, ref, commit, baseline, time, id, params, metrics, failure, problems);
        }

        private Shape shape() {
            int length = in.getInt();
            int start = in.position();
            if (latest == null || !isAt(start, length, latest)) {
                latest = shapes.computeIfAbsent(
                        new String(bytes, start, length, StandardCharsets.ISO_8859_1), unknown -> read(start, length));
            }
            in.position(start + length);
            return latest;
        }

        private boolean isAt(int start, int length, Shape shape) {
            return length == shape.bytes.length
                    && start + length <= bytes.length
                    && Arrays.equals(bytes, start, start + length, shape.bytes, 0, length);
        }

        private Shape read(int start, int length) {
            var raw = new byte[length];
            in.get(start, raw);
            int count = count();
            var params = new ArrayList<ParamKey>();
            for (int i = 0; i < count; i++) {
                params.add(new ParamKey(optional(), texts()));
            }
            return new Shape(raw, params, texts());
        }

        private int count() {
            int value = 0;
            int shift = 0;
            byte part;
            do {
                part = in.get();
                value |= (part & 0x7F) << shift;
                shift += 7;
            } while (part < 0);
            return value;
        }

        private String text() {
            int header = count();
            int length = header >>> 1;
            int start = in.position();
            in.position(start + length);
            return (header & 1) == 0
                    ? new String(bytes, start, length, StandardCharsets.ISO_8859_1)
                    // no charset lets half a surrogate pair pass
                    : in.slice(start, length).asCharBuffer().toString();
        }

        private List<String> texts() {
            int count = count();
            if (count == 0) {
                return List.of();
            }
            var texts = new ArrayList<String>();
            for (int i = 0; i < count; i++) {
                texts.add(text());
            }
            return texts;
        }

        private Optional<String> optional() {
            return in.get() == 0 ? Optional.empty() : Optional.of(text());
        }

        private ParamValue[] values(int count) {
            var values = new ParamValue[count];
            for (int i = 0; i < count; i++) {
                values[i] = value();
            }
            return values;
        }

        private ParamValue value() {
            int tag = in.get();
            return switch (tag) {
                case NULL -> ParamValue.ofNull();
                case FALSE -> ParamValue.of(false);
                case TRUE -> ParamValue.of(true);
                case LONG -> ParamValue.of(in.getLong());
                case DOUBLE -> ParamValue.of(Double.longBitsToDouble(in.getLong()));
                case TEXT -> ParamValue.of(text());
                case LIST -> list();
                case MAP -> map();
                default -> throw new IllegalArgumentException("a value of kind " + tag);
            };
        }

        private ParamValue list() {
            int count = count();
            var values = new ArrayList<ParamValue>();
            for (int i = 0; i < count; i++) {
                values.add(value());
            }
            return ParamValue.of(values);
        }

        private ParamValue map() {
            int count = count();
            var entries = new LinkedHashMap<String, ParamValue>();
            for (int i = 0; i < count; i++) {
                entries.put(text(), value());
            }
            return ParamValue.of(entries);
        }
    }
}
