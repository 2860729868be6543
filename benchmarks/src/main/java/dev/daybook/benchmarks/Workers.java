package dev.daybook.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A fixed number of threads, the same ones for warming up and for measuring, which begin each piece of work together. */
final class Workers implements AutoCloseable {

    /** What each of them does. */
    interface Work {
        void run(int worker) throws Exception;
    }

    private final List<ExecutorService> threads = new ArrayList<>();

    Workers(int count) {
        for (int i = 0; i < count; i++) {
            threads.add(Executors.newSingleThreadExecutor());
        }
    }

    int count() {
        return threads.size();
    }

    /**
     * Has all of them work.
     *
     * @return the nanoseconds from when the first could begin to when the last was done
     */
    long run(Work work) throws InterruptedException, ExecutionException {
        var ready = new CountDownLatch(threads.size());
        var go = new CountDownLatch(1);
        var done = new ArrayList<Future<?>>();
        for (int i = 0; i < threads.size(); i++) {
            int worker = i;
            done.add(threads.get(i).submit(() -> {
                ready.countDown();
                go.await();
                work.run(worker);
                return null;
            }));
        }
        ready.await();
        long begun = System.nanoTime();
        go.countDown();
        for (var one : done) {
            one.get();
        }
        return System.nanoTime() - begun;
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
