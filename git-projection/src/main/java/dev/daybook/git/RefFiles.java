package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The files that refs are kept in, one each or packed into one, and how they get to the disk.
 *
 * @param folder the one of Git that all work trees share
 */
record RefFiles(Path folder) {

    /** A ref's own, if it is not packed; or a folder of refs. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** By which every program locks a ref. */
    Path lock(String name) {
        return folder.resolve(name + ".lock");
    }

    Path packed() {
        return folder.resolve("packed-refs");
    }

    Path packedLock() {
        return folder.resolve("packed-refs.lock");
    }

    void force(String name) throws IOException {
        try {
            Durable.force(file(name));
            forceFolders(name);
        } catch (NoSuchFileException e) {
            // git has packed it
            forcePacked();
        }
    }

    void forceFolders(String name) throws IOException {
        try {
            Durable.forceUpTo(file(name.substring(0, name.lastIndexOf('/'))), file("refs"));
        } catch (NoSuchFileException e) {
            // git has packed it, and taken away the empty folders
            forcePacked();
        }
    }

    void forcePacked() throws IOException {
        if (Files.exists(packed())) {
            Durable.forceUpTo(packed(), folder);
        }
    }
}
