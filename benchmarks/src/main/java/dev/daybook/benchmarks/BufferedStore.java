package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The same record through a buffer into a file: what a logger does that may lose its last 64 KiB when the process dies. */
final class BufferedStore implements Store {

    /** 64 KiB, down to a whole number of records. */
    private static final int BUFFER_BYTES = (64 << 10) / Slot.BYTES * Slot.BYTES;

    private final Path folder;
    private final List<Writer> writers = new CopyOnWriteArrayList<>();

    BufferedStore(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public Recorder recorder() throws IOException {
        var writer = new Writer(Files.createTempFile(folder, "thread", ".log"));
        writers.add(writer);
        return writer;
    }

    @Override
    public long records() {
        return writers.stream().mapToLong(writer -> writer.slot.count()).sum();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        for (var writer : writers) {
            writer.flush();
            writer.channel.close();
        }
    }

    private static final class Writer implements Recorder {

        private final FileChannel channel;
        private final Slot slot = new Slot();
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private int at;

        Writer(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        }

        @Override
        public void log(long step, double value) {
            if (at == BUFFER_BYTES) {
                flush();
            }
            slot.publish(buffer, at, METRIC, step, value);
            at += Slot.BYTES;
        }

        private void flush() {
            try {
                buffer.clear().limit(at);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                buffer.clear();
                at = 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
