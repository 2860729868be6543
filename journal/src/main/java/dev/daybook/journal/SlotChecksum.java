package dev.daybook.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksums of the slots of one block, at what the linearity of a CRC allows.
 *
 * <p>A slot's checksum covers the document's number and the writer in front of it, the same for all slots of the block. What a prefix does to
 * the CRC of so many bytes behind it is one constant, whatever they are: it is computed once, and a slot costs its own 32 bytes.
 *
 * <p>The CRC over something and its own CRC does not tell what that was. So over slots whose checksums are right it depends on nothing but
 * their number and the prefix, and many slots are checked in one go. Not thread-safe.
 */
final class SlotChecksum {

    private static final int PREFIX_BYTES = Long.BYTES + Integer.BYTES;
    private static final byte[] ZEROS = new byte[Frame.SLOT_CRC];

    private final CRC32C crc = new CRC32C();
    private final byte[] prefixed = new byte[PREFIX_BYTES + Frame.SLOT_CRC];
    private final ByteBuffer buffer = Frame.over(prefixed);
    private int prefix;

    /** Slots of zeros, but for their checksums. */
    private byte[] blank = {};

    private int blanks = -1;
    private int ofBlanks;

    /** Goes on with the slots of another block. */
    void begin(long document, int writer) {
        buffer.putLong(0, document);
        buffer.putInt(Long.BYTES, writer);
        prefix = crc(prefixed, 0, prefixed.length) ^ crc(ZEROS, 0, ZEROS.length);
        blanks = -1;
    }

    /** The checksum of a slot, of which only the bytes that it covers need to be there. */
    int of(byte[] slots, int slot) {
        return crc(slots, slot, Frame.SLOT_CRC) ^ prefix;
    }

    /** Whether the checksums of the first so many slots are right, and their reserved bytes zero; which one is not, this does not tell. */
    boolean areRight(byte[] slots, int count) {
        if (blanks != count) {
            fillBlanks(count);
        }
        return crc(slots, 0, count * Frame.SLOT_BYTES) == ofBlanks;
    }

    private void fillBlanks(int count) {
        int bytes = count * Frame.SLOT_BYTES;
        if (blank.length < bytes) {
            blank = new byte[bytes];
        }
        int checksum = of(ZEROS, 0);
        var slots = Frame.over(blank);
        for (int slot = 0; slot < bytes; slot += Frame.SLOT_BYTES) {
            slots.putInt(slot + Frame.SLOT_CRC, checksum);
        }
        ofBlanks = crc(blank, 0, bytes);
        blanks = count;
    }

    private int crc(byte[] bytes, int from, int length) {
        crc.reset();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
