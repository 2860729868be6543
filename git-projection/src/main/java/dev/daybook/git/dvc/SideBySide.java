package dev.daybook.git.dvc;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs many small pieces of work on files at once. There are more threads than processors, because they mostly wait for the disk, and a file
 * system forces to disk in one go what many ask for at the same time.
 */
final class SideBySide<K, V> implements AutoCloseable {

    private static final int THREADS = 32;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        var thread = new Thread(work, "daybook-cache");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<K, Future<V>> pending = new LinkedHashMap<>();

    void submit(K key, Callable<V> work) {
        pending.put(key, threads.submit(work));
    }

    /** All results; the first failure, if one failed. */
    Map<K, V> results() throws IOException {
        var results = new LinkedHashMap<K, V>();
        for (var each : pending.entrySet()) {
            results.put(each.getKey(), result(each.getValue()));
        }
        return results;
    }

    private static <V> V result(Future<V> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files were being stored", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
