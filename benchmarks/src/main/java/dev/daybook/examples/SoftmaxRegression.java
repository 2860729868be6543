package dev.daybook.examples;

import dev.daybook.examples.Digits.Split;
import java.util.List;
import java.util.Random;

/** The linear baseline that a better model has to beat: softmax regression with an L2 penalty, trained by mini-batch SGD. */
final class SoftmaxRegression implements Classifier {

    private final int batchSize;
    private final double l2;
    private final Random random;
    private final Dense layer;

    SoftmaxRegression(int batchSize, double l2, long seed) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; expected at least 1");
        }
        if (!(l2 >= 0 && l2 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("l2 is " + l2 + "; expected a number from 0");
        }
        this.batchSize = batchSize;
        this.l2 = l2;
        random = new Random(seed);
        layer = new Dense(Digits.PIXELS, Digits.CLASSES, random);
    }

    @Override
    public double trainEpoch(Split train, double learningRate) {
        double sum = 0;
        for (int[] batch : Shuffle.batches(train.size(), batchSize, random)) {
            sum += batch.length * objective(train, batch);
            layer.step(learningRate, 0);
        }
        return sum / train.size();
    }

    /** Mean cross-entropy of the batch plus penalty; leaves its gradient in the layer. */
    double objective(Split split, int[] batch) {
        layer.clearGradient();
        double share = 1.0 / batch.length;
        double objective = layer.addPenalty(l2);
        for (int row : batch) {
            double[] input = split.features(row);
            int label = split.label(row);
            double[] logits = layer.forward(input);
            objective += share * Softmax.crossEntropy(logits, label);
            layer.addGradient(input, Softmax.gradient(logits, label), share);
        }
        return objective;
    }

    @Override
    public double[] logits(double[] features) {
        return layer.forward(features);
    }

    @Override
    public byte[] toBytes() {
        return Dense.toBytes(layers());
    }

    List<Dense> layers() {
        return List.of(layer);
    }
}
