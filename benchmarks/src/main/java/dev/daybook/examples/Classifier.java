package dev.daybook.examples;

import dev.daybook.examples.Digits.Split;

/**
 * What a training loop needs of a model, so that one loop trains them all.
 *
 * <p>Same arguments, same seed: same weights, bit for bit, on every machine (hence {@link StrictMath} in the models). Not thread-safe; a
 * sweep gives each thread its own model.
 */
interface Classifier {

    /**
     * Sees every example once, in random order, and learns from each mini-batch.
     *
     * @return the mean over the examples of what training minimises (cross-entropy in nats, plus the penalty if the model has one), each
     *     batch taken before its own step; NaN or infinite when the learning rate is too high
     */
    double trainEpoch(Split train, double learningRate);

    /** One logit per class; the highest is the prediction. */
    double[] logits(double[] features);

    /** The weights, as {@link Dense#toBytes} lays them out. */
    byte[] toBytes();
}
