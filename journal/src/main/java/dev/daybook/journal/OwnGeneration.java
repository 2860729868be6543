package dev.daybook.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/** The directory of the generation that this process writes, and the lock on it. */
final class OwnGeneration implements Closeable {

    private static final String HOST = host();

    private final String name;
    private final Path path;
    private final LivenessLock lock;

    private OwnGeneration(String name, Path path, LivenessLock lock) {
        this.name = name;
        this.path = path;
        this.lock = lock;
    }

    /** Makes one: when this returns it exists, is locked, and is on disk. */
    static OwnGeneration make(JournalDirectory directory) throws IOException {
        directory.create();
        var now = Instant.now();
        var existing = Disk.names(directory.path());
        directory.cleanLeftovers(existing, now);
        var name = JournalDirectory.newName(existing, now);
        var beingMade = directory.beingMade(name);
        var path = directory.generation(name);
        Files.createDirectory(beingMade);
        LivenessLock lock = null;
        try {
            lock = LivenessLock.take(JournalDirectory.lock(beingMade), JournalDirectory.lock(path));
            var writer = JournalDirectory.writer(beingMade);
            Files.writeString(writer, "process " + ProcessHandle.current().pid() + " on host " + HOST + "\n");
            Disk.forceFile(writer);
            Disk.forceDirectory(beingMade);
            Files.move(beingMade, path, StandardCopyOption.ATOMIC_MOVE);
            Disk.forceDirectory(directory.path());
            return new OwnGeneration(name, path, lock);
        } catch (IOException | RuntimeException e) {
            if (lock != null) {
                lock.close();
            }
            if (Files.exists(beingMade)) {
                Disk.deleteFlat(beingMade);
            }
            throw e;
        }
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    /** Gives the generation up: it is finished. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** Without asking the network, which may take its time to answer. */
    private static String host() {
        var kernel = Path.of("/proc/sys/kernel/hostname");
        try {
            if (Files.isReadable(kernel)) {
                return Files.readString(kernel, StandardCharsets.UTF_8).strip();
            }
        } catch (IOException e) {
            // then the environment may know
        }
        var environment = System.getenv();
        return environment.getOrDefault("HOSTNAME", environment.getOrDefault("COMPUTERNAME", "unknown"));
    }
}
