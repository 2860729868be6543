package dev.daybook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Saves experiments one sweep after the other: what comes while one is under way goes into the next one. Its thread lives as long as there is
 * something to save, and the JVM waits for it. Thread-safe.
 */
final class BackgroundSaver {

    private record Waiting(Experiment run, CompletableFuture<SavedExperiment> result) {}

    private final Daybook daybook;
    private List<Waiting> waiting = new ArrayList<>();
    private @Nullable Thread worker;

    BackgroundSaver(Daybook daybook) {
        this.daybook = daybook;
    }

    synchronized CompletableFuture<SavedExperiment> submit(Experiment run) {
        var result = new CompletableFuture<SavedExperiment>();
        waiting.add(new Waiting(run, result));
        if (worker == null) {
            var fresh = new Thread(this::saveAll, "daybook-saver");
            fresh.start();
            worker = fresh;
        }
        return result;
    }

    /** Waits until all that was submitted is saved, or has failed. */
    void await() {
        boolean isInterrupted = false;
        while (true) {
            var running = running();
            if (running == null || running == Thread.currentThread()) {
                break;
            }
            try {
                running.join();
            } catch (InterruptedException e) {
                // what was promised to be saved is saved first
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Thread running() {
        return worker;
    }

    private void saveAll() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            save(batch);
        }
    }

    private synchronized List<Waiting> next() {
        var batch = waiting;
        waiting = new ArrayList<>();
        if (batch.isEmpty()) {
            worker = null;
        }
        return batch;
    }

    private void save(List<Waiting> batch) {
        try {
            var sweep = new Sweep(daybook, false);
            var failures = sweep.save(batch.stream().map(Waiting::run).toList()).failures();
            for (var each : batch) {
                var failure = failures.get(each.run());
                if (failure == null) {
                    each.result().complete(sweep.saved(each.run()));
                } else {
                    each.result().completeExceptionally(failure);
                }
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(each -> each.result().completeExceptionally(e));
        }
    }
}
