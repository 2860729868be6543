package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A generation as its readers see it. One reads at a time; a sink that waits for another reader of the same generation waits for ever.
 */
final class JournalGeneration implements Generation {

    private final JournalDirectory directory;
    private final String name;
    private final Path path;
    private final Predicate<String> isOwn;
    private final GenerationReader reader;

    private volatile boolean finished;
    private boolean isReading;

    /**
     * @param isOwn whether the generation of this name is that of the journal that gives this out
     */
    JournalGeneration(JournalDirectory directory, String name, Predicate<String> isOwn) {
        this.directory = directory;
        this.name = name;
        this.path = directory.generation(name);
        this.isOwn = isOwn;
        this.reader = new GenerationReader(name, new QueueFile(JournalDirectory.queue(path)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOwn() {
        return isOwn.test(name);
    }

    @Override
    public boolean isAlive() {
        if (!finished) {
            try {
                // a generation is finished once and for all
                finished = !LivenessLock.isHeld(JournalDirectory.lock(path));
            } catch (IOException e) {
                throw new JournalException(
                        "whether the writer of generation " + name + " lives cannot be told: " + Disk.reason(e), e);
            }
        }
        return !finished;
    }

    @Override
    public String writer() {
        try {
            return Disk.uninterrupted(() -> Files.readString(JournalDirectory.writer(path)))
                    .strip();
        } catch (NoSuchFileException e) {
            return "an unknown process";
        } catch (IOException e) {
            throw new JournalException("the writer of generation " + name + " cannot be read: " + Disk.reason(e), e);
        }
    }

    @Override
    public void force() {
        try {
            if (Files.exists(JournalDirectory.queue(path))) {
                Disk.forceFile(JournalDirectory.queue(path));
            }
            Disk.forceDirectory(path);
            Disk.forceDirectory(directory.path());
        } catch (IOException e) {
            throw new JournalException("generation " + name + " cannot be forced to disk: " + Disk.reason(e), e);
        }
    }

    @Override
    public synchronized long read(long cursor, EntrySink sink) {
        if (cursor < 0) {
            throw new IllegalArgumentException("a cursor is not negative: " + cursor);
        }
        if (isReading) {
            throw new IllegalStateException("a sink is not to read the generation " + name + " that it is given");
        }
        isReading = true;
        try {
            // asked before anything is read, so that what its writer does at last is not taken for damage
            return reader.read(cursor, sink, !isAlive());
        } catch (NoSuchFileException e) {
            if (reader.hasBegun()) {
                reader.fail("its file is gone");
            }
            return cursor;
        } catch (EOFException | InternalError e) {
            // the latter is how the JVM tells of mapped memory whose file was cut
            reader.fail("its file was cut while it was read");
            return cursor;
        } catch (IOException e) {
            throw new JournalException("generation " + name + " cannot be read: " + Disk.reason(e), e);
        } finally {
            isReading = false;
        }
    }

    @Override
    public synchronized Optional<String> damage() {
        return reader.damage();
    }
}
