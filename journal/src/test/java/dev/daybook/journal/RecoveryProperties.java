package dev.daybook.journal;

import dev.daybook.port.JournalReading.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever accident befalls a queue's file: what is read of an experiment is a prefix of what was written of it. */
class RecoveryProperties {

    private static final int MANY = 1 << 20;

    /** Smaller than those of any disk, so that a short queue has many. */
    private static final int PAGE_BYTES = 256;

    private static Path original = Path.of("");
    private static Path copy = Path.of("");
    private static byte[] queue = {};
    private static List<Item> items = List.of();

    @BeforeContainer
    static void record() throws IOException {
        original = Files.createTempDirectory("daybook-original");
        copy = Files.createTempDirectory("daybook-copy");
        try (var journal = Samples.openWithBlocksOfOne(original)) {
            Samples.write(journal);
        }
        queue = Samples.queue(original);
        Samples.place(copy, queue);
        items = Samples.read(Samples.generation(copy));
    }

    @AfterContainer
    static void delete() throws IOException {
        for (var directory : List.of(original, copy)) {
            try (var paths = Files.walk(directory)) {
                for (var path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Property(tries = 300)
    void a_cut_leaves_a_prefix(@ForAll @IntRange(max = MANY) int at) {
        Samples.place(copy, Arrays.copyOf(queue, at % (queue.length + 1)));

        assertPrefix(Samples.read(Samples.generation(copy)));
    }

    @Property(tries = 600)
    void a_flipped_bit_anywhere_is_reported_or_harmless(
            @ForAll @IntRange(max = MANY) int at, @ForAll @IntRange(max = 7) int bit) {
        var flipped = queue.clone();
        flipped[at % queue.length] ^= (byte) (1 << bit);
        Samples.place(copy, flipped);

        RecoveryTest.assertReportedOrHarmless("byte " + at % queue.length, Samples.generation(copy), items);
    }

    @Property(tries = 600)
    void a_flipped_bit_in_the_first_metadata_is_reported_or_harmless(
            @ForAll @IntRange(max = 300) int at, @ForAll @IntRange(max = 7) int bit) {
        a_flipped_bit_anywhere_is_reported_or_harmless(at, bit);
    }

    @Property(tries = 300)
    void garbage_leaves_a_prefix(
            @ForAll @IntRange(max = MANY) int from, @ForAll @Size(min = 1, max = 200) byte[] garbage) {
        var overwritten = queue.clone();
        int documents = Samples.documents(Samples.place(copy, queue)).get(0).start();
        int at = documents + from % (queue.length - documents);
        System.arraycopy(garbage, 0, overwritten, at, Math.min(garbage.length, queue.length - at));
        Samples.place(copy, overwritten);

        assertPrefix(Samples.read(Samples.generation(copy)));
    }

    @Property(tries = 300)
    void swapped_and_repeated_pages_leave_a_prefix(
            @ForAll @IntRange(max = MANY) int one, @ForAll @IntRange(max = MANY) int other, @ForAll boolean isSwap) {
        int pages = queue.length / PAGE_BYTES;
        int from = one % pages * PAGE_BYTES;
        int to = other % pages * PAGE_BYTES;
        var mixed = queue.clone();
        System.arraycopy(queue, from, mixed, to, PAGE_BYTES);
        if (isSwap) {
            System.arraycopy(queue, to, mixed, from, PAGE_BYTES);
        }
        Samples.place(copy, mixed);

        assertPrefix(Samples.read(Samples.generation(copy)));
    }

    @Property(tries = 300)
    void lost_pages_leave_a_prefix(@ForAll @Size(max = 6) List<@IntRange(max = MANY) Integer> pages) {
        var holes = queue.clone();
        for (int page : pages) {
            int from = page % (queue.length / PAGE_BYTES) * PAGE_BYTES;
            Arrays.fill(holes, from, from + PAGE_BYTES, (byte) 0);
        }
        Samples.place(copy, holes);

        assertPrefix(Samples.read(Samples.generation(copy)));
    }

    private static void assertPrefix(List<Item> found) {
        RecoveryTest.requirePrefixes("this", found, items);
    }
}
