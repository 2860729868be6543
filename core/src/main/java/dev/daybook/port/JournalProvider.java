package dev.daybook.port;

import java.nio.file.Path;

/** How a journal is found: one implementation on the class path, by {@link java.util.ServiceLoader}. */
public interface JournalProvider {

    /**
     * Opens the journal below a directory; nothing is created before the first event.
     *
     * @param directory need not exist
     */
    Journal open(Path directory, JournalSettings settings);

    /**
     * Opens the journal below a directory with the settings that most have.
     *
     * @param opensJvm whether the journal may open the packages of the JVM that it needs by itself
     */
    default Journal open(Path directory, boolean opensJvm) {
        return open(directory, JournalSettings.defaults(opensJvm));
    }
}
