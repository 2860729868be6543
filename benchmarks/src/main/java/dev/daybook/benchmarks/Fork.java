package dev.daybook.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class of this package in a JVM of its own, with the flags that Chronicle needs, the same ones for every competitor. */
final class Fork {

    private Fork() {}

    /** The flags of the parent pom, which say nothing about speed. */
    static List<String> accessFlags() {
        try (var flags = Fork.class.getResourceAsStream("jvm.flags")) {
            if (flags == null) {
                throw new IllegalStateException("jvm.flags is missing: built without Maven?");
            }
            return List.of(new String(flags.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs it to its end.
     *
     * @param flags besides those that give access
     * @return what it measured
     * @throws IOException if it failed; it has said on stderr why
     */
    static Figures run(Class<?> main, List<String> flags, Object... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(accessFlags());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        for (var argument : arguments) {
            command.add(argument.toString());
        }
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // who ends this process does not want the fork to go on by itself
        var end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var figures = Figures.parse(output.lines());
            int exitCode = Command.exitCode(process);
            if (exitCode != 0) {
                throw new IOException(
                        main.getSimpleName() + " " + List.of(arguments) + " failed with exit code " + exitCode);
            }
            return figures;
        } finally {
            // if this process is interrupted, or cannot read what the other one says
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }
}
