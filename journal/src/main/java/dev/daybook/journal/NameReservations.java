package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * The names that unfinished experiments have, each a file.
 *
 * <pre>
 *   names/lr-sweep_1-5f0c3a92e1b7d846       the name as far as a file can be called so, and 16 hex digits of its SHA-256
 *     0199f0aa-8a70-7abc-8def-0123456789ab  the experiment
 *     20261123T161900.123Z-9f3a61c2         the generation of the process that reserved it
 *     lr-sweep/1                            the name, to the end of the file
 * </pre>
 *
 * <p>A file appears complete, by a hard link, which fails if there is one already. It is void if its maker's generation is gone, or is
 * finished and holds no event of the experiment, or one that settles it: then the maker died in between.
 */
final class NameReservations {

    private static final int READABLE_CHARS = 40;
    private static final int HASH_BYTES = 8;

    private final JournalDirectory directory;
    private final TakeoverLock takeover;

    /** Whether the folder of the names has its own name on disk, whoever has made it. */
    private volatile boolean isFolderForced;

    NameReservations(JournalDirectory directory, TakeoverLock takeover) {
        this.directory = directory;
        this.takeover = takeover;
    }

    /** What a file says. */
    private record Reservation(ExperimentId id, String generation, String name) {

        boolean isOf(ExperimentId experiment, String itsName) {
            return id.equals(experiment) && name.equals(itsName);
        }

        String text() {
            return id + "\n" + generation + "\n" + name;
        }
    }

    /**
     * Reserves a name.
     *
     * @param generation the own one, which exists
     * @return false if another experiment has it
     */
    boolean reserve(String name, ExperimentId id, String generation) {
        var wanted = new Reservation(id, generation, name);
        try {
            return Disk.uninterrupted(() -> isPlaced(wanted) || locked(() -> replacesVoid(wanted)));
        } catch (IOException e) {
            throw new JournalException("the name '" + name + "' cannot be reserved: " + Disk.reason(e), e);
        }
    }

    /**
     * Gives a name back, if this experiment has it. The disk may not know it before {@link #force}; if it never learns, the reservation is
     * void all the same as soon as the experiment is saved or discarded.
     *
     * @param living a generation that does not end meanwhile: no name is taken from one that lives, and so it takes no lock to delete its own
     * @return whether there is something to force
     */
    boolean release(String name, ExperimentId id, Optional<String> living) {
        try {
            return Disk.uninterrupted(() -> {
                synchronized (this) {
                    var found = read(file(name));
                    if (found.isPresent()
                            && living.equals(Optional.of(found.get().generation()))) {
                        return found.get().isOf(id, name) && Files.deleteIfExists(file(name));
                    }
                }
                return locked(() -> removes(name, id));
            });
        } catch (IOException e) {
            throw new JournalException("the name '" + name + "' cannot be given back: " + Disk.reason(e), e);
        }
    }

    /** When this returns, what was released is so on disk. */
    void force() {
        try {
            Disk.uninterrupted(() -> {
                Disk.forceDirectory(directory.names());
                return true;
            });
        } catch (IOException e) {
            throw new JournalException("names cannot be given back: " + Disk.reason(e), e);
        }
    }

    /** Whether the experiment has the name now: by this call, or since before. */
    private boolean isPlaced(Reservation wanted) throws IOException {
        var file = file(wanted.name());
        if (!Files.isDirectory(directory.names())) {
            Files.createDirectories(directory.names());
            isFolderForced = false;
        }
        var whole = directory.names().resolve(".tmp-" + UUID.randomUUID());
        try {
            Files.writeString(whole, wanted.text(), StandardOpenOption.CREATE_NEW);
            Disk.forceFile(whole);
            place(file, whole);
            forceOrTakeBack(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return read(file)
                    .filter(found -> found.isOf(wanted.id(), wanted.name()))
                    .isPresent();
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** What could not be forced is nobody's: else the next one who asks for it would be refused, or take it for forced. */
    private void forceOrTakeBack(Path file) throws IOException {
        try {
            Disk.forceDirectory(directory.names());
            if (!isFolderForced) {
                Disk.forceDirectory(directory.path());
                isFolderForced = true;
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private void place(Path file, Path whole) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // a file system without hard links; others may see it while it is empty, but take it for nothing in this
            // lock only
            locked(() -> {
                Files.copy(whole, file);
                Disk.forceFile(file);
                return true;
            });
        }
    }

    /** Under the lock for takeovers, so that two do not replace one another's. */
    private boolean replacesVoid(Reservation wanted) throws IOException {
        var file = file(wanted.name());
        if (isEmpty(file)) {
            Files.delete(file);
        }
        var found = read(file);
        if (found.isPresent()) {
            if (found.get().isOf(wanted.id(), wanted.name())) {
                return true;
            }
            if (!isVoid(found.get())) {
                return false;
            }
            Files.deleteIfExists(file);
        }
        return isPlaced(wanted);
    }

    private boolean removes(String name, ExperimentId id) throws IOException {
        var file = file(name);
        if (read(file).filter(found -> found.isOf(id, name)).isEmpty()) {
            return false;
        }
        return Files.deleteIfExists(file);
    }

    private boolean isVoid(Reservation found) {
        // another reader than the one that is given out, which somebody may be using while he waits for this lock
        var maker = new JournalGeneration(directory, found.generation(), name -> false);
        if (maker.isAlive()) {
            return false;
        }
        var search = new Search(found.id());
        maker.read(0, search);
        return !search.isUnfinished;
    }

    /** Whether somebody is writing it, or was when he died or the power was cut. */
    private static boolean isEmpty(Path file) throws IOException {
        try {
            return isEmpty(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isEmpty(String text) {
        return text.chars().allMatch(c -> c == 0);
    }

    /** Nothing of one that is empty, too. */
    private static Optional<Reservation> read(Path file) throws IOException {
        try {
            var text = Files.readString(file, StandardCharsets.UTF_8);
            if (isEmpty(text)) {
                return Optional.empty();
            }
            var lines = text.split("\n", 3);
            if (lines.length < 3 || !JournalDirectory.isGeneration(lines[1])) {
                throw new IllegalArgumentException("it is incomplete");
            }
            return Optional.of(new Reservation(ExperimentId.parse(lines[0]), lines[1], lines[2]));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no reservation of Daybook, delete it: " + Disk.reason(e), e);
        }
    }

    private <T> T locked(Disk.Repeatable<T> action) throws IOException {
        if (takeover.isHeldByThisThread()) {
            return action.run();
        }
        try {
            return takeover.hold(() -> {
                try {
                    return action.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Path file(String name) {
        var readable = new StringBuilder();
        name.codePoints()
                .limit(READABLE_CHARS)
                .forEach(c -> readable.appendCodePoint(isReadable(c) && !(c == '.' && readable.isEmpty()) ? c : '_'));
        return directory.names().resolve(readable + "-" + hash(name));
    }

    private static boolean isReadable(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "._-".indexOf(c) >= 0;
    }

    private static String hash(String name) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Looks for an experiment that was begun, and neither saved nor discarded. */
    private static final class Search implements EntrySink {

        private final ExperimentId id;
        private boolean isUnfinished;

        Search(ExperimentId id) {
            this.id = id;
        }

        @Override
        public boolean event(Entry entry) {
            if (entry.id().equals(id)) {
                isUnfinished = !entry.event().isSettling();
            }
            return true;
        }

        @Override
        public void metric(ExperimentId of, int metric, long step, double value, long epochMilli) {}

        @Override
        public void released(ExperimentId of) {}
    }
}
