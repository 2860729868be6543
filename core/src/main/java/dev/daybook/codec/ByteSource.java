package dev.daybook.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what {@link ByteSink} wrote; whatever cannot have been written by it is a {@link CodecException}. */
final class ByteSource {

    /** Damaged bytes may claim any number of items, and that on each level. */
    private static final int FIRST_CAPACITY = 16;

    private final ByteBuffer in;

    ByteSource(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            require(in.hasRemaining(), "an integer is cut off");
            byte part = in.get();
            require(shift < 63 || part == 0 || part == 1, "an integer has more than 64 bits");
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                require(part != 0 || shift == 0, "an integer is written longer than it is");
                return value;
            }
        }
        throw new CodecException("not an event: an integer has more than 64 bits");
    }

    long signed() {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    int count() {
        long count = unsigned();
        require(count >= 0 && count <= in.remaining(), "a count is larger than what follows");
        return (int) count;
    }

    int smallInt() {
        long value = unsigned();
        require(value >= 0 && value <= Integer.MAX_VALUE, "a number is too large");
        return (int) value;
    }

    boolean bool() {
        require(in.hasRemaining(), "a flag is cut off");
        byte value = in.get();
        require(value == 0 || value == 1, "a flag is neither 0 nor 1");
        return value == 1;
    }

    double real() {
        require(in.remaining() >= 8, "a double is cut off");
        return Double.longBitsToDouble(in.getLong());
    }

    String text() {
        long header = unsigned();
        long length = header >>> 1;
        require(length <= in.remaining(), "a text is cut off");
        var slice = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        if ((header & 1) == 1) {
            require(length % 2 == 0, "a UTF-16 text has half a character");
            var text = slice.order(ByteOrder.BIG_ENDIAN).asCharBuffer().toString();
            require(!StandardCharsets.UTF_8.newEncoder().canEncode(text), "a text is UTF-16 without need");
            return text;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("not an event: a text is not UTF-8", e);
        }
    }

    byte[] bytes() {
        var bytes = new byte[count()];
        in.get(bytes);
        return bytes;
    }

    <T> Optional<T> optional(Supplier<T> reader) {
        return bool() ? Optional.of(reader.get()) : Optional.empty();
    }

    <T> List<T> list(Supplier<T> reader) {
        int count = count();
        var values = new ArrayList<T>(Math.min(count, FIRST_CAPACITY));
        for (int i = 0; i < count; i++) {
            values.add(reader.get());
        }
        return values;
    }

    <K, V> Map<K, V> map(Supplier<K> keys, Supplier<V> values) {
        int count = count();
        var map = new LinkedHashMap<K, V>();
        for (int i = 0; i < count; i++) {
            var key = keys.get();
            var value = values.get();
            require(!map.containsKey(key), "a key stands twice in a map");
            map.put(key, value);
        }
        return map;
    }

    void end() {
        require(!in.hasRemaining(), "bytes follow behind the end");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new CodecException("not an event: " + message);
        }
    }
}
