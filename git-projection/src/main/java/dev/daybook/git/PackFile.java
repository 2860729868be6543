package dev.daybook.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.transport.PackedObjectInfo;

/**
 * A pack of whole objects, each once, in the order they are given, with its index; both of version 2 as gitformat-pack(5) has them. Not
 * thread-safe.
 */
final class PackFile implements AutoCloseable {

    private static final int VERSION = 2;
    private static final int COUNT_OFFSET = 8;
    private static final int HEAD_BYTES = 12;

    private final FileChannel channel;
    private final Map<ObjectId, PackedObjectInfo> entries = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final byte[] deflated = new byte[1 << 13];
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final CRC32 crc = new CRC32();
    private final MessageDigest hash = sha1();

    /** Of the first byte of the buffer. */
    private long flushed;

    /** Creates the file. */
    PackFile(Path file) throws IOException {
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        buffer.put(Constants.PACK_SIGNATURE).putInt(VERSION).putInt(0);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** What is in it so far. */
    Set<ObjectId> ids() {
        return entries.keySet();
    }

    ObjectId add(int type, byte[] content) throws IOException {
        startHash(type, content.length);
        hash.update(content);
        var id = ObjectId.fromRaw(hash.digest());
        if (!entries.containsKey(id)) {
            long start = begin(type, content.length);
            deflater.setInput(content);
            deflater.finish();
            while (!deflater.finished()) {
                drain();
            }
            end(id, start);
        }
        return id;
    }

    /** @throws EOFException if the content is shorter */
    ObjectId add(int type, long length, InputStream content) throws IOException {
        startHash(type, length);
        long start = begin(type, length);
        var bytes = new byte[1 << 16];
        for (long rest = length; rest > 0; ) {
            int count = content.readNBytes(bytes, 0, (int) Math.min(rest, bytes.length));
            if (count == 0) {
                throw new EOFException("instead of " + length + " bytes there are " + (length - rest));
            }
            hash.update(bytes, 0, count);
            deflater.setInput(bytes, 0, count);
            while (!deflater.needsInput()) {
                drain();
            }
            rest -= count;
        }
        deflater.finish();
        while (!deflater.finished()) {
            drain();
        }
        var id = ObjectId.fromRaw(hash.digest());
        if (entries.containsKey(id)) {
            flush();
            channel.truncate(start);
            flushed = start;
        } else {
            end(id, start);
        }
        return id;
    }

    private void startHash(int type, long length) {
        hash.reset();
        hash.update((Constants.typeString(type) + " " + length + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    private long begin(int type, long length) throws IOException {
        long start = flushed + buffer.position();
        crc.reset();
        deflater.reset();
        var head = new byte[Long.BYTES + 2];
        int size = 0;
        // four bits of the length beside the type, then seven each, the lowest first
        long rest = length >>> 4;
        head[size++] = (byte) (type << 4 | (int) (length & 0xf) | (rest == 0 ? 0 : 0x80));
        while (rest != 0) {
            int low = (int) (rest & 0x7f);
            rest >>>= 7;
            head[size++] = (byte) (low | (rest == 0 ? 0 : 0x80));
        }
        write(head, size);
        return start;
    }

    private void drain() throws IOException {
        write(deflated, deflater.deflate(deflated));
    }

    private void write(byte[] bytes, int size) throws IOException {
        crc.update(bytes, 0, size);
        if (size > buffer.remaining()) {
            flush();
        }
        buffer.put(bytes, 0, size);
    }

    private void end(ObjectId id, long start) {
        var entry = new PackedObjectInfo(id);
        entry.setOffset(start);
        entry.setCRC((int) crc.getValue());
        entries.put(id, entry);
    }

    private void flush() throws IOException {
        buffer.flip();
        flushed += buffer.limit();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Ends the pack, and writes its index. Neither is forced. */
    void finish(Path index) throws IOException {
        flush();
        var count = ByteBuffer.allocate(Integer.BYTES).putInt(entries.size()).flip();
        channel.write(count, COUNT_OFFSET);
        hash.reset();
        for (long at = 0; at < flushed; at += buffer.limit()) {
            buffer.clear();
            channel.read(buffer, at);
            hash.update(buffer.flip().rewind());
        }
        var checksum = hash.digest();
        buffer.clear().put(checksum);
        flush();
        var sorted = new ArrayList<>(entries.values());
        sorted.sort(null);
        try (var out = Files.newOutputStream(index, StandardOpenOption.CREATE_NEW)) {
            BasePackIndexWriter.createVersion(out, VERSION).write(sorted, checksum);
        }
    }

    /**
     * A reader that finds these objects too, while the pack is being written; for one thread with this.
     *
     * @param rest of the others; is closed with it
     */
    ObjectReader reader(ObjectReader rest) {
        return new Reader(rest);
    }

    private final class Reader extends ObjectReader {

        private final ObjectReader rest;

        Reader(ObjectReader rest) {
            this.rest = rest;
        }

        @Override
        public ObjectReader newReader() {
            return new Reader(rest.newReader());
        }

        @Override
        public Collection<ObjectId> resolve(AbbreviatedObjectId id) throws IOException {
            return rest.resolve(id);
        }

        @Override
        public ObjectLoader open(AnyObjectId id, int typeHint) throws IOException {
            var entry = entries.get(id.copy());
            return entry == null ? rest.open(id, typeHint) : read(entry);
        }

        @Override
        public long getObjectSize(AnyObjectId id, int typeHint) throws IOException {
            var entry = entries.get(id.copy());
            return entry == null
                    ? rest.getObjectSize(id, typeHint)
                    : head(entry).length();
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            return rest.getShallowCommits();
        }

        @Override
        public void close() {
            rest.close();
        }
    }

    /** @param bytes how many it takes itself */
    private record Head(int type, long length, int bytes) {}

    private Head head(PackedObjectInfo entry) throws IOException {
        flush();
        var head = ByteBuffer.allocate(HEAD_BYTES);
        channel.read(head, entry.getOffset());
        head.flip();
        int first = head.get();
        long length = first & 0xf;
        for (int shift = 4, next = first; next < 0; shift += 7) {
            next = head.get();
            length |= (long) (next & 0x7f) << shift;
        }
        return new Head(first >> 4 & 7, length, head.position());
    }

    private ObjectLoader read(PackedObjectInfo entry) throws IOException {
        var head = head(entry);
        if (head.length() > Integer.MAX_VALUE) {
            throw new LargeObjectException(entry);
        }
        var content = Channels.newInputStream(channel.position(entry.getOffset() + head.bytes()));
        var bytes = new InflaterInputStream(content).readNBytes((int) head.length());
        channel.position(flushed);
        return new ObjectLoader.SmallObject(head.type(), bytes);
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        channel.close();
    }
}
