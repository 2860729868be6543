package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Where the forks write: folders below {@code benchmarks/target}, on the disk that the sources are on. */
final class Workplace {

    /** Absolute, because some of the programs that are compared run in folders of their own. */
    private static final Path ROOT =
            Path.of("benchmarks", "target", "benchmark").toAbsolutePath();

    private Workplace() {}

    /** The place, empty: what a run that was killed has left there is deleted, and so is at the end what this one leaves. */
    static Path empty() throws IOException {
        if (!Files.exists(Path.of("benchmarks", "pom.xml"))) {
            throw new IOException("not run in Daybook's own folder; use benchmarks/run");
        }
        delete(ROOT);
        Runtime.getRuntime().addShutdownHook(new Thread(Workplace::deleteAll));
        return Files.createDirectories(ROOT);
    }

    private static void deleteAll() {
        try {
            delete(ROOT);
        } catch (IOException | UncheckedIOException e) {
            System.err.println(ROOT + " was not deleted: " + e);
        }
    }

    /**
     * Refuses a disk that the run would fill.
     *
     * @throws IOException if less is free
     */
    static void requireFree(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new IOException("the run takes up to " + (bytes >> 30) + " GiB of disk for a while, and "
                    + (free >> 30) + " GiB are free");
        }
    }

    /** Deletes a folder and waits until the disk is idle, so that the next fork does not pay for what this one has left. */
    static void clear(Path folder) throws IOException {
        delete(folder);
        settle();
    }

    /** Waits until all that was written is on disk. */
    static void settle() throws IOException {
        Command.run(Path.of("."), "sync");
    }

    /** What a folder really takes on disk: the blocks that are allocated, not the sizes of sparse files. */
    static long allocatedBytes(Path folder) throws IOException {
        settle();
        var output = Command.run(folder, "du", "-s", "-B1", ".");
        return Long.parseLong(output.substring(0, output.indexOf('\t')));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (var paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (var path : deepestFirst) {
            Files.delete(path);
        }
    }
}
