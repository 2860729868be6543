package dev.daybook.git;

import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps JGit from writing what nobody asked for: it measures the clock of each file system by creating hundreds of {@code .probe} files in
 * the repository and beside every configuration, and stores what it found in the user's home. Here that store is in memory and already
 * holds a careful answer for each file system. The configuration of Git, the user's and the system's, is read as ever.
 */
final class QuietSystemReader extends SystemReader.Delegate {

    /** No file system that is in use is coarser; JGit reads files that are younger than this again. */
    private static final String COARSE = "2 seconds";

    private QuietSystemReader(SystemReader original) {
        super(original);
    }

    /** Once for the JVM, and only if the application has not given JGit a reader of its own. */
    static synchronized void install() {
        var current = SystemReader.getInstance();
        if (current.getClass().getEnclosingClass() == SystemReader.class) {
            SystemReader.setInstance(new QuietSystemReader(current));
        }
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new InMemoryConfig(parent, fs);
    }

    /** A configuration without a file, as JGit makes one for the system's where there is none. */
    private static final class InMemoryConfig extends FileBasedConfig {

        InMemoryConfig(Config parent, FS fs) {
            super(parent, null, fs);
            for (var store : FileSystems.getDefault().getFileStores()) {
                setString("filesystem", key(store), "timestampResolution", COARSE);
            }
        }

        /** JGit's own key for a file system: see FS.FileStoreAttributes. What is missed here is measured. */
        private static String key(FileStore store) {
            return System.getProperty("java.vendor") + "|" + System.getProperty("java.version") + "|" + store.name();
        }

        @Override
        public void load() {
            // there is nothing to read
        }

        @Override
        public void save() {
            // stays in memory
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
