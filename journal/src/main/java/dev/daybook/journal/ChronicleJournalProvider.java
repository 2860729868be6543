package dev.daybook.journal;

import dev.daybook.port.Journal;
import dev.daybook.port.JournalProvider;
import java.nio.file.Path;

/** Finds the Chronicle journal for {@link java.util.ServiceLoader}. Public only for that. */
public final class ChronicleJournalProvider implements JournalProvider {

    @Override
    public Journal open(Path directory, boolean opensJvm) {
        return new ChronicleJournal(JournalDirectory.of(directory), new JvmAccess(opensJvm), QueueWriter.Sync.DISK);
    }
}
