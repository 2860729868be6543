package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Contents;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.Mark;
import dev.daybook.port.Reading;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A generation as its readers see it. One reads it whole at a time; a sink that waits for another reader of the same generation waits for
 * ever.
 */
final class JournalGeneration implements Generation {

    private final JournalDirectory directory;
    private final String name;
    private final Path path;
    private final Predicate<String> isOwn;
    private final boolean takesNotes;
    private final QueueFile file;
    private final GenerationReader reader;

    private volatile boolean finished;
    private Optional<Contents> contents = Optional.empty();
    private final Map<ExperimentId, Long> starts = new HashMap<>();
    private boolean isLookedUp;
    private boolean isReading;

    /** The beginning of the file, as long as a reading has it. */
    private WeakReference<ByteBuffer> mapped = new WeakReference<>(null);

    /** What readings of single experiments have met. */
    private final Map<ExperimentId, String> damages = new LinkedHashMap<>();

    /**
     * @param isOwn whether the generation of this name is that of the journal that gives this out
     */
    JournalGeneration(JournalDirectory directory, String name, Predicate<String> isOwn) {
        this(directory, name, isOwn, true);
    }

    private JournalGeneration(JournalDirectory directory, String name, Predicate<String> isOwn, boolean takesNotes) {
        this.directory = directory;
        this.name = name;
        this.path = directory.generation(name);
        this.isOwn = isOwn;
        this.takesNotes = takesNotes;
        this.file = new QueueFile(JournalDirectory.queue(path));
        this.reader = new GenerationReader(name, file);
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
            boolean isOver = !isAlive();
            long[] end = {-1};
            guarded(reader, () -> end[0] = reader.read(cursor, sink, isOver));
            if (end[0] < 0) {
                // damaged behind what was given
                end[0] = Math.max(cursor, reader.frontier());
            }
            if (isOver && cursor == 0 && end[0] > 0) {
                takeNotes();
            }
            return end[0];
        } finally {
            isReading = false;
        }
    }

    /** Something that reads a generation. */
    private interface Read {
        void run() throws IOException;
    }

    private void guarded(GenerationReader whose, Read read) {
        try {
            read.run();
        } catch (NoSuchFileException e) {
            if (whose.hasBegun()) {
                whose.fail("its file is gone");
            }
        } catch (EOFException | InternalError e) {
            // the latter is how the JVM tells of mapped memory whose file was cut
            whose.fail(GenerationReader.CUT);
        } catch (IOException e) {
            throw new JournalException("generation " + name + " cannot be read: " + Disk.reason(e), e);
        }
    }

    /** For those who come later: this one's writer died before it could. Of a damaged one nothing is noted, so that it is seen again. */
    private void takeNotes() {
        if (takesNotes
                && contents().isEmpty()
                && reader.isAtEnd()
                && reader.damage().isEmpty()) {
            var found = reader.contents();
            know(found);
            try {
                // its writer may have died before it could: the note must not outlive what it is of
                Disk.forceFile(JournalDirectory.queue(path));
                ContentsFile.write(path, found);
            } catch (IOException e) {
                // costs the next reader some time, and nothing else
            }
        }
    }

    @Override
    public synchronized Mark mark(ExperimentId id) {
        if (reader.hasBegun()) {
            return reader.mark(id);
        }
        return finished ? Mark.END : new Mark(0, Map.of());
    }

    @Override
    public synchronized Optional<Contents> contents() {
        if (takesNotes && !isLookedUp && !isAlive()) {
            isLookedUp = true;
            try {
                Disk.uninterrupted(() -> ContentsFile.read(path)).ifPresent(this::know);
            } catch (IOException e) {
                // reading it whole says the same
            }
        }
        return contents;
    }

    private void know(Contents found) {
        contents = Optional.of(found);
        found.experiments().forEach(experiment -> starts.put(experiment.id(), experiment.start()));
    }

    /** What it holds as far as it can be read now; reads it for that. */
    synchronized Contents contentsSoFar() {
        read(0, Everything.DROPPED);
        return reader.contents();
    }

    @Override
    public synchronized Reading reading(ExperimentId id) {
        long start = contents().isPresent() ? starts.getOrDefault(id, 0L) : 0;
        return new OneReading(id, new GenerationReader(name, another(), id, start, reader.places(id)));
    }

    /**
     * The file, mapped as for whoever reads it whole, or for the readings before: with a mapping each, a thousand who read a full generation
     * would have half a gigabyte of page tables.
     */
    private QueueFile another() {
        if (file.isMapped()) {
            return file.another();
        }
        var beginning = mapped.get();
        if (beginning == null) {
            try {
                beginning = file.beginning();
            } catch (IOException e) {
                // whoever reads it is told
                return file.another();
            }
            mapped = new WeakReference<>(beginning);
        }
        return file.another(beginning);
    }

    private final class OneReading implements Reading {

        private final ExperimentId id;
        private final GenerationReader own;

        OneReading(ExperimentId id, GenerationReader own) {
            this.id = id;
            this.own = own;
        }

        @Override
        public boolean advance(EntrySink sink, Mark until) {
            boolean isOver = !isAlive();
            boolean[] goesOn = {true};
            guarded(own, () -> goesOn[0] = own.advance(sink, until, isOver));
            own.damage().ifPresent(what -> found(id, what));
            return goesOn[0];
        }

        @Override
        public Optional<String> damage() {
            return own.damage();
        }
    }

    @Override
    public Generation afresh() {
        return new JournalGeneration(directory, name, isOwn, false);
    }

    private synchronized void found(ExperimentId id, String what) {
        damages.put(id, what);
    }

    @Override
    public synchronized Optional<String> damage() {
        return reader.damage().or(() -> joined(damages.values().stream()));
    }

    @Override
    public synchronized Optional<String> damage(ExperimentId id) {
        return reader.damage(id).or(() -> joined(Stream.ofNullable(damages.get(id))));
    }

    private static Optional<String> joined(Stream<String> sentences) {
        return sentences.distinct().reduce((first, second) -> first + "; " + second);
    }
}
