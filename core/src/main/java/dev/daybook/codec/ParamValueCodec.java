package dev.daybook.codec;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Map;

/** Parameter keys and values in the event format. Tags: 0 null, 1 false, 2 true, 3 long, 4 double, 5 string, 6 list, 7 map. */
final class ParamValueCodec {

    /** Deeper than any value that {@code Names} and the readers of parameter files let in: a limit for damaged bytes. */
    private static final int MAX_DEPTH = 250;

    private ParamValueCodec() {}

    static void writeKey(ByteSink out, ParamKey key) {
        out.optional(key.file(), out::text).list(key.path(), out::text);
    }

    static ParamKey readKey(ByteSource in) {
        var file = in.optional(in::text);
        var path = in.list(in::text);
        if (path.isEmpty()) {
            throw new CodecException("not an event: a parameter key without a segment");
        }
        return new ParamKey(file, path);
    }

    static void write(ByteSink out, ParamValue value) {
        write(out, value, 0);
    }

    private static ByteSink write(ByteSink out, ParamValue value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new CodecException("a parameter's value is nested deeper than " + MAX_DEPTH);
        }
        return value.accept(new Writer(out, depth));
    }

    static ParamValue read(ByteSource in) {
        return read(in, 0);
    }

    static ParamValue.MapValue readMap(ByteSource in) {
        if (read(in) instanceof ParamValue.MapValue map) {
            return map;
        }
        throw new CodecException("not an event: the root of a parameter file is no map");
    }

    private static ParamValue read(ByteSource in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new CodecException("not an event: a value is nested deeper than " + MAX_DEPTH);
        }
        int tag = in.smallInt();
        return switch (tag) {
            case 0 -> ParamValue.ofNull();
            case 1 -> ParamValue.of(false);
            case 2 -> ParamValue.of(true);
            case 3 -> ParamValue.of(in.signed());
            case 4 -> ParamValue.of(in.real());
            case 5 -> ParamValue.of(in.text());
            case 6 -> ParamValue.of(in.list(() -> read(in, depth + 1)));
            case 7 -> ParamValue.of(in.map(in::text, () -> read(in, depth + 1)));
            default -> throw new CodecException("not an event: a value of kind " + tag);
        };
    }

    private record Writer(ByteSink out, int depth) implements ParamValue.Visitor<ByteSink> {
        @Override
        public ByteSink onNull() {
            return out.unsigned(0);
        }

        @Override
        public ByteSink onBoolean(boolean value) {
            return out.unsigned(value ? 2 : 1);
        }

        @Override
        public ByteSink onLong(long value) {
            return out.unsigned(3).signed(value);
        }

        @Override
        public ByteSink onDouble(double value) {
            return out.unsigned(4).real(value);
        }

        @Override
        public ByteSink onString(String value) {
            return out.unsigned(5).text(value);
        }

        @Override
        public ByteSink onList(List<ParamValue> values) {
            return out.unsigned(6).list(values, value -> write(out, value, depth + 1));
        }

        @Override
        public ByteSink onMap(Map<String, ParamValue> entries) {
            return out.unsigned(7).map(entries, (key, value) -> {
                out.text(key);
                write(out, value, depth + 1);
            });
        }
    }
}
