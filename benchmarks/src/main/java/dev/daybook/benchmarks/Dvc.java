package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The real DVC, in the virtual environment that the interop tests use too. */
final class Dvc {

    private static final Path VENV = Path.of("benchmarks", "target", "dvc-venv");

    private Dvc() {}

    /** Makes the environment, if it is not there. */
    static void install() throws IOException {
        Command.run(Path.of("."), "bash", "benchmarks/src/test/python/venv.sh", VENV.toString());
    }

    /** With a line end. */
    static String version() throws IOException {
        return Command.run(Path.of("."), program("dvc"), "--version");
    }

    /** One of its programs: {@code dvc}, {@code python}. */
    static String program(String name) {
        return VENV.resolve("bin").resolve(name).toAbsolutePath().toString();
    }

    /**
     * Runs a command of it in a repository, where all that it remembers is below {@code .dvc/tmp}.
     *
     * @return what it printed
     * @throws IOException if it failed
     */
    static String run(Path repository, String... arguments) throws IOException {
        var environment = Map.of(
                "DVC_NO_ANALYTICS", "1",
                "CI", "true",
                "DVC_SITE_CACHE_DIR", repository.resolve(".dvc/tmp/site").toString());
        var command = Stream.concat(Stream.of(program("dvc")), Stream.of(arguments));
        return Command.run(repository, environment, command.toArray(String[]::new));
    }
}
