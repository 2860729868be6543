package dev.daybook.git.dvc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that grow side by side in bounded memory: when what is held of all together reaches the limit, it is moved into one temporary file,
 * piece by piece, and a file is read back from its pieces. Most never get that far. Not thread-safe.
 */
final class GrowingFiles implements AutoCloseable {

    private final int limit;
    private final List<Growing> all = new ArrayList<>();
    private long held;
    private long spilled;
    private @Nullable FileChannel spill;

    /** @param limit how many bytes are held in memory */
    GrowingFiles(int limit) {
        this.limit = limit;
    }

    /** A new one, empty. */
    Growing open() {
        var file = new Growing();
        all.add(file);
        return file;
    }

    private record Piece(long position, int length) {}

    /** One of them. */
    final class Growing {

        /** As it was appended: one array of all would be there twice whenever it grows. */
        private final List<byte[]> tail = new ArrayList<>();

        private final List<Piece> pieces = new ArrayList<>();
        private long length;

        /** @param bytes that nobody changes any more */
        void append(byte[] bytes) throws IOException {
            tail.add(bytes);
            length += bytes.length;
            held += bytes.length;
            if (held > limit) {
                spill();
            }
        }

        long length() {
            return length;
        }

        /** All that was appended so far. */
        InputStream content() {
            return new Content(this);
        }
    }

    private void spill() throws IOException {
        if (spill == null) {
            spill = FileChannel.open(
                    Files.createTempFile("daybook-plots", ".tmp"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
        }
        for (var file : all) {
            for (var bytes : file.tail) {
                write(spill, ByteBuffer.wrap(bytes));
                file.pieces.add(new Piece(spilled, bytes.length));
                spilled += bytes.length;
            }
            file.tail.clear();
        }
        held = 0;
    }

    private void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        try {
            for (long at = spilled; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw new IOException("the plots do not fit into the temporary folder: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (spill != null) {
            spill.close();
        }
    }

    /** One file read from its pieces, and then from memory. */
    private final class Content extends InputStream {

        private final Growing file;
        private int next;
        private InputStream current = InputStream.nullInputStream();

        Content(Growing file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                int count = current.read(target, offset, length);
                int behind = next - file.pieces.size();
                if (count >= 0 || behind == file.tail.size()) {
                    return count;
                }
                current = new ByteArrayInputStream(behind < 0 ? load(file.pieces.get(next)) : file.tail.get(behind));
                next++;
            }
        }

        private byte[] load(Piece piece) throws IOException {
            var bytes = ByteBuffer.allocate(piece.length);
            while (bytes.hasRemaining()) {
                if (spill == null || spill.read(bytes, piece.position + bytes.position()) < 0) {
                    throw new IOException("the temporary file of the plots was cut");
                }
            }
            return bytes.array();
        }
    }
}
