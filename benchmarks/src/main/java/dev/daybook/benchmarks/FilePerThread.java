package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in which each thread has a file of its own, so that none waits for another one. */
abstract class FilePerThread implements Store {

    /** One thread's file, open for reading and writing, and its records. */
    abstract static class Writer implements Recorder {

        final FileChannel channel;
        final Slot slot = new Slot();

        Writer(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        void close() throws IOException {
            channel.close();
        }
    }

    private final Path folder;
    private final List<Writer> writers = new CopyOnWriteArrayList<>();

    FilePerThread(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    abstract Writer writer(Path file) throws IOException;

    @Override
    public final Recorder recorder() throws IOException {
        var writer = writer(Files.createTempFile(folder, "thread", ".log"));
        writers.add(writer);
        return writer;
    }

    @Override
    public final long records() {
        return writers.stream().mapToLong(writer -> writer.slot.count()).sum();
    }

    @Override
    public final Path folder() {
        return folder;
    }

    @Override
    public final void close() throws IOException {
        for (var writer : writers) {
            writer.close();
        }
    }
}
