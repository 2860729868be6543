package dev.daybook.examples;

import dev.daybook.examples.Digits.Split;
import java.util.List;
import java.util.Random;

/** The model that beats the baseline: one hidden layer of ReLUs, trained by mini-batch SGD with momentum. */
final class MultiLayerPerceptron implements Classifier {

    private final int batchSize;
    private final double momentum;
    private final Random random;
    private final Dense hidden;
    private final Dense output;

    MultiLayerPerceptron(int hiddenUnits, int batchSize, double momentum, long seed) {
        if (hiddenUnits < 1) {
            throw new IllegalArgumentException("hiddenUnits is " + hiddenUnits + "; expected at least 1");
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize is " + batchSize + "; expected at least 1");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + "; expected a number from 0 to below 1");
        }
        this.batchSize = batchSize;
        this.momentum = momentum;
        random = new Random(seed);
        hidden = new Dense(Digits.PIXELS, hiddenUnits, random);
        output = new Dense(hiddenUnits, Digits.CLASSES, random);
    }

    @Override
    public double trainEpoch(Split train, double learningRate) {
        double sum = 0;
        for (int[] batch : Shuffle.batches(train.size(), batchSize, random)) {
            sum += batch.length * objective(train, batch);
            hidden.step(learningRate, momentum);
            output.step(learningRate, momentum);
        }
        return sum / train.size();
    }

    /** Mean cross-entropy of the batch; leaves its gradient in the layers. */
    double objective(Split split, int[] batch) {
        hidden.clearGradient();
        output.clearGradient();
        double share = 1.0 / batch.length;
        double objective = 0;
        for (int row : batch) {
            double[] input = split.features(row);
            int label = split.label(row);
            double[] activation = relu(hidden.forward(input));
            double[] logits = output.forward(activation);
            objective += share * Softmax.crossEntropy(logits, label);

            double[] logitsGradient = Softmax.gradient(logits, label);
            output.addGradient(activation, logitsGradient, share);
            hidden.addGradient(input, throughRelu(output.backward(logitsGradient), activation), share);
        }
        return objective;
    }

    private static double[] relu(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return values;
    }

    /** Only units that were on pass the gradient on. */
    private static double[] throughRelu(double[] gradient, double[] activation) {
        for (int i = 0; i < gradient.length; i++) {
            if (activation[i] == 0) {
                gradient[i] = 0;
            }
        }
        return gradient;
    }

    @Override
    public double[] logits(double[] features) {
        return output.forward(relu(hidden.forward(features)));
    }

    @Override
    public byte[] toBytes() {
        return Dense.toBytes(layers());
    }

    List<Dense> layers() {
        return List.of(hidden, output);
    }
}
