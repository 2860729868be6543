package dev.daybook.journal;

import dev.daybook.JournalException;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Chain;
import dev.daybook.port.Contents;
import dev.daybook.port.Contents.Content;
import dev.daybook.port.Cut;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A generation that this process appends to. What is appended is appended under its monitor, so that the order of the documents is the true
 * order; what is forced is forced outside of it: threads go on publishing while another one waits for the disk.
 *
 * <p>It is <em>current</em> first, and <em>retired</em> once it is full and the next one is current. Then experiments leave it one by one, as
 * they log on; it is finished when none is left.
 */
final class GenerationWriter {

    private final ChronicleJournal journal;
    private final OwnGeneration place;
    private final QueueWriter.Sync sync;
    private final long fullBytes;

    // all below under the monitor
    private final FrameWriter frame = new FrameWriter();
    private @Nullable QueueWriter queue;
    private long documents;
    private final Map<ExperimentId, Content> contents = new LinkedHashMap<>();
    private int holders;
    private boolean retired;
    private boolean over;
    private boolean finished;

    /** Whether its files are durable. */
    private volatile boolean forced;

    /** Whether something went wrong with it, so that its end is not to be relied on. */
    private volatile boolean broken;

    GenerationWriter(ChronicleJournal journal, OwnGeneration place, QueueWriter.Sync sync, long fullBytes) {
        this.journal = journal;
        this.place = place;
        this.sync = sync;
        this.fullBytes = fullBytes;
    }

    String name() {
        return place.name();
    }

    /** Makes the queue before its first document, which then costs no more than any other. */
    synchronized void begin() throws IOException {
        var open = queue();
        open.begin();
        forced = true;
        open.ahead();
    }

    /**
     * Appends an event.
     *
     * @param settles whether the experiment is saved or discarded with it
     * @return the number of its document
     */
    synchronized long event(
            ExperimentId id, long index, long epochMilli, Cut cut, Chain chain, byte[] event, boolean settles) {
        frame.event(documents, id, index, epochMilli, cut, chain, event);
        long document = append(id);
        if (index == 0 || settles) {
            contents.computeIfPresent(
                    id, (of, known) -> new Content(of, known.start(), known.isBegun() || index == 0, settles));
        }
        return document;
    }

    synchronized void released(ExperimentId id) {
        frame.released(documents, id);
        append(id);
    }

    /** Notes that an experiment goes on here that this process has in another generation. */
    synchronized void continued(ExperimentId id, String from, long events, long records, Cut cut, Chain link) {
        frame.continued(documents, id, from, events, records, cut, link);
        append(id);
    }

    private long append(ExperimentId id) {
        requireOpen();
        try {
            var open = queue();
            long at = open.append(frame.bytes(), frame.length());
            contents.putIfAbsent(id, new Content(id, at, false, false));
            return appended(open);
        } catch (Throwable e) {
            // errors too: an InternalError is how the JVM tells of mapped memory that no disk was found for
            throw poison(e);
        }
    }

    /** Reserves the next block of a writer that has been entered; false if this generation is retired. Allocates nothing. */
    synchronized boolean reserve(ExperimentId id, BlockWriter writer, int slots) {
        requireOpen();
        if (retired) {
            return false;
        }
        frame.block(documents, id, writer.writer(), slots);
        try {
            var open = queue();
            long at = open.reserve(frame.bytes(), Frame.FIRST_SLOT, frame.length());
            writer.take(documents, open.window(at), at + Frame.FIRST_SLOT, slots);
            appended(open);
            return true;
        } catch (Throwable e) {
            throw poison(e);
        }
    }

    private long appended(QueueWriter open) {
        if (open.end() >= fullBytes) {
            retired |= journal.replace(this);
        }
        if (open.isLow() || isNearlyFull(open) && journal.wantsNext()) {
            journal.wake();
        }
        return documents++;
    }

    private boolean isNearlyFull(QueueWriter open) {
        return open.end() >= fullBytes - fullBytes / 8;
    }

    private QueueWriter queue() throws IOException {
        if (queue == null) {
            queue = QueueWriter.open(place.path(), sync, fullBytes);
        }
        return queue;
    }

    private void requireOpen() {
        journal.requireSound();
        if (finished) {
            throw ChronicleJournal.closedException();
        }
    }

    private JournalException poison(Throwable cause) {
        broken = true;
        return journal.poison(cause);
    }

    /**
     * One more needs it: an experiment that may log here, or somebody who is about to append.
     *
     * @return false if it is too late for that
     */
    synchronized boolean enter() {
        if (over || finished) {
            return false;
        }
        holders++;
        return true;
    }

    synchronized void leave() {
        holders--;
        if (retired && holders == 0) {
            journal.wake();
        }
    }

    /** Whether nobody needs it any more; from then on nobody will. */
    synchronized boolean isOver() {
        over |= retired && holders == 0;
        return over;
    }

    synchronized boolean isNearlyFull() {
        return queue != null && isNearlyFull(queue);
    }

    boolean isForced() {
        return forced;
    }

    void ahead() throws IOException {
        var open = opened();
        if (open != null && !isFinished()) {
            open.ahead();
        }
    }

    void touchAgain() {
        var open = opened();
        if (open != null) {
            open.touchAgain();
        }
    }

    /** Forces all that was appended and published before. Who comes while it is being finished waits for that. */
    void force() throws IOException {
        var open = opened();
        if (open != null) {
            try {
                open.force();
            } catch (IOException e) {
                broken = true;
                throw e;
            }
            forced = true;
        }
    }

    /** Finished or not: who finishes it may be at forcing it. */
    private synchronized @Nullable QueueWriter opened() {
        return queue;
    }

    private synchronized boolean isFinished() {
        return finished;
    }

    /**
     * Ends it: closed, and given up. Nothing is appended to it any more, nor published. Repeatable.
     *
     * @param forces whether all that is in it is to be on disk then; else {@link #forceFinished} can do that later
     */
    void finish(boolean forces) throws IOException {
        QueueWriter open;
        synchronized (this) {
            if (finished) {
                return;
            }
            finished = true;
            open = queue;
        }
        try {
            if (open != null && !broken) {
                open.finish(forces);
                if (forces) {
                    writeContents();
                }
            } else if (open != null) {
                open.close();
            }
        } finally {
            place.close();
        }
    }

    /** What it holds. */
    synchronized Contents contents() {
        return new Contents(List.copyOf(contents.values()), queue == null ? 0 : queue.end());
    }

    /** Notes what it holds; not before that is on disk, else a power cut could leave the note alone. */
    private void writeContents() {
        ContentsFile.write(place.path(), contents());
    }

    /** Forces what was finished without that; nothing if it was past its retention meanwhile. */
    void forceFinished() throws IOException {
        var path = JournalDirectory.queue(place.path());
        try (var open = new RandomAccessFile(path.toFile(), "r")) {
            sync.sync(path, open.getFD());
        } catch (FileNotFoundException e) {
            if (Files.exists(path)) {
                throw e;
            }
            return;
        }
        writeContents();
    }

    /** Takes it back, where nothing was ever appended to it. */
    void undo() throws IOException {
        finish(false);
        Disk.deleteFlat(place.path());
    }
}
