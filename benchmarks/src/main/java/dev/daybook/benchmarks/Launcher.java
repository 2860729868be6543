package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Daybook as a user calls it: the script beside the executable jar. */
final class Launcher {

    private static final Path SCRIPT =
            Path.of("git-projection", "target", "daybook").toAbsolutePath();

    private Launcher() {}

    /**
     * Runs a command in a repository.
     *
     * @return what it printed
     * @throws IOException if it failed
     */
    static String run(Path repository, String... arguments) throws IOException {
        var command = Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments));
        return Command.run(
                repository, Map.of("JAVA_HOME", System.getProperty("java.home")), command.toArray(String[]::new));
    }
}
