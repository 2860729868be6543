package dev.daybook.examples;

import dev.daybook.examples.Digits.Split;

/**
 * How well a model does on a split, in the three numbers that an experiment logs.
 *
 * @param accuracy the part of the examples that were recognised, 0..1
 * @param loss the mean cross-entropy in nats, without any penalty
 * @param macroF1 see {@link #macroF1}
 */
record Scores(double accuracy, double loss, double macroF1) {

    static Scores of(Classifier model, Split split) {
        int[] expected = new int[split.size()];
        int[] predicted = new int[split.size()];
        int hits = 0;
        double loss = 0;
        for (int i = 0; i < split.size(); i++) {
            double[] logits = model.logits(split.features(i));
            expected[i] = split.label(i);
            predicted[i] = Softmax.mostProbable(logits);
            hits += predicted[i] == expected[i] ? 1 : 0;
            loss += Softmax.crossEntropy(logits, expected[i]);
        }
        return new Scores(
                (double) hits / split.size(), loss / split.size(), macroF1(expected, predicted, Digits.CLASSES));
    }

    /**
     * The F1 score of each class, averaged with equal weights, so that a rare class counts as much as a frequent one. A class that is neither
     * expected nor predicted says nothing and is left out of the mean, as scikit-learn does by default.
     */
    static double macroF1(int[] expected, int[] predicted, int classes) {
        if (expected.length == 0 || expected.length != predicted.length) {
            throw new IllegalArgumentException(expected.length + " labels and " + predicted.length
                    + " predictions; expected as many of the one as of the other, and at least one");
        }
        int[] hits = new int[classes];
        int[] mentions = new int[classes];
        for (int i = 0; i < expected.length; i++) {
            mentions[expected[i]]++;
            mentions[predicted[i]]++;
            hits[expected[i]] += expected[i] == predicted[i] ? 1 : 0;
        }
        double sum = 0;
        int seen = 0;
        for (int c = 0; c < classes; c++) {
            if (mentions[c] > 0) {
                // F1 = 2 TP / (2 TP + FP + FN), and every mention of c is one half of a TP, an FP or an FN.
                sum += 2.0 * hits[c] / mentions[c];
                seen++;
            }
        }
        return sum / seen;
    }
}
