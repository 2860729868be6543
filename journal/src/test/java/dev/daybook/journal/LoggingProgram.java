package dev.daybook.journal;

import dev.daybook.ChildProgram;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.nio.file.Path;

/** Logs one experiment from several threads for ever, and notes what was acknowledged. It is there to be killed. */
final class LoggingProgram {

    /** At most; each logs a metric of its own. */
    static final int THREADS = 4;

    static final int EVENTS = THREADS;

    /** Written by the test: how many acknowledgements it may come to; 0: there is no limit. */
    static final int ALLOWED = Acks.LIMIT;

    private static final int USUAL_THREADS = 2;
    private static final long GENERATION_BYTES = 1 << 20;

    private LoggingProgram() {}

    /**
     * @param args the journal's directory, the experiment's number, the file of the acknowledgements; if it is to go from one small
     *     generation to the next, what it forces; then how many threads log, and how large a generation is
     */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        var directory = Path.of(args[0]);
        var journal = args.length > 3
                ? openWithSmallGenerations(
                        directory, args[3], args.length > 5 ? Long.parseLong(args[5]) : GENERATION_BYTES)
                : Samples.open(directory);
        int threads = args.length > 4 ? Integer.parseInt(args[4]) : USUAL_THREADS;
        var id = Samples.id(Integer.parseInt(args[1]));
        var acks = new Acks(Path.of(args[2]));
        var tail = Samples.begin(journal, id).tail();
        acks.set(EVENTS, 1);
        for (int metric = 0; metric < threads; metric++) {
            int mine = metric;
            new Thread(() -> publish(journal, id, mine, acks)).start();
        }
        append(journal, id, tail, acks);
    }

    private static Journal openWithSmallGenerations(Path directory, String force, long bytes) {
        var defaults = JournalSettings.defaults(false);
        var settings = new JournalSettings(
                false, Force.valueOf(force), bytes, defaults.retentionAge(), defaults.retentionBytes());
        return Samples.open(directory, settings, BlockWriter.Sizes.DEFAULT);
    }

    private static void publish(Journal journal, ExperimentId id, int metric, Acks acks) {
        var lease = journal.lease(id);
        for (long step = 0; ; step++) {
            acks.awaitAllowance();
            while (!lease.publish(metric, step, (double) step, Samples.TIME.toEpochMilli())) {
                lease = journal.lease(id);
            }
            acks.set(metric, step + 1);
        }
    }

    private static void append(Journal journal, ExperimentId id, Tail begun, Acks acks) {
        var tail = begun;
        while (true) {
            acks.awaitAllowance();
            tail = Samples.tag(journal, id, tail, "event " + tail.events());
            acks.set(EVENTS, tail.events());
        }
    }
}
