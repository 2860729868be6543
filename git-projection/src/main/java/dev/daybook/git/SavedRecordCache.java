package dev.daybook.git;

import dev.daybook.port.SavedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read of saved experiments, in one file beside the journal: a commit never changes, so that nothing of it has to be read twice.
 *
 * <pre>
 * head      16  "daybook saved N\n"
 * entries   length 4 | CRC32C of the length and the record 4 | record, see {@link SavedRecordCodec}
 * </pre>
 *
 * <p>New entries are appended under the file's lock, by a process that finds the file as it has read it; a file that is damaged, or of which
 * more than half is of no use any more, is written anew and put in the old one's place. Nothing is forced and nobody waits: an entry may be
 * lost, and is read from Git again. <b>The file can be deleted at any time.</b> Nothing here fails a read: neither a repository that cannot
 * be written nor a full disk.
 */
final class SavedRecordCache {

    /** In the file's name and its head: to be raised whenever records are encoded, or {@link SavedReader} reads a commit, otherwise. */
    private static final String FORMAT = "4";

    private static final Logger LOG = LoggerFactory.getLogger(SavedRecordCache.class);
    private static final byte[] HEAD = ("daybook saved " + FORMAT + "\n").getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_BYTES = 2 * Integer.BYTES;
    private static final int LEAST_RECORD_BYTES = SavedRecordCodec.Key.BYTES + Long.BYTES + Integer.BYTES;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path file;

    SavedRecordCache(Path file) {
        this.file = file;
    }

    static SavedRecordCache of(Repository repository) {
        return new SavedRecordCache(repository.getCommonDirectory().toPath().resolve("daybook/cache/saved-" + FORMAT));
    }

    /**
     * What the file holds.
     *
     * @param offsets where the records begin
     * @param isSound whether there is nothing else in it; so is a file that is not there
     */
    private record Index(Map<SavedRecordCodec.Key, Integer> offsets, boolean isSound) {}

    /** The file as it was read; for one thread. */
    static final class Content {

        private final byte[] bytes;
        private final Index index;
        private final SavedRecordCodec.Decoder decoder;
        private ObjectId baseline = ObjectId.zeroId();
        private String baselineText = baseline.name();

        private Content(byte[] bytes) {
            this.bytes = bytes;
            this.index = index(bytes);
            this.decoder = new SavedRecordCodec.Decoder(bytes);
        }

        /** What is known of an experiment. */
        Optional<SavedRecord> find(SavedName saved) {
            var offset = index.offsets().get(key(saved));
            if (offset == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(decoder.decode(
                        offset, saved.name(), saved.ref(), saved.commit().name(), saved.baseline()));
            } catch (RuntimeException e) {
                // with the right checksum: whoever wrote it meant something else
                LOG.debug("the cached record of {} cannot be read: {}", saved.ref(), e.toString());
                return Optional.empty();
            }
        }

        /** Those that are listed together have few baselines. */
        private SavedRecordCodec.Key key(SavedName saved) {
            if (!saved.baseline().equals(baselineText)) {
                baselineText = saved.baseline();
                baseline = ObjectId.fromString(baselineText);
            }
            return new SavedRecordCodec.Key(saved.commit(), baseline);
        }

        private int size() {
            return index.offsets().size();
        }
    }

    Content read() {
        return new Content(bytes());
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.debug("{} cannot be read: {}", file, e.toString());
            return new byte[0];
        }
    }

    private static Index index(byte[] bytes) {
        var offsets = new HashMap<SavedRecordCodec.Key, Integer>();
        if (bytes.length == 0) {
            return new Index(offsets, true);
        }
        if (bytes.length < HEAD.length || !Arrays.equals(bytes, 0, HEAD.length, HEAD, 0, HEAD.length)) {
            return new Index(offsets, false);
        }
        var in = ByteBuffer.wrap(bytes);
        var checksum = new CRC32C();
        boolean isSound = true;
        int at = HEAD.length;
        while (at < bytes.length) {
            int length = bytes.length - at < FRAME_BYTES ? -1 : in.getInt(at);
            int record = at + FRAME_BYTES;
            if (length < LEAST_RECORD_BYTES || length > bytes.length - record) {
                // where the next one begins nobody knows
                return new Index(offsets, false);
            }
            if (checksum(checksum, bytes, at, record, length) == in.getInt(at + Integer.BYTES)) {
                offsets.put(SavedRecordCodec.Key.at(bytes, record), record);
            } else {
                isSound = false;
            }
            at = record + length;
        }
        return new Index(offsets, isSound);
    }

    private static int checksum(CRC32C checksum, byte[] bytes, int frame, int record, int length) {
        checksum.reset();
        checksum.update(bytes, frame, Integer.BYTES);
        checksum.update(bytes, record, length);
        return (int) checksum.getValue();
    }

    /**
     * Keeps what was read anew, and lets go what is of no use any more.
     *
     * @param known what was read
     * @param used what of it there still is
     * @param fresh what was not in it
     */
    void keep(Content known, Collection<SavedName> used, Collection<SavedRecord> fresh) {
        boolean isToBeRewritten = !known.index.isSound() || (long) used.size() * 2 < known.size();
        if (!isToBeRewritten && fresh.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            if (isToBeRewritten || known.bytes.length == 0) {
                rewrite(known, used, fresh);
            } else {
                append(known, fresh);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.debug("what was read of saved experiments cannot be kept in {}: {}", file, e.toString());
        }
    }

    private void append(Content known, Collection<SavedRecord> fresh) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null && channel.size() == known.bytes.length) {
                channel.position(known.bytes.length);
                write(channel, entries(fresh).toByteArray());
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            // somebody else is at it, and the next one who reads will keep these
            LOG.debug("{} is being written by somebody else: {}", file, e.toString());
        }
    }

    private void rewrite(Content known, Collection<SavedName> used, Collection<SavedRecord> fresh) throws IOException {
        sweep();
        var all = new ByteArrayOutputStream(known.bytes.length + HEAD.length);
        all.writeBytes(HEAD);
        for (var saved : used) {
            var offset = known.index.offsets().get(known.key(saved));
            if (offset == null) {
                throw new IllegalArgumentException(saved.ref() + " was not in the file");
            }
            int record = offset;
            int length = ByteBuffer.wrap(known.bytes).getInt(record - FRAME_BYTES);
            all.write(known.bytes, record - FRAME_BYTES, FRAME_BYTES + length);
        }
        all.writeBytes(entries(fresh).toByteArray());
        var temporary = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp");
        try {
            try (var channel =
                    FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                write(channel, all.toByteArray());
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** What processes that were killed have left half-written. */
    private void sweep() throws IOException {
        try (var siblings = Files.newDirectoryStream(file.getParent(), file.getFileName() + ".*.tmp")) {
            for (var sibling : siblings) {
                if (FileAge.isOlder(sibling, ABANDONED)) {
                    Files.deleteIfExists(sibling);
                }
            }
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        var rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private static ByteArrayOutputStream entries(Collection<SavedRecord> records) {
        var out = new ByteArrayOutputStream();
        var checksum = new CRC32C();
        for (var record : List.copyOf(records)) {
            var bytes = SavedRecordCodec.encode(record);
            var entry = ByteBuffer.allocate(FRAME_BYTES + bytes.length)
                    .putInt(bytes.length)
                    .putInt(0)
                    .put(bytes);
            entry.putInt(Integer.BYTES, checksum(checksum, entry.array(), 0, FRAME_BYTES, bytes.length));
            out.writeBytes(entry.array());
        }
        return out;
    }
}
