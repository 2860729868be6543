package dev.daybook.journal;

import dev.daybook.port.JournalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The hand-over between who logs and who seals, under Lincheck: whatever the interleaving, each call looks as if it had happened at one
 * moment. A seal says how many records there are then, which is exactly those that were acknowledged before it.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinearizabilityTest {

    private static final ChronicleJournal JOURNAL = new ChronicleJournal(
            new JournalDirectory(Path.of("nowhere")),
            new JvmAccess(false),
            QueueWriter.Sync.DISK,
            JournalSettings.defaults(false),
            BlockWriter.Sizes.DEFAULT);

    /** Blocks in plain memory, as many as are asked for. */
    private static final class Memory {
        private final List<ByteBuffer> blocks = new CopyOnWriteArrayList<>();

        void give(BlockWriter writer, int slots) {
            var memory = ByteBuffer.allocate(slots * Frame.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            try {
                writer.take(blocks.size(), window(memory), 0, slots);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            blocks.add(memory);
        }
    }

    private static Window window(ByteBuffer memory) {
        var window = new Window(0, memory, new Window.Mapping() {
            @Override
            public ByteBuffer map() {
                return memory;
            }

            @Override
            public void unmap(ByteBuffer unused) {}
        });
        window.passed();
        return window;
    }

    /** One generation's worth of an experiment: it may be told that it is full. */
    private static final class Home implements Stretch.Home {
        private final Memory memory = new Memory();
        private final List<MetricTrack> tracks = new ArrayList<>();
        private int recordsBefore;
        private int generation;
        private volatile int current;

        @Override
        public BlockWriter[] newWriters(int count) {
            var writers = new BlockWriter[count];
            int mine = generation;
            for (int number = 0; number < count; number++) {
                if (number == tracks.size()) {
                    tracks.add(new MetricTrack(number));
                }
                writers[number] = new BlockWriter(
                        (writer, slots) -> reserve(mine, writer, slots),
                        new BlockWriter.Sizes(1, 2),
                        tracks.get(number));
            }
            return writers;
        }

        private boolean reserve(int asked, BlockWriter writer, int slots) {
            synchronized (memory) {
                if (asked != current) {
                    return false;
                }
                memory.give(writer, slots);
                return true;
            }
        }

        @Override
        public void moveOn() {
            recordsBefore = records();
            tracks.clear();
            generation = current;
        }

        int records() {
            return recordsBefore
                    + tracks.stream().mapToInt(MetricTrack::records).sum();
        }
    }

    /** One writer. */
    public static class OneWriter {
        private final Home home = new Home();
        private final Memory memory = new Memory();
        private final MetricTrack track = new MetricTrack(0);
        private final BlockWriter writer = new BlockWriter(
                (asking, slots) -> {
                    memory.give(asking, slots);
                    return true;
                },
                new BlockWriter.Sizes(1, 2),
                track);
        private final Lease lease = new Lease(JOURNAL, home, new Stretch(home, 1));

        @Operation
        public boolean log() {
            while (true) {
                switch (writer.write(lease, 1, 2, 3, 4)) {
                    case WRITTEN -> {
                        return true;
                    }
                    case SEALED, FULL -> {
                        return false;
                    }
                    case BUSY -> Thread.onSpinWait();
                }
            }
        }

        @Operation
        public int seal() {
            writer.seal();
            return track.records();
        }

        @Operation
        public void rest() {
            writer.rest();
        }

        /** What a reader finds published. */
        @Operation
        public int read() {
            int count = 0;
            for (var block : memory.blocks) {
                for (int at = 0; at < block.capacity(); at += Frame.SLOT_BYTES) {
                    if (block.getInt(at) != 0) {
                        count++;
                    }
                }
            }
            return count;
        }
    }

    /** A lease, whose stretch is widened, moved and at last sealed by an event that counts. */
    public static class LogAgainstSave {
        private final Home home = new Home();
        private final Stretch stretch = new Stretch(home, 1);
        private final Lease lease = new Lease(JOURNAL, home, stretch);

        @Operation
        public boolean log() {
            return lease.publish(1, 2, 3, 4);
        }

        @Operation
        public int save() {
            synchronized (home) {
                stretch.seal();
                return home.records();
            }
        }

        @Operation
        public void rest() {
            stretch.rest();
        }

        @Operation
        public void seal() {
            lease.seal();
        }

        @Operation
        public void widen() {
            var writers = stretch.writers();
            if (writers.length > 0 && writers.length < 4) {
                stretch.widen(writers);
            }
        }

        @Operation
        public void fill() {
            synchronized (home.memory) {
                home.current++;
            }
        }
    }

    /**
     * What writes to the block is left out of the interleavings, which the model checker cannot follow there (views of buffers and arrays): it
     * happens behind the gate. The stress tests have it.
     */
    private static ModelCheckingOptions modelChecking(int iterations, int invocations) {
        return new ModelCheckingOptions()
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(BlockWriter.class.getName())
                        .methods("put", "take", "leave", "leaveMemory", "<init>")
                        .ignore())
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    private static StressOptions stress(int iterations, int invocations) {
        return new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    @Test
    void a_writer_is_linearizable_under_stress() {
        stress(4, 300).check(OneWriter.class);
    }

    @Test
    void a_lease_is_linearizable_under_stress() {
        stress(4, 300).check(LogAgainstSave.class);
    }

    // the model checker takes half a minute to begin with

    @Test
    @Tag("deep")
    void a_writer_is_linearizable_in_every_interleaving_that_was_tried() {
        modelChecking(10, 300).check(OneWriter.class);
    }

    @Test
    @Tag("deep")
    void a_lease_is_linearizable_in_every_interleaving_that_was_tried() {
        modelChecking(10, 300).check(LogAgainstSave.class);
    }
}
