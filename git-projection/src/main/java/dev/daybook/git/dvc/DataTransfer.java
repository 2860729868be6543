package dev.daybook.git.dvc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Copies data by their MD5 from caches into a remote that is a folder, or back: each object is hashed on the way, and gets its name when it is
 * whole and on disk.
 *
 * <p>The list of a folder comes after its files, and only if all of them are there: DVC takes a list for the proof of that.
 */
public final class DataTransfer {

    /** Read at once; what is larger goes through a pipe. */
    private static final int SMALL_BYTES = 1 << 20;

    private static final int HASH_DIGITS = 32;
    private static final JsonFactory JSON = new JsonFactory();

    private final List<DvcCache> sources;
    private final DvcCache target;
    private final Progress progress;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final LongAdder objects = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /** Is told how many bytes are done, of how many; perhaps from several threads. */
    public interface Progress {
        void at(long doneBytes, long allBytes);
    }

    /** @param sources are asked in this order */
    public DataTransfer(List<DvcCache> sources, DvcCache target, Progress progress) {
        this.sources = List.copyOf(sources);
        this.target = target;
        this.progress = progress;
    }

    /**
     * What became of it.
     *
     * @param objects that were copied, lists of folders included
     * @param bytes of these
     * @param failures of the data that were asked for, those that are not whole at the target now, and why
     */
    public record Outcome(long objects, long bytes, Map<String, String> failures) {}

    /**
     * Copies files and folders, as far as they are missing at the target; all is on disk when this returns.
     *
     * @param hashes of a folder the whole
     * @throws IOException if the target cannot be written
     */
    public Outcome copy(Collection<String> hashes) throws IOException {
        var folders = new LinkedHashMap<String, List<String>>();
        var files = new LinkedHashSet<String>();
        for (var hash : hashes) {
            if (hash.endsWith(DirObject.SUFFIX)) {
                var members = members(hash);
                folders.put(hash, members);
                files.addAll(members);
            } else {
                files.add(hash);
            }
        }
        copyAll(files);
        folders.forEach((folder, members) -> {
            var lost = members.stream().filter(failures::containsKey).distinct().toList();
            if (!lost.isEmpty()) {
                failures.putIfAbsent(
                        folder,
                        lost.size() + " of its files, " + lost.get(0) + (lost.size() > 1 ? " first: " : ": ")
                                + failures.get(lost.get(0)));
            }
        });
        copyAll(folders.keySet());
        var wanted = new LinkedHashMap<>(failures);
        wanted.keySet().retainAll(new LinkedHashSet<>(hashes));
        return new Outcome(objects.sum(), bytes.sum(), wanted);
    }

    private record Source(Path file, long bytes) {}

    /**
     * @param sources that have something of this name
     * @param there how long the target's own is
     */
    private record Todo(String hash, List<Source> sources, OptionalLong there) {

        /** Another size is what a crash of the machine has left. */
        boolean isThere() {
            return there.isPresent() && (sources.isEmpty() || sources.get(0).bytes() == there.getAsLong());
        }

        /** How many are to be copied, if the first source is whole. */
        long bytes() {
            return isThere() ? 0 : sources.get(0).bytes();
        }
    }

    private void copyAll(Collection<String> hashes) throws IOException {
        var todo = new ArrayList<Todo>();
        for (var hash : hashes) {
            if (!failures.containsKey(hash)) {
                plan(hash).ifPresent(todo::add);
            }
        }
        if (todo.isEmpty()) {
            return;
        }
        var count = new Count(todo.stream().mapToLong(Todo::bytes).sum());
        var batch = target.objects().begin();
        var results = new LinkedHashMap<String, Optional<String>>();
        try (var side = new SideBySide<String, Optional<String>>()) {
            var large = new ArrayList<Todo>();
            for (var each : todo) {
                if (each.bytes() > SMALL_BYTES) {
                    large.add(each);
                } else {
                    side.submit(each.hash(), () -> copy(each, batch, count));
                }
            }
            for (var each : large) {
                results.put(each.hash(), copy(each, batch, count));
            }
            results.putAll(side.results());
        }
        results.forEach((hash, failure) -> failure.ifPresent(why -> failures.put(hash, why)));
        if (results.values().stream().anyMatch(Optional::isEmpty)) {
            batch.settle();
        }
    }

    /** Empty if nothing can be done, which is noted. */
    private Optional<Todo> plan(String hash) throws IOException {
        var found = new ArrayList<Source>();
        for (var source : sources) {
            var file = source.path(hash);
            size(file).ifPresent(size -> found.add(new Source(file, size)));
        }
        var there = size(target.path(hash));
        if (found.isEmpty() && there.isEmpty()) {
            failures.put(hash, "it is on neither side");
            return Optional.empty();
        }
        return Optional.of(new Todo(hash, found, there));
    }

