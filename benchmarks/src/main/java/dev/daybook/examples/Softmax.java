package dev.daybook.examples;

/** The output of both models, and the loss that goes with it, written once because naive code overflows here. */
final class Softmax {

    private Softmax() {}

    /** The cross-entropy {@code -ln p(label)}, in nats; finite for all finite logits, however far apart. */
    static double crossEntropy(double[] logits, int label) {
        double max = max(logits);
        double sum = 0;
        for (double logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        return StrictMath.log(sum) - (logits[label] - max);
    }

    /** The class with the highest logit, and so the highest probability; the first of equals. */
    static int mostProbable(double[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            if (logits[c] > logits[best]) {
                best = c;
            }
        }
        return best;
    }

    /** How the cross-entropy changes with each logit: the probability of its class, minus one for the label. */
    static double[] gradient(double[] logits, int label) {
        double max = max(logits);
        double sum = 0;
        double[] gradient = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            gradient[c] = StrictMath.exp(logits[c] - max);
            sum += gradient[c];
        }
        for (int c = 0; c < logits.length; c++) {
            gradient[c] /= sum;
        }
        gradient[label] -= 1;
        return gradient;
    }

    /** Taken off every logit, it keeps exp from overflowing and leaves the probabilities as they are. */
    private static double max(double[] logits) {
        double max = logits[0];
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        return max;
    }
}
