package dev.daybook.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The layout of a document: what Daybook writes between two of Chronicle's headers. Little endian; a multiple of 8 bytes long.
 *
 * <pre>
 *   every document
 *    0  +---------------+---------------+-------------------------------+
 *       |     kind      | version = 1   |               0               |   kind: 1 event, 2 metrics, 3 released, 4 continued
 *    4  +---------------+---------------+-------------------------------+
 *       |                CRC32C of bytes 8 to the end                   |   of metrics: to the first slot
 *    8  +---------------------------------------------------------------+
 *       |                number of the document, 64 bits                |   0, 1, 2, ... in this generation
 *   16  +---------------------------------------------------------------+
 *       |                experiment, 16 bytes                           |   in the UUID's own order
 *   32  +---------------------------------------------------------------+
 *
 *   released: ends here
 *
 *   event                                      metrics: a block of slots
 *   32  u64 index in the experiment            32  i32 writer
 *   40  i64 time, epoch milliseconds           36  i32 slots
 *   48  u32 writers                            40  slot*
 *   52  writer*                                slot, 40 bytes
 *         i32 writer                            0  i32 sequence: 1, 2, ... per experiment and writer; 0: not published
 *         i64 records                           4  i32 metric
 *         i32 checksum                          8  i64 step
 *    .  32 bytes link of the chain             16  f64 value, raw bits
 *    .  u32 length                             24  i64 time, epoch milliseconds
 *    .  the event's bytes                      32  i32 CRC32C of document number, writer, and bytes 0 to 32 of the slot
 *    .  0 to a multiple of 8                   36  i32 0
 *
 *   continued: as an event, but of the experiment's stretch that this process wrote in its previous generation
 *   32  u64 events before                      52  writer*, the records of that generation
 *   40  u64 metric records before, of all      .   32 bytes link of the chain before
 *   48  u32 writers                            .   u32 length, the name of that generation, 0 to a multiple of 8
 * </pre>
 *
 * <p>A document counts when Chronicle's header in front of it is set, which is done last. A slot counts when its sequence is set, which is
 * done last in it: the slots of a block may be filled after its header was set, one after the other. A block that an event, a
 * {@code released} or a later block of the same experiment and writer follows is never filled further.
 *
 * <p><b>Not guaranteed:</b> the last document of a generation, and the last records of an experiment that no event of it follows, have no
 * witness: damage that leaves exactly what a dying writer leaves (a header or a sequence that is zero, a file that ends there) is not seen.
 * <b>The checksums tell of accidents, not of an adversary;</b> the chain, once a link of it is known from elsewhere, tells
 * of both in events, and of the records how many there were and, again by a checksum, accidents.
 */
final class Frame {

    static final byte EVENT = 1;
    static final byte METRICS = 2;
    static final byte RELEASED = 3;
    static final byte CONTINUED = 4;

    static final byte VERSION = 1;

    static final int KIND = 0;
    static final int FRAME_VERSION = 1;
    static final int RESERVED = 2;
    static final int CRC = 4;
    static final int DOCUMENT = 8;
    static final int EXPERIMENT = 16;
    static final int COMMON_BYTES = 32;

    static final int INDEX = 32;
    static final int TIME = 40;
    static final int WRITERS = 48;
    static final int FIRST_WRITER = 52;
    static final int WRITER_BYTES = 16;
    static final int CHAIN_BYTES = 32;

    static final int WRITER = 32;
    static final int SLOTS = 36;
    static final int FIRST_SLOT = 40;

    static final int SLOT_BYTES = 40;
    static final int SLOT_METRIC = 4;
    static final int SLOT_STEP = 8;
    static final int SLOT_VALUE = 16;
    static final int SLOT_TIME = 24;
    static final int SLOT_CRC = 32;
    static final int SLOT_RESERVED = 36;

    /** What fits into a Chronicle queue whose blocks are 8 MiB, or more. */
    static final int MAX_BYTES = 2 << 20;

    private Frame() {}

    /** A buffer over bytes, as documents are read and written. */
    static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The length of an event's document. */
    static int eventBytes(int writers, int eventBytes) {
        return padded(FIRST_WRITER + writers * WRITER_BYTES + CHAIN_BYTES + Integer.BYTES + eventBytes);
    }

    /** The length of a block. */
    static int metricsBytes(int slots) {
        return FIRST_SLOT + slots * SLOT_BYTES;
    }

    private static int padded(int bytes) {
        return bytes + 7 & -8;
    }

    static void putId(ByteBuffer buffer, UUID id) {
        buffer.putLong(EXPERIMENT, Long.reverseBytes(id.getMostSignificantBits()));
        buffer.putLong(EXPERIMENT + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    static UUID id(ByteBuffer buffer) {
        return new UUID(
                Long.reverseBytes(buffer.getLong(EXPERIMENT)), Long.reverseBytes(buffer.getLong(EXPERIMENT + 8)));
    }

    /** Checksum of a document, from the number to the end of what is framed. */
    static int crc(CRC32C crc, byte[] document, int length) {
        crc.reset();
        crc.update(document, DOCUMENT, length - DOCUMENT);
        return (int) crc.getValue();
    }
}
