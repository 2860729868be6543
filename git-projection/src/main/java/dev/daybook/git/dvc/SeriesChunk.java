package dev.daybook.git.dvc;

import java.util.Arrays;

/** Records of one series that stand one behind the other, on their way to be rows. Not thread-safe. */
final class SeriesChunk {

    private static final int FIRST_ROOM = 16;

    private final int most;
    private long[] steps;
    private double[] values;
    private int size;

    /** @param most how many it takes */
    SeriesChunk(int most) {
        this.most = most;
        steps = new long[Math.min(FIRST_ROOM, most)];
        values = new double[steps.length];
    }

    void add(long step, double value) {
        if (size == steps.length) {
            int room = Math.min(most, 4 * size);
            steps = Arrays.copyOf(steps, room);
            values = Arrays.copyOf(values, room);
        }
        steps[size] = step;
        values[size] = value;
        size++;
    }

    boolean isFull() {
        return size == most;
    }

    int size() {
        return size;
    }

    long step(int record) {
        return steps[record];
    }

    double value(int record) {
        return values[record];
    }
}
