package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Contents;
import dev.daybook.port.Contents.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a finished generation holds, noted beside it, so that nobody has to read it whole to find that it holds nothing unfinished. It can be
 * deleted at any time: that only costs time.
 *
 * <pre>
 *   u32 "DBc2"   u32 CRC32C of all that follows
 *   u64 length of the queue's file   u64 where its last document ends   u32 number of experiments
 *   experiment*  16 bytes id   u64 where its first document stands   u8 1: saved or discarded in here, 2: begun in here
 * </pre>
 *
 * <p>Big endian. It counts only if the checksum is right and the queue's file is still as long as it was. It is not forced: a torn one does
 * not count.
 */
final class ContentsFile {

    private static final int MAGIC = 0x44426332;
    private static final int HEAD_BYTES = 8 + 8 + 8 + 4;
    private static final int END = 8 + 8;
    private static final int EXPERIMENT_BYTES = 16 + 8 + 1;

    private static final int SETTLED = 1;
    private static final int BEGUN = 2;

    private ContentsFile() {}

    /** Notes what a finished generation holds, where that can be: whoever may only read, or has no room, does without. */
    static void write(Path generation, Contents contents) {
        try {
            Disk.uninterrupted(() -> writeWhole(generation, contents));
        } catch (IOException e) {
            // costs the next reader some time, and nothing else
        }
    }

    private static Path writeWhole(Path generation, Contents contents) throws IOException {
        var experiments = contents.experiments();
        var buffer = ByteBuffer.allocate(HEAD_BYTES + experiments.size() * EXPERIMENT_BYTES);
        buffer.putInt(MAGIC).putInt(0);
        buffer.putLong(Files.size(JournalDirectory.queue(generation)))
                .putLong(contents.bytes())
                .putInt(experiments.size());
        for (var each : experiments) {
            var id = each.id().uuid();
            buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
            buffer.putLong(each.start());
            buffer.put((byte) ((each.isSettled() ? SETTLED : 0) | (each.isBegun() ? BEGUN : 0)));
        }
        buffer.putInt(4, crc(buffer.array()));
        var file = JournalDirectory.contents(generation);
        var whole = Files.createTempFile(generation, "contents-", ".tmp");
        try {
            Files.write(whole, buffer.array());
            return Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** What was noted; empty if nothing was, or nothing that can be relied on. */
    static Optional<Contents> read(Path generation) throws IOException {
        try {
            var bytes = Files.readAllBytes(JournalDirectory.contents(generation));
            return bytes.length >= HEAD_BYTES && isSound(bytes, Files.size(JournalDirectory.queue(generation)))
                    ? Optional.of(contents(ByteBuffer.wrap(bytes)))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isSound(byte[] bytes, long queueBytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return buffer.getInt() == MAGIC
                && buffer.getInt() == crc(bytes)
                && buffer.getLong() == queueBytes
                && buffer.getLong() <= queueBytes
                && buffer.getInt() == (bytes.length - HEAD_BYTES) / EXPERIMENT_BYTES;
    }

    private static Contents contents(ByteBuffer buffer) {
        var experiments = new ArrayList<Content>();
        long end = buffer.getLong(END);
        buffer.position(HEAD_BYTES);
        while (buffer.hasRemaining()) {
            var id = new ExperimentId(new UUID(buffer.getLong(), buffer.getLong()));
            long start = buffer.getLong();
            byte flags = buffer.get();
            experiments.add(new Content(id, start, (flags & BEGUN) != 0, (flags & SETTLED) != 0));
        }
        return new Contents(experiments, end);
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 8, bytes.length - 8);
        return (int) crc.getValue();
    }
}
