package dev.daybook.examples;

import dev.daybook.Experiment;
import dev.daybook.Metric;
import dev.daybook.MetricSummary;
import dev.daybook.examples.Digits.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The training loop, and all that it tells Daybook.
 *
 * <p>A model learns from four fifths of the training digits. The last fifth is for validation: to choose the best of the sweep by. The test
 * digits take part in neither, so they say how good the chosen one is.
 */
final class Training {

    static final String CHOOSE_BY = "val/accuracy";
    static final String JUDGE_BY = "test/accuracy";

    private static final long SPLIT_SEED = 1;
    private static final int CHECKPOINT_EPOCHS = 5;

    /** The metric that is logged last in an epoch, so that its steps count the complete ones; one that is cut short is logged anew. */
    private static final String LAST_OF_EPOCH = "val/f1";

    private final Path models;
    private final Split train;
    private final Split validation;
    private final Split test;

    /** @param models the folder for the weights */
    Training(Path models) {
        Digits digits = Digits.load(SPLIT_SEED);
        int trainSize = digits.train().size() * 4 / 5;
        this.models = models;
        train = digits.train().before(trainSize);
        validation = digits.train().from(trainSize);
        test = digits.test();
    }

    /** Trains to the end; an experiment that was resumed goes on after its last complete epoch. */
    void train(Experiment run, Config config) {
        train(run, config, epoch -> {});
    }

    /**
     * The same.
     *
     * @param afterEpoch is called with each epoch that has been logged
     */
    void train(Experiment run, Config config, LongConsumer afterEpoch) {
        // What the journal holds already; nothing, in a new experiment.
        long epochsLogged =
                find(run, LAST_OF_EPOCH).map(summary -> summary.lastStep() + 1).orElse(0L);

        Metric trainLoss = run.metric("train/loss");
        Metric loss = run.metric("val/loss");
        Metric accuracy = run.metric(CHOOSE_BY);
        Metric f1 = run.metric(LAST_OF_EPOCH);

        Classifier model = config.newModel();
        for (long epoch = 0; epoch < config.epochs(); epoch++) {
            double objective = model.trainEpoch(train, config.optimizer().learningRate());
            if (epoch < epochsLogged) {
                // Trained again, because that is quick and gives the same weights; a longer training would load those
                // it has saved.
                continue;
            }
            Scores scores = Scores.of(model, validation);
            trainLoss.log(epoch, objective);
            loss.log(epoch, scores.loss());
            accuracy.log(epoch, scores.accuracy());
            f1.log(epoch, scores.macroF1());
            if (epoch % CHECKPOINT_EPOCHS == CHECKPOINT_EPOCHS - 1) {
                saveWeights(run, model);
                run.makeCheckpoint("epoch " + epoch);
            }
            afterEpoch.accept(epoch);
        }
        run.logMetric(JUDGE_BY, config.epochs() - 1, Scores.of(model, test).accuracy());
        saveWeights(run, model);
    }

    /** The value that was logged last. */
    static double last(Experiment run, String metric) {
        return find(run, metric).map(MetricSummary::last).orElse(Double.NaN);
    }

    private static Optional<MetricSummary> find(Experiment run, String metric) {
        return run.metrics().stream()
                .filter(summary -> summary.name().equals(metric))
                .findFirst();
    }

    private void saveWeights(Experiment run, Classifier model) {
        try {
            Files.createDirectories(models);
            Files.write(models.resolve(run.name() + ".bin"), model.toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the weights of " + run.name() + " in " + models, e);
        }
    }

    int validationSize() {
        return validation.size();
    }

    int testSize() {
        return test.size();
    }
}
