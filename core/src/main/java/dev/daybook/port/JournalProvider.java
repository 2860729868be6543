package dev.daybook.port;

import java.nio.file.Path;

/** How a journal is found: one implementation on the class path, by {@link java.util.ServiceLoader}. */
public interface JournalProvider {

    /**
     * Opens the journal below a directory; nothing is created before the first event.
     *
     * @param directory need not exist
     * @param opensJvm whether the journal may open the packages of the JVM that it needs by itself
     */
    Journal open(Path directory, boolean opensJvm);
}
