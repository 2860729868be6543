package dev.daybook.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps JGit from writing into the user's home: JGit measures the clock of each file system and stores what it found in its own file there.
 * Here that file is empty and in memory. The configuration of Git, the user's and the system's, is read as ever.
 */
final class QuietSystemReader extends SystemReader.Delegate {

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

    /** A configuration without a file, like the one that JGit uses for the system's where there is none. */
    private static final class InMemoryConfig extends FileBasedConfig {

        InMemoryConfig(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {
            // empty
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
