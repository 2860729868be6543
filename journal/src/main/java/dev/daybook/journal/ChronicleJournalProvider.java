package dev.daybook.journal;

import dev.daybook.port.Journal;
import dev.daybook.port.JournalProvider;
import dev.daybook.port.JournalSettings;
import java.nio.file.Path;

/** Finds the Chronicle journal for {@link java.util.ServiceLoader}. Public only for that. */
public final class ChronicleJournalProvider implements JournalProvider {

    @Override
    public Journal open(Path directory, JournalSettings settings) {
        return new ChronicleJournal(
                JournalDirectory.of(directory),
                new JvmAccess(settings.opensJvm()),
                QueueWriter.Sync.DISK,
                settings,
                BlockWriter.Sizes.DEFAULT);
    }
}
