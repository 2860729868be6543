package dev.daybook.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * The data that the examples learn from: 1,797 handwritten digits of 8x8 pixels, split into 80% to train on and 20% to test on.
 *
 * <p>Source and licence are in {@code digits.README.md}, beside the data.
 */
record Digits(Split train, Split test) {

    static final int PIXELS = 64;
    static final int CLASSES = 10;

    private static final String RESOURCE = "digits.csv.gz";
    private static final int INK_MAX = 16;

    /** Reads the digits from the class path; the same seed gives the same split on every machine. */
    static Digits load(long seed) {
        InputStream resource = Digits.class.getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException(RESOURCE + " is not on the class path beside " + Digits.class.getName()
                    + "; build the module with Maven, which copies it from src/main/resources");
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
            return split(parse(lines), new Random(seed));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + RESOURCE + " from the class path; build the module anew", e);
        }
    }

    /** Every line is 64 integers 0..16 and the label 0..9. */
    static Split parse(BufferedReader lines) throws IOException {
        List<double[]> features = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String where = RESOURCE + " line " + (features.size() + 1);
            String[] fields = line.split(",", -1);
            if (fields.length != PIXELS + 1) {
                throw new IllegalArgumentException(
                        where + " has " + fields.length + " fields; expected " + PIXELS + " pixels and a label");
            }
            double[] pixels = new double[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                pixels[i] = parseField(fields[i], INK_MAX, where + ", pixel " + i) / (double) INK_MAX;
            }
            features.add(pixels);
            labels.add(parseField(fields[PIXELS], CLASSES - 1, where + ", label"));
        }
        return new Split(
                features.toArray(double[][]::new),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int parseField(String field, int max, String where) {
        int value;
        try {
            value = Integer.parseInt(field);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + " is '" + field + "'; expected an integer 0.." + max, e);
        }
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(where + " is " + value + "; expected an integer 0.." + max);
        }
        return value;
    }

    private static Digits split(Split all, Random random) {
        int[] order = Shuffle.order(all.size(), random);
        int trainSize = all.size() * 4 / 5;
        return new Digits(all.rows(order, 0, trainSize), all.rows(order, trainSize, all.size()));
    }

    /**
     * Labelled examples: row {@code i} shows the digit {@code label(i)}.
     *
     * <p>The arrays are shared, not copied, because a sweep reads them from many threads: nobody writes to them.
     */
    static final class Split {
        private final double[][] features;
        private final int[] labels;

        Split(double[][] features, int[] labels) {
            if (features.length != labels.length) {
                throw new IllegalArgumentException(features.length + " rows of features but " + labels.length
                        + " labels; expected one label a row");
            }
            if (labels.length == 0) {
                throw new IllegalArgumentException("no examples; expected at least one");
            }
            this.features = features;
            this.labels = labels;
        }

        int size() {
            return labels.length;
        }

        /** The {@value #PIXELS} pixels of a digit, line by line from the top, 0 (paper) to 1 (ink). */
        double[] features(int row) {
            return features[row];
        }

        int label(int row) {
            return labels[row];
        }

        /** The rows before {@code end}. Rows of a split are in random order, so that any range is a random sample. */
        Split before(int end) {
            return new Split(Arrays.copyOf(features, end), Arrays.copyOf(labels, end));
        }

        /** The rows from {@code start} on. */
        Split from(int start) {
            return new Split(Arrays.copyOfRange(features, start, size()), Arrays.copyOfRange(labels, start, size()));
        }

        private Split rows(int[] order, int from, int to) {
            double[][] someFeatures = new double[to - from][];
            int[] someLabels = new int[to - from];
            for (int i = from; i < to; i++) {
                someFeatures[i - from] = features[order[i]];
                someLabels[i - from] = labels[order[i]];
            }
            return new Split(someFeatures, someLabels);
        }
    }
}
