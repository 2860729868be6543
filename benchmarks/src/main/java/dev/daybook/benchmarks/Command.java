package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system to its end. */
final class Command {

    private static final int LONGEST_MINUTES = 30;

    private Command() {}

    /**
     * Runs it in a folder.
     *
     * @return what it printed
     * @throws IOException if it failed, or was killed because it had not ended after {@value #LONGEST_MINUTES} minutes
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
        // who ends this process does not want the program to go on by itself
        var end = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(end);
        CompletableFuture.delayedExecutor(LONGEST_MINUTES, TimeUnit.MINUTES).execute(() -> end(process));
        try {
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = exitCode(process);
            if (exitCode != 0) {
                throw new IOException(String.join(" ", List.of(command)) + " failed with exit code " + exitCode + ": "
                        + output.strip());
            }
            return output;
        } finally {
            // if its output cannot be read
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    /** With what it has started, which else might keep its output open. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
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
