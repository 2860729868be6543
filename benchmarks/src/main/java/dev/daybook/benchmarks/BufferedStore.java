package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The same record through a buffer into a file: what a logger does that may lose its last 64 KiB when the process dies. */
final class BufferedStore extends FilePerThread {

    /** 64 KiB, down to a whole number of records. */
    private static final int BUFFER_BYTES = (64 << 10) / Slot.BYTES * Slot.BYTES;

    BufferedStore(Path folder) throws IOException {
        super(folder);
    }

    @Override
    Writer writer(Path file) throws IOException {
        return new Own(file);
    }

    private static final class Own extends Writer {

        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private int at;

        Own(Path file) throws IOException {
            super(file);
        }

        @Override
        public void log(long step, double value) {
            if (at == BUFFER_BYTES) {
                flush();
            }
            slot.publish(buffer, at, METRIC, step, value);
            at += Slot.BYTES;
        }

        @Override
        void close() throws IOException {
            flush();
            super.close();
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
