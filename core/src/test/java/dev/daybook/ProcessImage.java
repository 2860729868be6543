package dev.daybook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files of a process as a {@code kill -9} would leave them now: it is stopped, they are copied, and it can go on. On Linux. */
public final class ProcessImage {

    private ProcessImage() {}

    /**
     * Stops a process, and copies a folder that it writes to.
     *
     * @param copy does not exist; of files with holes only what they hold is copied
     */
    public static void take(ProcessHandle process, Path folder, Path copy) throws IOException {
        run("kill", "-STOP", Long.toString(process.pid()));
        while (!isStopped(process)) {
            Thread.onSpinWait();
        }
        run("cp", "-a", "--sparse=always", "--reflink=auto", folder.toString(), copy.toString());
    }

    /** Lets it run again. */
    public static void goOn(ProcessHandle process) throws IOException {
        run("kill", "-CONT", Long.toString(process.pid()));
    }

    /** Each of its threads: a signal reaches them one by one. */
    private static boolean isStopped(ProcessHandle process) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the process " + process.pid() + " has ended");
        }
        try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (var thread : threads.toList()) {
                if (!isStopped(thread)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean isStopped(Path thread) throws IOException {
        try {
            var stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static void run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
