package dev.daybook.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The project that the sweep runs in: a fresh Git repository of one commit, as a user's might look.
 *
 * <p>It needs nothing of the user's Git configuration and changes nothing of it. A former repository at the same place is deleted, but only
 * if it was made here too, which a marker in its {@code .git} folder tells.
 */
final class SweepRepository {

    private static final String PARAMS = """
            # The defaults of the digits sweep. An experiment sets some of them; in its commit
            # this file holds the values that it ran with, and these comments still.

            seed: 42               # of the weights, and of the order of the digits
            epochs: 12             # passes over the training digits

            model:
              kind: SOFTMAX        # SOFTMAX (linear) or PERCEPTRON (with a hidden layer)
              hiddenUnits: 64      # PERCEPTRON only

            # mini-batch gradient descent
            optimizer:
              learningRate: 0.1    # too low: slow; too high: no better than guessing
              batchSize: 32
              momentum: 0.9        # PERCEPTRON only
              l2: 1.0e-4           # weight decay; SOFTMAX only
            """;

    private static final String NOTES = """
            # Digits

            Which model, and which learning rate, reads handwritten digits best?

            - `params.yaml`: the defaults of all experiments
            - `models/`: the weights that the experiments have learned; not in Git
            - `git for-each-ref refs/exps`, `dvc exp show`: the experiments
            """;

    /** DVC's own; without it in the commit, {@code dvc exp apply} would stash DVC's cache away. */
    private static final String DVC_IGNORES = """
            /config.local
            /tmp
            /cache
            """;

    private SweepRepository() {}

    /**
     * Makes the repository.
     *
     * @return its folder, absolute
     * @throws IllegalArgumentException if there is something at the place that was not made here
     */
    static Path create(Path place) {
        Path folder = place.toAbsolutePath().normalize();
        try {
            clear(folder);
            write(marker(folder), "Made by dev.daybook.examples.DigitsSweep, which deletes it when it runs again.\n");
            git(folder, "init", "--quiet", "--initial-branch=main");
            git(folder, "config", "user.name", "Digits Sweep");
            git(folder, "config", "user.email", "digits-sweep@example.org");
            write(folder.resolve("params.yaml"), PARAMS);
            write(folder.resolve("README.md"), NOTES);
            write(folder.resolve(".gitignore"), "/models/\n");
            write(folder.resolve(".dvc/.gitignore"), DVC_IGNORES);
            write(folder.resolve(".dvc/config"), "");
            git(folder, "add", "--all");
            git(folder, "commit", "--quiet", "--message=Digits: parameters and notes");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the repository " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Path marker(Path folder) {
        return folder.resolve(".git/daybook-digits-sweep");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path marker = marker(folder);
        boolean isFolder = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        if (isFolder && Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
            // The marker goes last, so that a deletion that is cut short can be done again.
            delete(contents(folder).filter(path -> !marker.startsWith(path)));
            delete(Stream.of(marker, marker.getParent()));
        } else if (!isFolder || contents(folder).findAny().isPresent()) {
            throw new IllegalArgumentException(
                    folder + " was not made by the digits sweep, so it stays as it is; name an empty or a new folder");
        }
    }

    /** All that is in a folder, the deepest first; links are not followed. */
    private static Stream<Path> contents(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder)).sorted(Comparator.reverseOrder()).toList().stream();
        }
    }

    private static void delete(Stream<Path> paths) throws IOException {
        for (Path path : paths.toList()) {
            Files.delete(path);
        }
    }

    /** Runs git as on a machine where nobody has configured it. */
    private static void git(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // Set in a hook, for one, where they name another repository.
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        Process git = builder.start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (git.waitFor() != 0) {
                throw new IOException("git " + arguments[0] + " said: " + output.strip());
            }
        } catch (InterruptedException e) {
            git.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while git " + arguments[0] + " ran", e);
        }
    }
}
