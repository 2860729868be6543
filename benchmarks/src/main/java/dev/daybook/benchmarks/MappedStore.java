package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The floor: the same record in mapped memory, and nothing else; nobody could read along, seal, or find damage in the file's structure. */
final class MappedStore implements Store {

    /** About the 8 MiB of a Chronicle block: a whole number of records, and of pages. */
    private static final int WINDOW_BYTES = Slot.BYTES * 4096 * 51;

    private final Path folder;
    private final List<Writer> writers = new CopyOnWriteArrayList<>();

    MappedStore(Path folder) throws IOException {
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

    /** Closes the files; what is mapped is unmapped by the collector, so the floor does not even pay for that. */
    @Override
    public void close() throws IOException {
        for (var writer : writers) {
            writer.channel.close();
        }
    }

    private static final class Writer implements Recorder {

        private final FileChannel channel;
        private final Slot slot = new Slot();
        private ByteBuffer window;
        private long windowStart;
        private int at;

        Writer(Path file) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            window = map();
        }

        private ByteBuffer map() throws IOException {
            return channel.map(MapMode.READ_WRITE, windowStart, WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void log(long step, double value) {
            if (at == WINDOW_BYTES) {
                advance();
            }
            slot.publish(window, at, METRIC, step, value);
            at += Slot.BYTES;
        }

        private void advance() {
            try {
                windowStart += WINDOW_BYTES;
                window = map();
                at = 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
