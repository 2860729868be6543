package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * The floor: the same record in mapped memory, and nothing else; nobody could read along, seal, or find damage in the file's structure. What
 * is mapped is unmapped by the collector, so the floor does not even pay for that.
 */
final class MappedStore extends FilePerThread {

    /** About the 8 MiB of a Chronicle block: a whole number of records, and of pages. */
    private static final int WINDOW_BYTES = Slot.BYTES * 4096 * 51;

    MappedStore(Path folder) throws IOException {
        super(folder);
    }

    @Override
    Writer writer(Path file) throws IOException {
        return new Own(file);
    }

    private static final class Own extends Writer {

        private ByteBuffer window;
        private long windowStart;
        private int at;

        Own(Path file) throws IOException {
            super(file);
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
