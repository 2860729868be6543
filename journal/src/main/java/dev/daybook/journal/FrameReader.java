package dev.daybook.journal;

import dev.daybook.codec.CodecException;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Chain;
import dev.daybook.port.Continuation;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.Position;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads documents, one at a time, and checks all that a document says about itself. Not thread-safe. */
final class FrameReader {

    private static final int FIRST_CAPACITY = 4 << 10;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private ByteBuffer buffer = Frame.over(bytes);

    /** Takes the document that was found; of a block, its head. */
    void load(QueueFile file) throws IOException, DamagedException {
        load(file, file.length());
    }

    private void load(QueueFile file, int length) throws IOException, DamagedException {
        if (length < Frame.COMMON_BYTES || length > Frame.MAX_BYTES) {
            throw new DamagedException("a document of " + length + " bytes");
        }
        file.copy(file.payload(), bytes, Math.min(length, Frame.FIRST_SLOT));
        byte kind = kind();
        if ((kind == Frame.EVENT || kind == Frame.CONTINUED) && length > Frame.FIRST_SLOT) {
            grow(length);
            file.copy(file.payload(), bytes, length);
        }
        if (kind < Frame.EVENT || kind > Frame.CONTINUED || buffer.get(Frame.FRAME_VERSION) != Frame.VERSION) {
            throw new DamagedException("a document of kind " + kind + ", version " + buffer.get(Frame.FRAME_VERSION)
                    + ", is not known to this version of Daybook");
        }
        if (length != declaredLength(length)) {
            throw new DamagedException("a document's length is not what it says itself: " + length);
        }
        int checksum = Frame.crc(crc, bytes, kind == Frame.METRICS ? Frame.FIRST_SLOT : length);
        if (buffer.getInt(Frame.CRC) != checksum || buffer.getShort(Frame.RESERVED) != 0) {
            throw new DamagedException("a document's checksum is wrong");
        }
    }

    /** How long the document is that stands behind a header which does not count: exactly if it is complete, else as long as any may be. */
    int lengthOfUnfinished(QueueFile file) throws IOException {
        int available = file.available(FIRST_CAPACITY);
        if (available < Frame.COMMON_BYTES) {
            return Frame.MAX_BYTES;
        }
        file.copy(file.payload(), bytes, available);
        int declared = declaredLength(available);
        if (declared > 0 && declared <= file.available(declared)) {
            try {
                load(file, declared);
                return declared;
            } catch (DamagedException e) {
                return Frame.MAX_BYTES;
            }
        }
        return Frame.MAX_BYTES;
    }

    private void grow(int length) {
        if (bytes.length < length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, Math.min(2 * bytes.length, Frame.MAX_BYTES)));
            buffer = Frame.over(bytes);
        }
    }

    /**
     * What the fields of the document say.
     *
     * @param length no field behind it is looked at
     * @return -1 if they cannot be right
     */
    private int declaredLength(int length) {
        return switch (kind()) {
            case Frame.RELEASED -> Frame.COMMON_BYTES;
            case Frame.METRICS -> {
                int slots = length < Frame.FIRST_SLOT ? 0 : slots();
                yield slots < 1 || slots > Frame.MAX_BYTES / Frame.SLOT_BYTES ? -1 : Frame.metricsBytes(slots);
            }
            case Frame.EVENT, Frame.CONTINUED -> {
                if (length < Frame.eventBytes(0, 0)) {
                    yield -1;
                }
                int writers = buffer.getInt(Frame.WRITERS);
                if (writers < 0 || writers > Frame.MAX_BYTES / Frame.WRITER_BYTES) {
                    yield -1;
                }
                int lengthAt = Frame.FIRST_WRITER + writers * Frame.WRITER_BYTES + Frame.CHAIN_BYTES;
                int event = lengthAt + Integer.BYTES > length ? -1 : buffer.getInt(lengthAt);
                yield event < 0 || event > Frame.MAX_BYTES ? -1 : Frame.eventBytes(writers, event);
            }
            default -> -1;
        };
    }

    byte kind() {
        return buffer.get(Frame.KIND);
    }

    long document() {
        return buffer.getLong(Frame.DOCUMENT);
    }

    /** Whether the document is of an experiment; says so without making an id. */
    boolean isOf(ExperimentId id) {
        return id.uuid().getMostSignificantBits() == Long.reverseBytes(buffer.getLong(Frame.EXPERIMENT))
                && id.uuid().getLeastSignificantBits() == Long.reverseBytes(buffer.getLong(Frame.EXPERIMENT + 8));
    }

    ExperimentId id() {
        return new ExperimentId(Frame.id(buffer));
    }

    int writer() {
        return buffer.getInt(Frame.WRITER);
    }

    int slots() {
        return buffer.getInt(Frame.SLOTS);
    }

    /** The bytes of the event in an event's document. */
    byte[] eventBytes() {
        int from = chainAt() + Frame.CHAIN_BYTES;
        return Arrays.copyOfRange(bytes, from + Integer.BYTES, from + Integer.BYTES + buffer.getInt(from));
    }

    /**
     * The entry of an event's document.
     *
     * @param event its {@link #eventBytes}
     */
    Entry entry(String generation, byte[] event) throws DamagedException {
        try {
            return new Entry(
                    new Position(generation, document()),
                    id(),
                    buffer.getLong(Frame.INDEX),
                    Instant.ofEpochMilli(buffer.getLong(Frame.TIME)),
                    cut(),
                    chain(),
                    EventCodec.decode(event));
        } catch (CodecException e) {
            throw new DamagedException(Disk.reason(e));
        }
    }

    /** The mark in such a document. */
    Continuation continuation(String generation) {
        var before = new Tail(buffer.getLong(Frame.INDEX), chain());
        var from = new String(eventBytes(), StandardCharsets.UTF_8);
        return new Continuation(
                new Position(generation, document()), id(), from, before, buffer.getLong(Frame.TIME), cut());
    }

    private Chain chain() {
        return Chain.of(Arrays.copyOfRange(bytes, chainAt(), chainAt() + Frame.CHAIN_BYTES));
    }

    private Cut cut() {
        var writers = new ArrayList<Cut.Writer>();
        for (int at = Frame.FIRST_WRITER; at < chainAt(); at += Frame.WRITER_BYTES) {
            writers.add(new Cut.Writer(buffer.getInt(at), buffer.getLong(at + 4), buffer.getInt(at + 12)));
        }
        return writers.isEmpty() ? Cut.NONE : new Cut(writers);
    }

    private int chainAt() {
        return Frame.FIRST_WRITER + buffer.getInt(Frame.WRITERS) * Frame.WRITER_BYTES;
    }
}
