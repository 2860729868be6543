package dev.daybook.codec;

import java.io.ByteArrayOutputStream;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes the primitives of the event format: variable-length integers, doubles by their bits, text. */
final class ByteSink {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    /** An unsigned integer, 7 bits a byte, the lowest first (LEB128). */
    ByteSink unsigned(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** A signed integer, zigzag: 0, -1, 1, -2, ... */
    ByteSink signed(long value) {
        return unsigned(value << 1 ^ value >> 63);
    }

    ByteSink bool(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    ByteSink real(double value) {
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < 64; shift += 8) {
            out.write((int) (bits >>> shift));
        }
        return this;
    }

    /** Twice the number of bytes, plus 1 if they are UTF-16BE: so is text that UTF-8 cannot hold (half a surrogate pair). */
    ByteSink text(String value) {
        try {
            var utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            unsigned((long) utf8.remaining() << 1);
            out.write(utf8.array(), utf8.arrayOffset(), utf8.remaining());
        } catch (CharacterCodingException e) {
            unsigned((long) value.length() * 2 << 1 | 1);
            for (int i = 0; i < value.length(); i++) {
                out.write(value.charAt(i) >>> 8);
                out.write(value.charAt(i));
            }
        }
        return this;
    }

    /** Their number, then they. */
    void bytes(byte[] value) {
        unsigned(value.length);
        out.writeBytes(value);
    }

    <T> ByteSink optional(Optional<T> value, Consumer<T> writer) {
        bool(value.isPresent());
        value.ifPresent(writer);
        return this;
    }

    <T> ByteSink list(Collection<T> values, Consumer<T> writer) {
        unsigned(values.size());
        values.forEach(writer);
        return this;
    }

    <K, V> ByteSink map(Map<K, V> values, BiConsumer<K, V> writer) {
        unsigned(values.size());
        values.forEach(writer);
        return this;
    }

    int size() {
        return out.size();
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