    private static OptionalLong size(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** Why it could not be had; empty if it is there now. */
    private Optional<String> copy(Todo todo, CacheObjects.Batch batch, Count count) throws IOException {
        if (todo.isThere() && batch.isThere(todo.hash(), todo.there().getAsLong())) {
            return Optional.empty();
        }
        var complaints = new ArrayList<String>();
        for (var source : todo.sources()) {
            var complaint = copy(todo.hash(), source, batch, count);
            if (complaint.isEmpty()) {
                objects.increment();
                bytes.add(source.bytes());
                return complaint;
            }
            complaints.add(complaint.get());
        }
        return isWholeAtTarget(todo.hash(), batch)
                ? Optional.empty()
                : complaints.stream().findFirst().or(() -> Optional.of("it was deleted meanwhile"));
    }

    private Optional<String> copy(String hash, Source source, CacheObjects.Batch batch, Count count)
            throws IOException {
        try (var channel = new Counting(source.file(), count)) {
            var found =
                    source.bytes() <= SMALL_BYTES ? copySmall(hash, channel, batch) : copyLarge(hash, channel, batch);
            return found.equals(digits(hash))
                    ? Optional.empty()
                    : Optional.of(source.file() + " is damaged: what it holds has the MD5 " + found
                            + "; delete it, and get it again from where it came from");
        } catch (UnreadableException e) {
            return Optional.of("it cannot be read (" + e.getCause() + ")");
        }
    }

    private boolean isWholeAtTarget(String hash, CacheObjects.Batch batch) throws IOException {
        long size;
        try (var channel = FileChannel.open(target.path(hash), StandardOpenOption.READ)) {
            size = channel.size();
            if (!Md5.of(channel).equals(digits(hash))) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        return batch.isThere(hash, size);
    }

    private static String digits(String hash) {
        return hash.substring(0, HASH_DIGITS);
    }

    private static String copySmall(String hash, Counting channel, CacheObjects.Batch batch) throws IOException {
        var content = Channels.newInputStream(channel).readNBytes(SMALL_BYTES + 1);
        var found = Md5.of(content);
        if (found.equals(digits(hash))) {
            batch.put(hash, content);
        }
        return found;
    }

    private static String copyLarge(String hash, Counting channel, CacheObjects.Batch batch) throws IOException {
        try (var temporary = batch.temporary();
                var pipe = new HashingPipe(temporary.channel())) {
            var copied = pipe.copy(channel);
            if (copied.hash().equals(digits(hash))) {
                batch.install(temporary, hash, copied.bytes());
            }
            return copied.hash();
        }
    }

    /** The files of a folder; none if its list cannot be read, which is noted. */
    private List<String> members(String folder) throws IOException {
        var stores = new ArrayList<>(sources);
        stores.add(target);
        var complaints = new ArrayList<String>();
        for (var store : stores) {
            var digest = Md5.begin();
            try (var in = new DigestInputStream(Files.newInputStream(store.path(folder)), digest)) {
                var members = members(in);
                if (!Md5.end(digest).equals(digits(folder))) {
                    throw new IOException("it is not the list that its hash names");
                }
                return members;
            } catch (NoSuchFileException e) {
                // perhaps the next one has it
            } catch (IOException e) {
                complaints.add("the list " + store.path(folder) + " of its files cannot be read (" + firstLine(e)
                        + "); delete it, and get it again from where it came from");
            }
        }
        failures.put(folder, complaints.isEmpty() ? "the list of its files is on neither side" : complaints.get(0));
        return List.of();
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static List<String> members(InputStream in) throws IOException {
        var members = new ArrayList<String>();
        try (var parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("it is no list");
            }
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("md5")) {
                    var hash = parser.nextTextValue();
                    if (hash == null || !hash.matches("[0-9a-f]{32}")) {
                        throw new IOException("it names a file by no MD5");
                    }
                    members.add(hash);
                }
            }
        }
        return members;
    }

    /** How far it is. */
    private final class Count {

        private final long all;
        private long done;

        private Count(long all) {
            this.all = all;
        }

        private synchronized void add(long more) {
            // what is read twice is more than was planned
            done = Math.min(all, done + more);
            progress.at(done, all);
        }
    }

    /** That a source failed, not the target. */
    private static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1L;

        private UnreadableException(IOException cause) {
            super(cause);
        }
    }

    private record Counting(ReadableByteChannel channel, Count count) implements ReadableByteChannel {

        private Counting(Path file, Count count) throws UnreadableException {
            this(open(file), count);
        }

        private static ReadableByteChannel open(Path file) throws UnreadableException {
            try {
                return FileChannel.open(file, StandardOpenOption.READ);
            } catch (IOException e) {
                throw new UnreadableException(e);
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            try {
                int read = channel.read(target);
                count.add(Math.max(read, 0));
                return read;
            } catch (IOException e) {
                throw new UnreadableException(e);
            }
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
