package dev.daybook.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The room behind the last document of a queue's file: secured on the disk and mapped before anything is promised to be kept in it.
 *
 * <pre>
 *   0           end          secured                      length
 *   | documents | zeros, on the disk, pages touched | a hole |
 *               |-- ahead --|
 * </pre>
 *
 * <p>Zeros are written through the file, so that a full disk is an {@link IOException} here and not a fault in mapped memory later; then each
 * page is touched in the very mapping that will be written, so that the one who logs does not pay for it. Whoever appends first
 * {@link #require requires} room for the document and for the {@link #MARGIN} that Chronicle's own index may take: so no document ever
 * stands where zeros are still to be written, and a helper may {@link #secureAhead} without a lock on the queue. The file is kept longer than
 * anything that Chronicle maps, so that only this changes its length.
 *
 * <p>Two windows of the file are mapped here, and those behind them as long as a writer uses its block there ({@link Window}).
 *
 * <p>Thread-safe.
 */
final class Space implements Closeable {

    /** What Chronicle may write beside a document: an index of 4,096 numbers, and some bytes. */
    static final int MARGIN = 128 << 10;

    /** How much is kept secured behind the last document beside the margin: as much as stands there already, within these bounds. */
    private static final long LEAST_AHEAD = 1L << 20;

    private static final long MOST_AHEAD = 4L << 20;

    /**
     * How much further the zeros are than the pages that were touched: a touch makes the kernel read ahead, 8 MiB where that is set high, and
     * what it does not find there it makes, only to have zeros written over it. Small at first: a short journal is not worth that.
     */
    private static final long MOST_LEAD = 16L << 20;

    private static final long LEAST_LEAD = 64L << 10;

    private static final int STEP = 64 << 10;
    private static final int PAGE = 4 << 10;
    private static final int ZERO_STEP = 4 * STEP;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZERO_STEP);

    private static final int WINDOW = 16 << 20;
    private static final int OVERLAP = 2 * STEP;

    /** What Chronicle maps at most beyond the last document, and a window of our own. */
    private static final long SLACK = QueueWriter.BLOCK_BYTES + QueueWriter.BLOCK_BYTES / 4 + WINDOW + OVERLAP;

    private static final long GROWTH = 16L << 20;

    /** How much longer a file may be kept, in all, than what stands in it: it grows for the zeros, which are the furthest. */
    static final long MOST_LONGER = MARGIN + MOST_AHEAD + STEP + MOST_LEAD + SLACK + GROWTH;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final long limit;
    private final ByteBuffer zeros = ZEROS.duplicate();
    private final Disk.Repeatable<Space> writeZeros = this::writeZeros;
    private RandomAccessFile file;
    private volatile long secured;
    private long zeroed;
    private long length;

    /** The window that ends the secured room, and the one before it. */
    private volatile Window upper;

    private volatile Window lower;

    private boolean closed;

    /**
     * The room behind a document.
     *
     * @param end where the last document ends; nothing stands behind it but zeros, maybe
     * @param limit how long the documents will be in all, about
     */
    Space(Path path, long end, long limit) throws IOException {
        this.path = path;
        this.limit = limit;
        this.file = open();
        try {
            // from the page of the end on: what of it is written already keeps its bytes
            secured = end / PAGE * PAGE + PAGE;
            zeroed = secured;
            length = file.length();
            lengthen(secured);
            upper = window(secured - PAGE);
            lower = upper.use();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Makes sure that so much is secured: by the caller himself where the helper is behind. */
    void require(long upTo) throws IOException {
        if (secured < upTo) {
            secure(upTo);
        }
    }

    /** Whether the helper should go {@link #secureAhead go ahead}. */
    boolean isLow(long end) {
        return secured - end < MARGIN + ahead(end) / 4;
    }

    /** Secures what will be needed next; in small steps, so that nobody waits long for this. */
    void secureAhead(long end) throws IOException {
        while (secured < end + MARGIN + ahead(end)) {
            secure(secured + 1);
        }
    }

    private static long ahead(long end) {
        return Math.max(LEAST_AHEAD, Math.min(end, MOST_AHEAD));
    }

    /** Touches once more what is secured, and the last block: a force makes the kernel watch for the next write to each page. */
    synchronized void touchAgain(long end, long upTo) {
        long to = Math.min(upTo, secured);
        for (long from = Math.max(0, end - STEP) / PAGE * PAGE; from < to && !closed; from += PAGE) {
            if (holds(upper, from)) {
                touch(upper, from, PAGE);
            } else if (holds(lower, from)) {
                touch(lower, from, PAGE);
            }
        }
    }

    private synchronized void secure(long upTo) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        while (secured < upTo) {
            long from = secured;
            int bytes = (int) (STEP - from % STEP);
            long lead = Math.max(LEAST_LEAD, Math.min(from, MOST_LEAD));
            long wanted = Math.max(from + bytes, Math.min(from + bytes + lead, limit));
            if (zeroed < from + bytes || wanted - zeroed >= ZERO_STEP) {
                zero(wanted);
            }
            if (!holds(upper, from)) {
                goOn(window(from));
            }
            touch(upper, from, bytes);
            if (from - upper.base() < OVERLAP && lower != upper) {
                touch(lower, from, bytes);
            }
            secured = from + bytes;
        }
    }

    private void zero(long upTo) throws IOException {
        while (zeroed < upTo) {
            int bytes = (int) Math.min(ZERO_STEP - zeroed % ZERO_STEP, upTo - zeroed);
            lengthen(zeroed + bytes);
            zeros.limit(bytes).position(0);
            Disk.uninterrupted(writeZeros);
        }
    }

    private Space writeZeros() throws IOException {
        zeroed += channel().write(zeros, zeroed);
        return this;
    }

    private FileChannel channel() throws IOException {
        if (!file.getChannel().isOpen()) {
            // by an interrupt
            file = open();
        }
        return file.getChannel();
    }

    private RandomAccessFile open() throws IOException {
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private void lengthen(long needed) throws IOException {
        if (length < needed + SLACK) {
            length = Math.max(length, needed + SLACK + GROWTH);
            file.setLength(length);
        }
    }

    private static void touch(Window window, long from, int bytes) {
        int first = (int) (from - window.base());
        for (int at = first; at < first + bytes; at += PAGE) {
            // changes nothing, whatever stands there, and makes the page ours to write
            INT.getAndAdd(window.memory(), at, 0);
        }
    }

    private Window window(long position) throws IOException {
        long base = position / WINDOW * WINDOW;
        return new Window(base, Disk.uninterrupted(() -> map(channel(), base)), again(base));
    }

    /** Not by the channel here, which is under the monitor, and may be closed. */
    private Window.FileMapping again(long base) {
        return () -> Disk.uninterrupted(() -> {
            try (var again = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return map(again, base);
            }
        });
    }

    private static MappedByteBuffer map(FileChannel channel, long base) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, base, WINDOW + OVERLAP);
    }

    private static boolean holds(Window window, long position) {
        return position >= window.base() && position < window.base() + WINDOW;
    }

    private void goOn(Window next) {
        var behind = lower;
        // in this order: who asks for the upper one first is given the one that was
        lower = upper;
        upper = next;
        if (behind != lower) {
            behind.passed();
        }
        behind.release();
    }

    /** Has the windows mapped afresh: a force meets only what is written through them from now on. */
    synchronized void renew() throws IOException {
        if (closed) {
            return;
        }
        var above = window(upper.base());
        var below = lower == upper ? above.use() : window(lower.base());
        for (var behind : List.of(lower, upper)) {
            behind.passed();
            behind.release();
        }
        lower = below;
        upper = above;
    }

    /** The window in which a block lies that begins behind the last document. */
    Window windowAt(long position) {
        var above = upper;
        return holds(above, position) ? above : lower;
    }

    /** Gives back what was secured too much; nobody appends any more. A header may still be looked for at the end. */
    synchronized void trim(long end) throws IOException {
        file.setLength(end / PAGE * PAGE + 2 * PAGE);
    }

    /** Unmaps the windows, but for those in which a writer still has a block; so a file that is deleted gives its room back. Repeatable. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            upper.release();
            lower.release();
            file.close();
        }
    }
}
