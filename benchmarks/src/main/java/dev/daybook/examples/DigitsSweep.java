package dev.daybook.examples;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The example to begin with: a sweep over two models that learn to read handwritten digits.
 *
 * <p>It makes a Git repository at the given place and then shows each way that an experiment can go:
 *
 * <ol>
 *   <li>begun, trained and saved, once for each configuration of the sweep;
 *   <li>begun, trained and discarded, because the model has learned nothing;
 *   <li>killed in the middle, in a JVM of its own; then found as interrupted, resumed and saved.
 * </ol>
 *
 * <p>At the end it prints the comparison. Seeds make it repeatable, except for times and what follows from them, the ids of commits.
 */
final class DigitsSweep {

    static final List<Config> CONFIGS = List.of(
            Config.softmax(0.01),
            Config.softmax(0.1),
            Config.softmax(0.5),
            Config.softmax(2.0),
            Config.perceptron(16, 0.02),
            Config.perceptron(16, 0.1),
            Config.perceptron(64, 0.02),
            Config.perceptron(64, 0.1),
            Config.perceptron(64, 3.0)); // learns nothing

    /** The one whose JVM is killed in the middle. */
    static final Config KILLED = Config.perceptron(32, 0.1);

    /** A model that reads fewer digits than this is not kept. */
    private static final double WORTH_KEEPING = 0.5;

    private static final String UNTIL_KILLED = "--until-killed";
    private static final String IN_THE_MIDDLE = "in the middle";

    private final Path repository;
    private final PrintStream out;
    private final Training training;

    /** @param repository as {@link SweepRepository} makes it */
    DigitsSweep(Path repository, PrintStream out) {
        this.repository = repository;
        this.out = out;
        training = new Training(repository.resolve("models"));
    }

    public static void main(String[] args) throws IOException {
        if (args.length == 1) {
            new DigitsSweep(create(Path.of(args[0])), System.out).run();
        } else if (args.length == 2 && args[1].equals(UNTIL_KILLED)) {
            new DigitsSweep(Path.of(args[0]), System.out).trainUntilKilled();
        } else {
            System.err.println("usage: DigitsSweep FOLDER   (new or empty, or made by a former run, which is deleted)");
            System.exit(2);
        }
    }

    private static Path create(Path place) {
        try {
            return SweepRepository.create(place);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            throw e;
        }
    }

    private void run() throws IOException {
        out.println("Training " + CONFIGS.size() + " configurations in " + repository);
        sweep();
        out.println("Training one more in another JVM, which is killed " + IN_THE_MIDDLE);
        killInTheMiddle();
        resume();
        try (Daybook daybook = Daybook.open(repository)) {
            new Report(repository, daybook.experiments(), training).print(out);
        }
    }

    /** One experiment for each configuration. On the same commit again, their names are numbered. */
    void sweep() {
        try (Daybook daybook = Daybook.open(repository)) {
            for (Config config : CONFIGS) {
                // init, what stands here, save. If it throws, the experiment is kept as failed, to save or discard.
                var saved = daybook.run(config.experimentName(), run -> {
                    run.setParams(config);
                    training.train(run, config);
                    if (!(Training.last(run, Training.CHOOSE_BY) >= WORTH_KEEPING)) {
                        run.discard();
                    }
                });
                out.println("  "
                        + saved.map(Object::toString)
                                .orElse(config.experimentName() + " has learned nothing and is discarded"));
            }
        }
    }

    /** Runs this program once more, as {@link #trainUntilKilled}, and kills it: SIGKILL on Unix. */
    private void killInTheMiddle() throws IOException {
        Process child = new ProcessBuilder(javaCommand(repository.toString(), UNTIL_KILLED))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); !IN_THE_MIDDLE.equals(line); line = lines.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("the JVM to be killed ended before; see what it printed above");
                }
                out.println(line);
            }
        } finally {
            child.destroyForcibly().onExit().join();
        }
    }

    /** In the child: trains half of the epochs, says so, and then hangs. */
    private void trainUntilKilled() {
        Daybook daybook = Daybook.open(repository);
        Experiment run = daybook.experiment(KILLED.experimentName()).init();
        run.setParams(KILLED);
        training.train(run, KILLED, epoch -> {
            if (epoch == KILLED.epochs() / 2) {
                out.println(IN_THE_MIDDLE);
                hang();
            }
        });
    }

    /** Until this JVM is killed, or until its parent is, which ends its input. */
    private static void hang() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // an end of the input too
        }
        Runtime.getRuntime().halt(1);
    }

    /** Goes on with what the child began. The code in its commit is the child's, as it was recorded, whatever the work tree holds now. */
    private void resume() {
        try (Daybook daybook = Daybook.open(repository)) {
            daybook.experiments().stream()
                    .filter(experiment -> experiment.status() == Status.INTERRUPTED)
                    .forEach(experiment -> out.println("  " + experiment));
            try (Experiment run = daybook.resume(KILLED.experimentName())) {
                training.train(run, KILLED);
                out.println("  " + run.save());
            }
        }
    }

    /** This program with the options of this JVM, such as those that open packages. */
    static List<String> javaCommand(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-X"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DigitsSweep.class.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
