package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.nio.file.Path;

/** Logs one experiment from several threads for ever, and notes what was acknowledged. It is there to be killed. */
final class LoggingProgram {

    static final int THREADS = 2;
    static final int EVENTS = THREADS;

    private LoggingProgram() {}

    /**
     * @param args the journal's directory, the experiment's number, the file of the acknowledgements; and, if it is to go from one small
     *     generation to the next, what it forces
     */
    public static void main(String[] args) throws IOException {
        var directory = Path.of(args[0]);
        var journal = args.length > 3 ? openWithSmallGenerations(directory, args[3]) : Samples.open(directory);
        var id = Samples.id(Integer.parseInt(args[1]));
        var acks = new Acks(Path.of(args[2]));
        var tail = Samples.begin(journal, id).tail();
        acks.set(EVENTS, 1);
        for (int metric = 0; metric < THREADS; metric++) {
            int mine = metric;
            new Thread(() -> publish(journal, id, mine, acks)).start();
        }
        append(journal, id, tail, acks);
    }

    private static Journal openWithSmallGenerations(Path directory, String force) {
        var defaults = JournalSettings.defaults(false);
        var settings = new JournalSettings(
                false, Force.valueOf(force), 1 << 20, defaults.retentionAge(), defaults.retentionBytes());
        return Samples.open(directory, settings, BlockWriter.Sizes.DEFAULT);
    }

    private static void publish(Journal journal, ExperimentId id, int metric, Acks acks) {
        var lease = journal.lease(id);
        for (long step = 0; ; step++) {
            while (!lease.publish(metric, step, (double) step, Samples.TIME.toEpochMilli())) {
                lease = journal.lease(id);
            }
            acks.set(metric, step + 1);
        }
    }

    private static void append(Journal journal, ExperimentId id, Tail begun, Acks acks) {
        var tail = begun;
        while (true) {
            tail = Samples.tag(journal, id, tail, "event " + tail.events());
            acks.set(EVENTS, tail.events());
        }
    }
}
