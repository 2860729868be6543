package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The real DVC, in the virtual environment that the interop tests use too. */
final class Dvc {

    private static final Path VENV = Path.of("benchmarks", "target", "dvc-venv");

    private Dvc() {}

    /** Makes the environment, if it is not there. */
    static void install() throws IOException {
        Command.run(Path.of("."), "bash", "benchmarks/src/test/python/venv.sh", VENV.toString());
    }

    /** One of its programs: {@code dvc}, {@code python}. */
    static String program(String name) {
        return VENV.resolve("bin").resolve(name).toAbsolutePath().toString();
    }
}
