package dev.daybook.journal;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * The file of a Chronicle queue, for reading, without Chronicle.
 *
 * <pre>
 *   file     = (header payload pad)*            pad: to a multiple of 4 bytes
 *   header   = 32 bits, little endian:          bits 0-29 length of the payload
 *                                               bit 30 metadata of Chronicle, not a document
 *                                               bit 31 not complete
 *                                               0: the end, or a document that is being written
 *   metadata = 0xB9 length name array|typed     name: header, index2index, index
 *   array    = pad 0x8D u64 capacity u64 used capacity * u64
 *   typed    = 0xB6 length name 0x82 u32 length, so many bytes
 * </pre>
 *
 * <p>As chronicle-queue 2026.4 writes it (established by experiment, and held by a test that compares with its own tailer). Metadata is
 * passed over only if it is as long as it says itself: its length has no checksum, and one flipped bit would lead past everything.
 *
 * <p>A file that is being written may be read: a header is read before what it stands for, and set after it. Not thread-safe.
 */
final class QueueFile {

    /** What stands at a position. */
    enum Found {
        /** A document; {@link #start} and {@link #length} say where. */
        DOCUMENT,
        /** Nothing yet, or something that is being written; {@link #start} says where. */
        END,
        /** Something that Chronicle cannot have written; {@link #problem} says what. */
        BROKEN
    }

    static final int HEADER_BYTES = Integer.BYTES;

    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int METADATA = 0x4000_0000;
    private static final int NOT_COMPLETE = 0x8000_0000;

    private static final int NAME = 0xB9;
    private static final int TYPE = 0xB6;
    private static final int LENGTH_32 = 0x82;
    private static final int ARRAY = 0x8D;
    private static final int PAD_32 = 0x8E;
    private static final int PAD = 0x8F;
    private static final Set<String> METADATA_NAMES = Set.of("header", "index2index", "index");
    private static final int METADATA_HEAD_BYTES = 64;

    private static final long WINDOW_BYTES = 256L << 20;
    private static final long WINDOW_ALIGNMENT = 64L << 10;
    private static final int SCAN_BYTES = 64 << 10;
    private static final byte[] ZEROS = new byte[SCAN_BYTES];
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private ByteBuffer window = NOTHING;
    private long windowStart;

    private long start;
    private int length;
    private String problem = "";

    QueueFile(Path path) {
        this.path = path;
    }

    /** The same file for another reader, who need not map again what is mapped here. */
    QueueFile another() {
        var other = new QueueFile(path);
        other.window = window;
        other.windowStart = windowStart;
        return other;
    }

    /** The same file for another reader, whom its {@link #beginning} is given. */
    QueueFile another(ByteBuffer beginning) {
        var other = new QueueFile(path);
        other.window = beginning;
        return other;
    }

    boolean isMapped() {
        return window.capacity() > 0;
    }

    /** Its beginning, mapped anew; empty if the file is. */
    ByteBuffer beginning() throws IOException {
        var other = new QueueFile(path);
        return other.isMapped(0, HEADER_BYTES) ? other.window : NOTHING;
    }

    /** Finds the first document at or behind a position. */
    Found find(long position) throws IOException {
        start = position;
        while (true) {
            if (!isMapped(start, HEADER_BYTES)) {
                return Found.END;
            }
            int header = acquireInt(start);
            length = header & LENGTH_MASK;
            if (header == 0 || (header & NOT_COMPLETE) != 0) {
                return Found.END;
            }
            if (!isMapped(start + HEADER_BYTES, length)) {
                return broken("the file ends inside a document of " + length + " bytes");
            }
            if ((header & METADATA) == 0) {
                return Found.DOCUMENT;
            }
            if (length != metadataLength()) {
                return broken("Chronicle's own metadata is not what Chronicle writes");
            }
            start = next();
        }
    }

    private Found broken(String what) {
        problem = what;
        return Found.BROKEN;
    }

    /** Where the header of what was found stands. */
    long start() {
        return start;
    }

    /** Where the payload of what was found begins. */
    long payload() {
        return start + HEADER_BYTES;
    }

    /** The length of the payload. */
    int length() {
        return length;
    }

    /** Where the next header stands. */
    long next() {
        return start + HEADER_BYTES + (length + 3L & -4L);
    }

    String problem() {
        return problem;
    }

    /** Leaves the mapping to the garbage collector; it is made anew when it is needed. */
    void unmap() {
        window = NOTHING;
        windowStart = 0;
    }

