package dev.daybook.examples;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A fully connected layer, {@code output = weights * input + bias}, with its gradient: the part that both models are made of.
 *
 * <p>One row per output: the weight of each input, then the bias.
 */
final class Dense {

    private static final int MAGIC = 0x44424431; // "DBD1"

    final double[][] weights;
    final double[][] gradient;
    private final double[][] velocity;
    private final int inputs;

    /** Random weights of variance 2 / inputs (He et al., 2015), which keep signals alive through a ReLU; zero bias. */
    Dense(int inputs, int outputs, Random random) {
        this.inputs = inputs;
        weights = new double[outputs][inputs + 1];
        gradient = new double[outputs][inputs + 1];
        velocity = new double[outputs][inputs + 1];
        double deviation = Math.sqrt(2.0 / inputs);
        for (double[] row : weights) {
            for (int i = 0; i < inputs; i++) {
                row[i] = deviation * random.nextGaussian();
            }
        }
    }

    double[] forward(double[] input) {
        double[] output = new double[weights.length];
        for (int o = 0; o < output.length; o++) {
            double[] row = weights[o];
            double sum = row[inputs];
            for (int i = 0; i < inputs; i++) {
                sum += row[i] * input[i];
            }
            output[o] = sum;
        }
        return output;
    }

    void clearGradient() {
        for (double[] row : gradient) {
            Arrays.fill(row, 0);
        }
    }

    /** Adds what one example contributes: the gradient at the output, by the chain rule, times {@code share}. */
    void addGradient(double[] input, double[] outputGradient, double share) {
        for (int o = 0; o < outputGradient.length; o++) {
            double[] row = gradient[o];
            double delta = outputGradient[o] * share;
            for (int i = 0; i < inputs; i++) {
                row[i] += delta * input[i];
            }
            row[inputs] += delta;
        }
    }

    /** The gradient at the input, for the layer before this one. */
    double[] backward(double[] outputGradient) {
        double[] inputGradient = new double[inputs];
        for (int o = 0; o < outputGradient.length; o++) {
            for (int i = 0; i < inputs; i++) {
                inputGradient[i] += outputGradient[o] * weights[o][i];
            }
        }
        return inputGradient;
    }

    /**
     * Adds the gradient of the L2 penalty {@code l2 / 2 * sum of squared weights} and returns the penalty. The bias is free: it does not make
     * the model more complicated.
     */
    double addPenalty(double l2) {
        double squares = 0;
        for (int o = 0; o < weights.length; o++) {
            for (int i = 0; i < inputs; i++) {
                squares += weights[o][i] * weights[o][i];
                gradient[o][i] += l2 * weights[o][i];
            }
        }
        return l2 / 2 * squares;
    }

    /** One step downhill; momentum 0 is plain gradient descent. */
    void step(double learningRate, double momentum) {
        for (int o = 0; o < weights.length; o++) {
            for (int i = 0; i <= inputs; i++) {
                velocity[o][i] = momentum * velocity[o][i] - learningRate * gradient[o][i];
                weights[o][i] += velocity[o][i];
            }
        }
    }

    /**
     * The weights of a model, big-endian throughout:
     *
     * <pre>
     * int32    magic "DBD1"
     * int32    number of layers, then for each, from input to output:
     * int32      outputs
     * int32      inputs
     * float64    outputs rows of (inputs weights, 1 bias)
     * </pre>
     */
    static byte[] toBytes(List<Dense> layers) {
        int size = 2 * Integer.BYTES;
        for (Dense layer : layers) {
            size += 2 * Integer.BYTES + layer.weights.length * (layer.inputs + 1) * Double.BYTES;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).putInt(MAGIC).putInt(layers.size());
        for (Dense layer : layers) {
            bytes.putInt(layer.weights.length).putInt(layer.inputs);
            for (double[] row : layer.weights) {
                for (double weight : row) {
                    bytes.putDouble(weight);
                }
            }
        }
        return bytes.array();
    }
}
