package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlotChecksumProperties {

    private final SlotChecksum checksum = new SlotChecksum();

    @Property
    void it_is_the_crc_of_document_writer_and_slot(
            @ForAll long document,
            @ForAll int writer,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 50) int count) {
        var slots = slots(document, writer, seed, count);

        checksum.begin(document, writer);

        for (int slot = 0; slot < count; slot++) {
            assertThat(checksum.of(slots, slot * Frame.SLOT_BYTES)).isEqualTo(stored(slots, slot));
        }
    }

    @Property
    void right_slots_are_right_together(
            @ForAll long document,
            @ForAll int writer,
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 300) int count,
            @ForAll @IntRange(min = 0, max = 300) int before) {
        checksum.begin(document ^ 1, writer);
        assertThat(checksum.areRight(slots(document ^ 1, writer, seed, before), before))
                .isTrue();
        checksum.begin(document, writer);

        assertThat(checksum.areRight(slots(document, writer, seed, count), count))
                .isTrue();
    }

    @Property
    void one_wrong_bit_is_seen_among_many_slots(
            @ForAll long document,
            @ForAll int writer,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int count,
            @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int bit) {
        var slots = slots(document, writer, seed, count);
        slots[bit / Byte.SIZE % slots.length] ^= (byte) (1 << bit % Byte.SIZE);

        checksum.begin(document, writer);

        assertThat(checksum.areRight(slots, count)).isFalse();
    }

    @Property
    void slots_of_another_document_or_writer_are_wrong(
            @ForAll long document,
            @ForAll int writer,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int count) {
        var slots = slots(document, writer, seed, count);

        checksum.begin(document + 1, writer);
        assertThat(checksum.areRight(slots, count)).isFalse();
        checksum.begin(document, writer + 1);
        assertThat(checksum.areRight(slots, count)).isFalse();
    }

    @Property
    void an_empty_slot_among_them_is_wrong(
            @ForAll long document,
            @ForAll int writer,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int count,
            @ForAll @IntRange(min = 0, max = 299) int empty) {
        var slots = slots(document, writer, seed, count);
        int at = empty % count * Frame.SLOT_BYTES;
        Arrays.fill(slots, at, at + Frame.SLOT_BYTES, (byte) 0);

        checksum.begin(document, writer);

        assertThat(checksum.areRight(slots, count)).isFalse();
    }

    /** As the layout says, byte by byte. */
    private static byte[] slots(long document, int writer, long seed, int count) {
        var slots = new byte[count * Frame.SLOT_BYTES];
        new Random(seed).nextBytes(slots);
        var buffer = Frame.over(slots);
        var prefix = Frame.over(new byte[12]).putLong(document).putInt(writer).array();
        for (int slot = 0; slot < count; slot++) {
            int at = slot * Frame.SLOT_BYTES;
            var crc = new CRC32C();
            crc.update(prefix);
            crc.update(slots, at, Frame.SLOT_CRC);
            buffer.putInt(at + Frame.SLOT_CRC, (int) crc.getValue());
            buffer.putInt(at + Frame.SLOT_RESERVED, 0);
        }
        return slots;
    }

    private static int stored(byte[] slots, int slot) {
        return Frame.over(slots).getInt(slot * Frame.SLOT_BYTES + Frame.SLOT_CRC);
    }
}
