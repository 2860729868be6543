package dev.daybook.git.dvc;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Makes rows of chunks and appends them to their files in the order in which the chunks came, whichever thread was ready first. Not
 * thread-safe for the one who uses it.
 */
final class SeriesPress implements AutoCloseable {

    private static final int MOST_THREADS = 4;
    private static final int MOST_PENDING_PER_THREAD = 4;

    /** What a thread is working on, and where it goes. */
    private record Pending(GrowingFiles.Growing file, CompletableFuture<byte[]> bytes) {}

    private final Optional<ExecutorService> threads;
    private final Executor executor;
    private final int mostPending;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private final Queue<SeriesEncoder> encoders = new ConcurrentLinkedQueue<>();

    private SeriesPress(Optional<ExecutorService> threads, int mostPending) {
        this.threads = threads;
        this.executor = threads.<Executor>map(service -> service).orElse(Runnable::run);
        this.mostPending = mostPending;
    }

    /** One that works in the thread of its caller, for what is soon done. */
    static SeriesPress inPlace() {
        return new SeriesPress(Optional.empty(), 0);
    }

    /** One with threads of its own. */
    static SeriesPress parallel() {
        int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        var service = Executors.newFixedThreadPool(count, work -> {
            var thread = new Thread(work, "daybook-series");
            thread.setDaemon(true);
            return thread;
        });
        return new SeriesPress(Optional.of(service), count * MOST_PENDING_PER_THREAD);
    }

    void append(GrowingFiles.Growing file, Function<SeriesEncoder, byte[]> work) throws IOException {
        pending.add(new Pending(file, CompletableFuture.supplyAsync(() -> encode(work), executor)));
        finish(mostPending);
    }

    /** Waits until all is appended. */
    void finish() throws IOException {
        finish(0);
    }

    private void finish(int left) throws IOException {
        while (pending.size() > left) {
            var oldest = pending.remove();
            oldest.file.append(oldest.bytes.join());
        }
    }

    private byte[] encode(Function<SeriesEncoder, byte[]> work) {
        var idle = encoders.poll();
        var encoder = idle == null ? new SeriesEncoder() : idle;
        try {
            return work.apply(encoder);
        } finally {
            encoders.add(encoder);
        }
    }

    @Override
    public void close() {
        // after a failure some may be working still
        pending.forEach(each -> each.bytes.handle((bytes, failure) -> "").join());
        threads.ifPresent(ExecutorService::shutdown);
    }
}
