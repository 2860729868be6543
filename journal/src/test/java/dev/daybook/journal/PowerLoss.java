package dev.daybook.journal;

import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk whose power may fail: it knows what each file was when it was forced last, and makes of that and of what the file is now what may be
 * found when the power comes back.
 *
 * <p>Of each page that differs a disk may have either, or a mix of both by sectors; of what was appended to a file, any part; of files and
 * directories that were never forced, none. The order in which the pages were written says nothing.
 *
 * <p>Nothing is really forced, which costs only time. Thread-safe.
 */
final class PowerLoss implements QueueWriter.Sync {

    static final int PAGE = 4 << 10;
    static final int SECTOR = 512;

    private static final long GENERATION_BYTES = 128 << 10;
    private static final Path NAMES = Path.of("names");
    private static final int CHUNK = 16 * PAGE;

    /** More zeros than anything that is written leaves: behind so many a file is taken to be empty. */
    private static final int ZEROS = 512 << 10;

    /** Which of the pages that differ are the new ones. */
    enum Mode {
        /** Any. */
        RANDOM,
        /** The first ones. */
        PREFIX,
        /** The last ones. */
        SUFFIX,
        /** Sectors of each. */
        TORN,
        /** Any, but only where something stood before: room that was appended is still zero. */
        ZEROED,
        /** Any, in a file that ends somewhere between the old end and the new one. */
        CUT
    }

    /** A file's length and its pages; those that are zero are not there. */
    record Content(long length, Map<Integer, byte[]> pages) {
        static final Content NONE = new Content(0, Map.of());

        long endOfPages() {
            return pages.keySet().stream()
                    .mapToLong(page -> (page + 1L) * PAGE)
                    .max()
                    .orElse(0);
        }
    }

    /** What the disk has for sure, and what the files were a moment later; paths are relative. */
    record Moment(Map<Path, Content> synced, Set<Path> durable, Map<Path, Content> now) {}

    private final Path directory;

    // under the monitor
    private final Map<Path, Content> synced = new HashMap<>();
    private final Set<Path> durable = new HashSet<>();
    private long forces;

    PowerLoss(Path directory) throws IOException {
        this.directory = directory.toRealPath();
    }

    /** A journal on it, whose generations are small. */
    ChronicleJournal open(Force force) {
        var defaults = JournalSettings.defaults(false);
        var settings =
                new JournalSettings(false, force, GENERATION_BYTES, defaults.retentionAge(), defaults.retentionBytes());
        return new ChronicleJournal(
                JournalDirectory.of(directory), new JvmAccess(false), this, settings, BlockWriter.Sizes.DEFAULT);
    }

    @Override
    public synchronized void sync(Path path, FileDescriptor file) throws IOException {
        var name = directory.relativize(path);
        forces++;
        if (synced.containsKey(name)) {
            // the force before has come back: it has forced the directory too
            durable.add(name);
        }
        synced.put(name, read(path));
    }

    /** A call has returned that had forced something: the directories too. */
    synchronized void returned() {
        durable.addAll(synced.keySet());
    }

    synchronized long forces() {
        return forces;
    }

    /** Looks at all files, which may be written meanwhile: a disk writes its pages one after the other too. */
    Moment now() throws IOException {
        Map<Path, Content> before;
        Set<Path> entries;
        synchronized (this) {
            before = Map.copyOf(synced);
            entries = Set.copyOf(durable);
        }
        var now = new TreeMap<Path, Content>();
        List<Path> files;
        try (var all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (var file : files) {
            try {
                now.put(directory.relativize(file), read(file));
            } catch (NoSuchFileException e) {
                // deleted meanwhile
            }
        }
        return new Moment(before, entries, now);
    }

    private static Content read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        var pages = new HashMap<Integer, byte[]>();
        var chunk = new byte[CHUNK];
        try (var open = new RandomAccessFile(file.toFile(), "r")) {
            long length = open.length();
            long end = 0;
            for (long at = 0; at < length && at < end + ZEROS; at += CHUNK) {
                Arrays.fill(chunk, (byte) 0);
                open.seek(at);
                for (int got = 0, more = 0; got < CHUNK && more >= 0; got += Math.max(0, more)) {
                    more = open.read(chunk, got, CHUNK - got);
                }
                for (int from = 0; from < CHUNK; from += PAGE) {
                    if (!isZero(chunk, from)) {
                        pages.put((int) ((at + from) / PAGE), Arrays.copyOfRange(chunk, from, from + PAGE));
                        end = at + from + PAGE;
                    }
                }
            }
            return new Content(length, pages);
        }
    }

