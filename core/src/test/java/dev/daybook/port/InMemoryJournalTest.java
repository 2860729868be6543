package dev.daybook.port;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class InMemoryJournalTest extends JournalContract {

    private final Map<Path, InMemoryJournal.Store> stores = new HashMap<>();

    @Override
    protected Journal open(Path dir) {
        return new InMemoryJournal(stores.computeIfAbsent(dir, path -> new InMemoryJournal.Store()));
    }
}
