package dev.daybook.examples;

import java.util.Locale;

/**
 * What one experiment trains with. Its shape is that of {@code params.yaml}, so {@code run.setParams(config)} puts each value in its place
 * in that file.
 */
record Config(long seed, int epochs, Model model, Optimizer optimizer) {

    enum Kind {
        SOFTMAX,
        PERCEPTRON
    }

    record Model(Kind kind, int hiddenUnits) {}

    record Optimizer(double learningRate, int batchSize, double momentum, double l2) {}

    static Config softmax(double learningRate) {
        return of(new Model(Kind.SOFTMAX, 64), learningRate);
    }

    static Config perceptron(int hiddenUnits, double learningRate) {
        return of(new Model(Kind.PERCEPTRON, hiddenUnits), learningRate);
    }

    private static Config of(Model model, double learningRate) {
        return new Config(42, 12, model, new Optimizer(learningRate, 32, 0.9, 1e-4));
    }

    /** A fresh model; from the same configuration always the same. */
    Classifier newModel() {
        return switch (model.kind) {
            case SOFTMAX -> new SoftmaxRegression(optimizer.batchSize, optimizer.l2, seed);
            case PERCEPTRON ->
                new MultiLayerPerceptron(model.hiddenUnits, optimizer.batchSize, optimizer.momentum, seed);
        };
    }

    /** A name that tells the experiments of the sweep apart: {@code softmax-lr0.1}, {@code perceptron64-lr0.1}. */
    String experimentName() {
        String kind = model.kind.name().toLowerCase(Locale.ROOT);
        String units = model.kind == Kind.PERCEPTRON ? String.valueOf(model.hiddenUnits) : "";
        return kind + units + "-lr" + optimizer.learningRate;
    }
}
