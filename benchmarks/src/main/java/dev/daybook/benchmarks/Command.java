package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program of the system to its end. */
final class Command {

    private Command() {}

    /**
     * Runs it in a folder.
     *
     * @return what it printed
     * @throws IOException if it failed
     */
    static String run(Path folder, String... command) throws IOException {
        return run(folder, Map.of(), command);
    }

    /** @param additions to the environment */
    static String run(Path folder, Map<String, String> additions, String... command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // Git takes these over from a hook, for one, where they name another repository.
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().putAll(additions);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (exitCode(process) != 0) {
            throw new IOException(String.join(" ", List.of(command)) + " failed: " + output.strip());
        }
        return output;
    }

    /** Waits for the end of a process. */
    static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process ran", e);
        }
    }
}