    /** How many bytes the file has of the payload, but not more than asked for. */
    int available(int atMost) throws IOException {
        return (int) Math.max(0, Math.min(atMost, size() - payload()));
    }

    /** An int that another process may be writing: what it wrote before that is visible afterwards. */
    int acquireInt(long position) throws IOException {
        require(position, Integer.BYTES);
        return (int) INT.getAcquire(window, (int) (position - windowStart));
    }

    /** Copies bytes: checksums are computed of copies, since a fault in mapped memory could kill the JVM there. */
    void copy(long position, byte[] into, int bytes) throws IOException {
        copy(position, into, 0, bytes);
    }

    /** Copies bytes to a place in an array. */
    void copy(long position, byte[] into, int at, int bytes) throws IOException {
        require(position, bytes);
        window.get((int) (position - windowStart), into, at, bytes);
    }

    /** The end of the last byte that is not zero, at or behind a position; the position itself if all are. */
    long endOfBytes(long from) throws IOException {
        var chunk = new byte[SCAN_BYTES];
        try (var open = new RandomAccessFile(path.toFile(), "r")) {
            for (long end = open.length(); end > from; end -= SCAN_BYTES) {
                int bytes = (int) Math.min(SCAN_BYTES, end - from);
                open.seek(end - bytes);
                open.readFully(chunk, 0, bytes);
                if (Arrays.equals(chunk, 0, bytes, ZEROS, 0, bytes)) {
                    // as most of a file is whose writer was killed
                    continue;
                }
                for (int i = bytes; i > 0; i--) {
                    if (chunk[i - 1] != 0) {
                        return end - bytes + i;
                    }
                }
            }
        }
        return from;
    }

    /** Whether the header at the end that was found is one that counts for nothing, but says how long its payload is. */
    boolean endsInDisabledHeader() throws IOException {
        return isMapped(start, HEADER_BYTES) && (acquireInt(start) & NOT_COMPLETE) != 0 && length != 0;
    }

    /** What the metadata that was found says of its own length; -1 if it is none of Chronicle's. */
    private long metadataLength() throws IOException {
        var bytes = new byte[Math.min(length, METADATA_HEAD_BYTES)];
        copy(payload(), bytes, bytes.length);
        var head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (!METADATA_NAMES.contains(name(head, NAME))) {
                return -1;
            }
            int code = skipPadding(head);
            if (code == ARRAY) {
                long capacity = head.getLong();
                return head.position() + Long.BYTES + capacity * Long.BYTES;
            }
            head.position(head.position() - 1);
            name(head, TYPE);
            return skipPadding(head) == LENGTH_32 ? head.getInt() + (long) head.position() : -1;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static String name(ByteBuffer head, int code) {
        if (Byte.toUnsignedInt(head.get()) != code) {
            return "";
        }
        var name = new byte[Byte.toUnsignedInt(head.get())];
        head.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static int skipPadding(ByteBuffer head) {
        while (true) {
            int code = Byte.toUnsignedInt(head.get());
            if (code == PAD_32) {
                int bytes = head.getInt();
                if (bytes < 0) {
                    throw new IllegalArgumentException("padding of " + bytes + " bytes");
                }
                head.position(head.position() + bytes);
            } else if (code != PAD) {
                return code;
            }
        }
    }

    private void require(long position, int bytes) throws IOException {
        if (!isMapped(position, bytes)) {
            throw new EOFException(path + " has no " + bytes + " bytes at " + position + " any more");
        }
    }

    /** Makes bytes readable, if the file has them. */
    private boolean isMapped(long position, int bytes) throws IOException {
        if (position >= windowStart && position + bytes <= windowStart + window.capacity()) {
            return true;
        }
        long newStart = position / WINDOW_ALIGNMENT * WINDOW_ALIGNMENT;
        while (position + bytes <= size()) {
            long newEnd = Math.min(newStart + WINDOW_BYTES, size());
            try {
                window = Disk.uninterrupted(() -> map(newStart, newEnd - newStart));
                windowStart = newStart;
                return position + bytes <= newEnd;
            } catch (IOException e) {
                if (newEnd <= size()) {
                    throw e;
                }
                // its writer has finished meanwhile, and cut off the room that it did not need
            }
        }
        return false;
    }

    private long size() throws IOException {
        return Files.size(path);
    }

    private MappedByteBuffer map(long position, long bytes) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, position, bytes);
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            return mapped;
        }
    }
}
