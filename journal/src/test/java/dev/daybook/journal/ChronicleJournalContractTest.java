package dev.daybook.journal;

import dev.daybook.port.Journal;
import dev.daybook.port.JournalContract;
import java.nio.file.Path;

class ChronicleJournalContractTest extends JournalContract {

    @Override
    protected Journal open(Path directory) {
        return new ChronicleJournalProvider().open(directory, false);
    }
}
