package dev.daybook.git;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a thread of its own does while others go on. */
final class Meanwhile<T> implements AutoCloseable {

    private final FutureTask<T> task;

    private Meanwhile(FutureTask<T> task) {
        this.task = task;
    }

    /** Begins, and returns at once. */
    static <T> Meanwhile<T> begin(String name, Callable<T> work) {
        var begun = new Meanwhile<>(new FutureTask<>(work));
        var thread = new Thread(begun.task, name);
        thread.setDaemon(true);
        thread.start();
        return begun;
    }

    /**
     * Waits for what comes of it.
     *
     * @throws IOException as the work did
     */
    T result() throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            var cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            } else if (cause instanceof RuntimeException failure) {
                throw failure;
            } else if (cause instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(cause);
        }
    }

    /** Interrupts the work, if it goes on and nobody waits for it any more. */
    @Override
    public void close() {
        task.cancel(true);
    }
}