    private static boolean isZero(byte[] bytes, int from) {
        for (int i = from; i < from + PAGE; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Makes what may be found of a moment. */
    static void image(Moment moment, Mode mode, Random random, Path into) throws IOException {
        var generations = new TreeSet<Path>();
        var paths = new TreeSet<>(moment.now().keySet());
        paths.addAll(moment.synced().keySet());
        paths.stream()
                .filter(path -> path.getNameCount() > 1 && !path.startsWith(NAMES))
                .forEach(path -> generations.add(path.getName(0)));
        var lost = new HashSet<Path>();
        for (var generation : generations) {
            boolean isForced = moment.synced().keySet().stream().anyMatch(path -> path.startsWith(generation));
            boolean isThere = moment.now().keySet().stream().anyMatch(path -> path.startsWith(generation));
            // one that was deleted may be there still, and one that was just made not yet
            if ((!isForced || !isThere) && random.nextBoolean()) {
                lost.add(generation);
            }
        }
        for (var path : paths) {
            if (!lost.contains(path.getName(0))) {
                write(into.resolve(path.toString()), file(path, moment, mode, random));
            }
        }
    }

    /** Nothing if the file is not there. */
    private static List<Content> file(Path path, Moment moment, Mode mode, Random random) {
        var now = moment.now().get(path);
        var old = moment.synced().getOrDefault(path, Content.NONE);
        var name = path.getFileName().toString();
        if (now == null) {
            return List.of(old);
        }
        if (name.equals("lock") || name.equals("writer") || path.startsWith(NAMES)) {
            // forced before the directory got its name, or by who reserves a name, neither of which is seen here
            return List.of(now);
        }
        if (!moment.durable().contains(path) && random.nextInt(4) == 0) {
            return List.of();
        }
        return List.of(image(old, now, mode, random));
    }

    private static Content image(Content old, Content now, Mode mode, Random random) {
        long length = now.length();
        if (length < old.length()) {
            length = random.nextBoolean() ? old.length() : length;
        } else if (mode == Mode.CUT) {
            long most = Math.max(old.length(), Math.min(length, now.endOfPages()));
            long cut = old.length() + (long) (random.nextDouble() * (most - old.length() + 1));
            length = random.nextBoolean() ? cut : Math.max(old.length(), cut / PAGE * PAGE);
        }
        var different = new TreeSet<Integer>();
        different.addAll(now.pages().keySet());
        different.addAll(old.pages().keySet());
        different.removeIf(page -> Arrays.equals(page(old, page), page(now, page)));
        var pages = new HashMap<>(old.pages());
        int cut = random.nextInt(different.size() + 1);
        double share = new double[] {0.05, 0.5, 0.95}[random.nextInt(3)];
        int number = 0;
        for (int page : different) {
            boolean isNew = random.nextDouble() < share;
            switch (mode) {
                case PREFIX -> isNew = number < cut;
                case SUFFIX -> isNew = number >= cut;
                case ZEROED -> isNew &= old.pages().containsKey(page);
                default -> {
                    // any
                }
            }
            if (mode == Mode.TORN) {
                pages.put(page, torn(page(old, page), page(now, page), random));
            } else if (isNew) {
                pages.put(page, page(now, page));
            }
            number++;
        }
        return new Content(length, pages);
    }

    private static byte[] page(Content content, int page) {
        return content.pages().getOrDefault(page, new byte[PAGE]);
    }

    private static byte[] torn(byte[] old, byte[] now, Random random) {
        var torn = old.clone();
        for (int sector = 0; sector < PAGE; sector += SECTOR) {
            if (random.nextBoolean()) {
                System.arraycopy(now, sector, torn, sector, SECTOR);
            }
        }
        return torn;
    }

    private static void write(Path path, List<Content> contents) throws IOException {
        for (var content : contents) {
            Files.createDirectories(path.getParent());
            try (var open = new RandomAccessFile(path.toFile(), "rw")) {
                for (var page : new TreeMap<>(content.pages()).entrySet()) {
                    open.seek(page.getKey() * (long) PAGE);
                    open.write(page.getValue());
                }
                open.setLength(content.length());
            }
        }
    }

    /** The names of all modes, each as often as the others. */
    static List<Mode> modes() {
        return new ArrayList<>(List.of(Mode.values()));
    }
}
