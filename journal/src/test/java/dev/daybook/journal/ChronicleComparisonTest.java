package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.Event;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Journal;
import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our reader against Chronicle's own: the same documents, byte for byte. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChronicleComparisonTest {

    @TempDir
    private Path directory;

    @Test
    void chronicles_own_tailer_reads_the_same_documents() throws IOException {
        try (var journal = Samples.openWithBlocksOfOne(directory)) {
            Samples.write(journal);
        }
        assertThat(compared()).isEqualTo(16);
    }

    @Test
    void also_behind_large_documents_and_over_many_blocks_of_the_file() throws IOException {
        try (var journal = Samples.openWithBlocksOfOne(directory)) {
            var tail = Samples.begin(journal, id(1)).tail();
            for (int i = 0; i < 30; i++) {
                var note = new Event.NoteTaken("x".repeat(100_003 * (i % 19 + 1)));
                tail = journal.append(id(1), AppendCondition.continues(tail), Samples.TIME, note)
                        .tail();
                Samples.publish(journal, id(1), i);
            }
        }
        assertThat(compared()).isEqualTo(1 + 30 + 30 * 29 / 2);
    }

    @Test
    void also_where_chronicle_put_another_index_between_them() throws IOException {
        // one index holds 4096 * 256 documents
        int records = (4096 << 8) + 1_000;
        try (var journal = Samples.openWithBlocksOfOne(directory)) {
            Samples.begin(journal, id(1));
            Samples.publish(journal, id(1), records);
        }
        assertThat(compared()).isEqualTo(1 + records);
        try (var journal = Samples.openWithBlocksOfOne(directory)) {
            assertThat(counted(journal)).isEqualTo(1 + records);
        }
    }

    private static long counted(Journal journal) {
        var generation = journal.generations().get(0);
        var count = new CountingSink();
        generation.read(0, count);
        assertThat(generation.damage()).isEmpty();
        return count.items;
    }

    /** Compares all documents of the only generation, and says how many there are. */
    private long compared() throws IOException {
        var generation =
                directory.resolve(JournalDirectory.of(directory).generations().get(0));
        var ours = new QueueFile(JournalDirectory.queue(generation));
        long documents = 0;
        long position = 0;
        try (var queue = SingleChronicleQueueBuilder.binary(generation)
                        .rollCycle(RollCycles.FAST_DAILY)
                        .timeProvider(() -> 0L)
                        .blockSize(8 << 20)
                        .readOnly(true)
                        .build();
                var tailer = queue.createTailer()) {
            while (true) {
                try (var document = tailer.readingDocument()) {
                    var found = ours.find(position);
                    assertThat(document.isPresent()).isEqualTo(found == QueueFile.Found.DOCUMENT);
                    if (!document.isPresent()) {
                        return documents;
                    }
                    var theirs = document.wire().bytes().toByteArray();
                    var bytes = new byte[ours.length()];
                    ours.copy(ours.payload(), bytes, bytes.length);
                    if (!java.util.Arrays.equals(bytes, theirs)) {
                        throw new AssertionError("document " + documents + " differs");
                    }
                    position = ours.next();
                    documents++;
                }
            }
        }
    }
}
