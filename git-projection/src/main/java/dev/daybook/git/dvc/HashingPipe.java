package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Copies a content of any length into a file, hashing it on the way: the caller reads and hashes, a second thread writes and forces a piece
 * at a time, so that the disk works while the hash is being computed.
 */
final class HashingPipe implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS = 16;
    private static final int FORCE_BYTES = 8 << 20;

    private final FileChannel target;
    private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(CHUNKS + 2);
    private final Future<?> writing;
    private final Thread writer;
    private int allocated;
    private volatile boolean hasEnded;

    HashingPipe(FileChannel target) {
        this.target = target;
        var task = new FutureTask<@Nullable Void>(this::write);
        writing = task;
        writer = new Thread(task, "daybook-cache-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** What was copied; all of it is on disk. */
    record Copied(String hash, long bytes) {}

    Copied copy(ReadableByteChannel source) throws IOException {
        var digest = Md5.begin();
        long bytes = 0;
        try {
            for (boolean isMore = true; isMore && !hasEnded; ) {
                var chunk = chunk();
                isMore = fill(source, chunk);
                chunk.flip();
                digest.update(chunk.duplicate());
                bytes += chunk.remaining();
                full.put(chunk);
            }
            full.put(ByteBuffer.allocate(0));
            writing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a content was being copied", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
        return new Copied(Md5.end(digest), bytes);
    }

    private static boolean fill(ReadableByteChannel source, ByteBuffer chunk) throws IOException {
        while (chunk.hasRemaining()) {
            if (source.read(chunk) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A free one, or a new one while there may be more. */
    private ByteBuffer chunk() throws InterruptedException {
        var chunk = empty.poll();
        if (chunk == null && allocated < CHUNKS) {
            allocated++;
            return ByteBuffer.allocate(CHUNK_BYTES);
        }
        return chunk == null ? empty.take() : chunk;
    }

    private @Nullable Void write() throws IOException, InterruptedException {
        try {
            writeAll();
            return null;
        } finally {
            // wakes a caller that waits for a chunk which would never come
            hasEnded = true;
            empty.offer(ByteBuffer.allocate(CHUNK_BYTES));
        }
    }

    /** Until it meets an empty chunk. */
    private void writeAll() throws IOException, InterruptedException {
        int unforced = 0;
        for (var chunk = full.take(); chunk.hasRemaining(); chunk = full.take()) {
            unforced += chunk.remaining();
            while (chunk.hasRemaining()) {
                target.write(chunk);
            }
            if (unforced >= FORCE_BYTES) {
                target.force(false);
                unforced = 0;
            }
            empty.put(chunk.clear());
        }
        target.force(true);
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
