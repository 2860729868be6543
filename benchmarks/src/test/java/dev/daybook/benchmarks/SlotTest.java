package dev.daybook.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SlotTest {

    private final Slot slot = new Slot();

    @Test
    void a_record_holds_what_was_logged_and_the_next_one_the_next_sequence() {
        var memory = ByteBuffer.allocateDirect(2 * Slot.BYTES).order(ByteOrder.LITTLE_ENDIAN);

        slot.publish(memory, 0, 3, 17, 0.25);
        slot.publish(memory, Slot.BYTES, 3, 18, -0.0);

        assertThat(memory.getInt(Slot.SEQUENCE)).isEqualTo(1);
        assertThat(memory.getInt(Slot.METRIC)).isEqualTo(3);
        assertThat(memory.getLong(Slot.STEP)).isEqualTo(17);
        assertThat(memory.getDouble(Slot.VALUE)).isEqualTo(0.25);
        assertThat(memory.getInt(Slot.BYTES + Slot.SEQUENCE)).isEqualTo(2);
        assertThat(memory.getLong(Slot.BYTES + Slot.STEP)).isEqualTo(18);
        assertThat(slot.count()).isEqualTo(2);
    }

    @Test
    void the_checksum_is_that_of_all_before_it() {
        var bytes = new byte[Slot.BYTES];

        slot.copyTo(bytes, 3, 17, 0.25);

        var crc = new CRC32C();
        crc.update(bytes, 0, Slot.CRC);
        var record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(record.getInt(Slot.CRC)).isEqualTo((int) crc.getValue());
        assertThat(record.getLong(Slot.STEP)).isEqualTo(17);
    }
}
