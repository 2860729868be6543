package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Daybook's executable jar, as a user starts it. */
final class Jar {

    private static final Path FILE =
            Path.of("git-projection", "target", "daybook.jar").toAbsolutePath();

    private Jar() {}

    /**
     * Runs a command of it in a repository.
     *
     * @return what it printed
     * @throws IOException if it failed
     */
    static String run(Path repository, String... arguments) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = Stream.concat(Stream.of(java, "-jar", FILE.toString()), Stream.of(arguments));
        return Command.run(repository, command.toArray(String[]::new));
    }
}
