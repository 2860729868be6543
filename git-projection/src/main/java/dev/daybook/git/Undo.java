package dev.daybook.git;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Takes back the steps that were done, the last one first, if the rest of them could not be done. For one thread. */
final class Undo implements AutoCloseable {

    private final Deque<Step> steps = new ArrayDeque<>();

    interface Step {
        void run() throws IOException;
    }

    void with(Step step) {
        steps.push(step);
    }

    /** All steps are done, and stay. */
    void keep() {
        steps.clear();
    }

    @Override
    public void close() throws IOException {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }
}
