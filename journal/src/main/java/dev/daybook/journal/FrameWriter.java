package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Chain;
import dev.daybook.port.Cut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Makes documents, one at a time, in a buffer that is used again. Not thread-safe; allocates nothing for a metric record. */
final class FrameWriter {

    private static final int FIRST_CAPACITY = 1 << 10;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private ByteBuffer buffer = Frame.over(bytes);
    private int length;

    /** Where the document lies, from 0 to {@link #length}. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void event(long document, ExperimentId id, long index, long epochMilli, Cut cut, Chain chain, byte[] event) {
        event(Frame.EVENT, document, id, index, epochMilli, cut, chain, event);
    }

    private void event(
            byte kind, long document, ExperimentId id, long index, long time, Cut cut, Chain chain, byte[] event) {
        var writers = cut.writers();
        begin(kind, document, id, Frame.eventBytes(writers.size(), event.length));
        buffer.putLong(Frame.INDEX, index);
        buffer.putLong(Frame.TIME, time);
        buffer.putInt(Frame.WRITERS, writers.size());
        buffer.position(Frame.FIRST_WRITER);
        for (var writer : writers) {
            buffer.putInt(writer.writer()).putLong(writer.records()).putInt(writer.checksum());
        }
        buffer.put(chain.bytes()).putInt(event.length).put(event);
        buffer.putInt(Frame.CRC, Frame.crc(crc, bytes, length));
    }

    /** The head of a block, whose slots are not published yet: only {@link Frame#FIRST_SLOT} bytes of it are made. */
    void block(long document, ExperimentId id, int writer, int slots) {
        begin(Frame.METRICS, document, id, Frame.FIRST_SLOT);
        buffer.putInt(Frame.WRITER, writer);
        buffer.putInt(Frame.SLOTS, slots);
        buffer.putInt(Frame.CRC, Frame.crc(crc, bytes, Frame.FIRST_SLOT));
        length = Frame.metricsBytes(slots);
    }

    void continued(long document, ExperimentId id, String from, long events, long records, Cut cut, Chain link) {
        event(Frame.CONTINUED, document, id, events, records, cut, link, from.getBytes(StandardCharsets.UTF_8));
    }

    void released(long document, ExperimentId id) {
        begin(Frame.RELEASED, document, id, Frame.COMMON_BYTES);
        buffer.putInt(Frame.CRC, Frame.crc(crc, bytes, length));
    }

    private void begin(byte kind, long document, ExperimentId id, int newLength) {
        if (newLength > Frame.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a document of " + newLength + " bytes is larger than " + Frame.MAX_BYTES);
        }
        if (newLength > bytes.length) {
            bytes = new byte[Math.max(newLength, Math.min(2 * bytes.length, Frame.MAX_BYTES))];
            buffer = Frame.over(bytes);
        } else {
            Arrays.fill(bytes, 0, newLength, (byte) 0);
        }
        length = newLength;
        buffer.put(Frame.KIND, kind);
        buffer.put(Frame.FRAME_VERSION, Frame.VERSION);
        buffer.putLong(Frame.DOCUMENT, document);
        Frame.putId(buffer, id.uuid());
    }
}
