package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Logs until it is refused, on a disk that is too small, and prints what it was told; notes what was acknowledged before that.
 *
 * <p>It tries again then: each line that it prints is one refusal.
 */
final class FillingProgram {

    static final int RECORDS = 0;
    static final int EVENTS = 1;

    /** What it does. */
    enum Kind {
        /** Appends events of many lengths. */
        EVENTS,
        /** Publishes records. */
        RECORDS,
        /** Both in turn. */
        BOTH,
        /** Publishes into a large block, and fills the disk itself when that was just reserved. */
        BLOCK,
        /** Begins with a large event. */
        FIRST
    }

    /** So many records leave a block of 1,024 slots of which one is taken. */
    static final int BLOCK_BEGUN = 8 + 16 + 32 + 64 + 128 + 256 + 512 + 1;

    private static final int SLOTS_LEFT = 1_023;
    private static final int LONGEST_TAG = 3_000;
    private static final int LARGE_BYTES = 1_600_000;

    private final Journal journal;
    private final ExperimentId id;
    private final Acks acks;
    private final Event first;
    private Tail tail;

    private FillingProgram(Journal journal, ExperimentId id, Acks acks, Kind kind) {
        this.journal = journal;
        this.id = id;
        this.acks = acks;
        this.first = Samples.initialized("filling", "x".repeat(kind == Kind.FIRST ? LARGE_BYTES : 2));
        this.tail = Tail.start(id);
    }

    /**
     * @param args the journal's directory, the experiment's number, the file of the acknowledgements, the kind, how large a generation is, how
     *     much is logged at most
     */
    public static void main(String[] args) throws IOException {
        var directory = Path.of(args[0]);
        var defaults = JournalSettings.defaults(false);
        var settings = new JournalSettings(
                false, defaults.force(), Long.parseLong(args[4]), defaults.retentionAge(), defaults.retentionBytes());
        var journal = Samples.open(directory, settings, BlockWriter.Sizes.DEFAULT);
        var kind = Kind.valueOf(args[3]);
        var id = Samples.id(Integer.parseInt(args[1]));
        var program = new FillingProgram(journal, id, new Acks(Path.of(args[2])), kind);
        int most = Integer.parseInt(args[5]);
        refused(() -> program.log(directory, kind, most));
        refused(program::begin);
        refused(() -> program.publish(1));
        refused(journal::close);
    }

    private interface Calls {
        void run() throws IOException;
    }

    private static void refused(Calls calls) throws IOException {
        try {
            calls.run();
        } catch (JournalException | IllegalStateException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void begin() {
        if (tail.events() == 0) {
            tail = journal.append(id, AppendCondition.begins(id), Samples.TIME, first)
                    .tail();
            acks.set(EVENTS, 1);
        } else {
            tag(1);
        }
    }

    private void tag(int length) {
        tail = Samples.tag(journal, id, tail, "x".repeat(length));
        acks.set(EVENTS, tail.events());
    }

    private void publish(int count) {
        MetricLease lease = journal.lease(id);
        for (int i = 0; i < count; i++) {
            long step = acks.get(RECORDS);
            if (!lease.publish(0, step, step / 8.0, step)) {
                throw new AssertionError("sealed");
            }
            acks.set(RECORDS, step + 1);
        }
    }

    private void log(Path directory, Kind kind, int most) throws IOException {
        begin();
        for (int i = 1; i <= most; i++) {
            switch (kind) {
                case EVENTS -> tag(1 + i * 97 % LONGEST_TAG);
                case RECORDS -> publish(100);
                case BOTH -> {
                    publish(i % 100);
                    tag(1 + i * 97 % LONGEST_TAG);
                }
                case BLOCK -> {
                    publish(BLOCK_BEGUN);
                    fill(directory.resolve("filler-of-program"));
                    publish(SLOTS_LEFT);
                    System.out.println("the block is full");
                    publish(1 << 20);
                }
                case FIRST -> throw new AssertionError("the first event was taken");
            }
        }
    }

    private static void fill(Path filler) throws IOException {
        var bytes = new byte[4 << 10];
        try (var open = new RandomAccessFile(filler.toFile(), "rw")) {
            while (true) {
                open.write(bytes);
            }
        } catch (IOException e) {
            if (Files.size(filler) == 0) {
                throw e;
            }
        }
    }
}
