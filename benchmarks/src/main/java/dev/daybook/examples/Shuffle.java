package dev.daybook.examples;

import java.util.Arrays;
import java.util.Random;

/** The one place where examples get their random order, so that a seed decides all of it. */
final class Shuffle {

    private Shuffle() {}

    /** The numbers 0 to {@code size - 1} in random order (Fisher-Yates). */
    static int[] order(int size, Random random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** The same, cut into mini-batches; the last one may be smaller. */
    static int[][] batches(int size, int batchSize, Random random) {
        int[] order = order(size, random);
        int[][] batches = new int[(size + batchSize - 1) / batchSize][];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = Arrays.copyOfRange(order, i * batchSize, Math.min(size, (i + 1) * batchSize));
        }
        return batches;
    }
}
