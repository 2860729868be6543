package dev.daybook.journal;

import dev.daybook.JournalException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the journal of a repository is kept.
 *
 * <pre>
 *   20261123T161900.123Z-9f3a61c2/   a generation: the time of its making, and a random number
 *     lock                           locked by its writer, for its life
 *     writer                         who that is: process 4711 on host gpu3
 *     19700101F.cq4                  the Chronicle queue: all documents, from the first append on
 *     metadata.cq4t                  Chronicle's own, needed for writing only
 *     contents                       what it holds, once it is finished, see {@link ContentsFile}
 *   .new-20261123T161900.123Z-.../   a generation that is being made, or whose maker died: not one yet
 *   names/                           names that unfinished experiments have, see {@link NameReservations}
 *   takeover.lock                    see {@link TakeoverLock}
 * </pre>
 *
 * <p>A generation is made beside its place, with its lock held and everything forced, and renamed: the rename is the point from which on it
 * exists, so that nobody ever sees one that is not locked yet. It is listed once it has a queue. What is deleted is said in
 * {@link Collector}.
 *
 * <p><b>Not guaranteed:</b> that names sort by the time of making where clocks of several machines write into one directory, or where
 * two are made in one millisecond. <b>Network file systems are not supported</b>: neither mapped memory nor locks can be relied on there.
 *
 * @param path its real path
 */
record JournalDirectory(Path path) {

    private static final String NEW = ".new-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSX").withZone(ZoneOffset.UTC);
    private static final int TIME_LENGTH = "20261123T161900.123Z".length();
    private static final Pattern GENERATION = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{8}");

    /** How old a leftover must be before it is cleaned: nobody needs that long between making a directory and locking it. */
    private static final Duration LEFTOVER = Duration.ofDays(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The directory at a path that need not exist yet; links in what does exist are followed, so that one directory has one path. */
    static JournalDirectory of(Path path) {
        var absolute = path.toAbsolutePath().normalize();
        try {
            for (var existing = absolute; existing != null; existing = existing.getParent()) {
                if (Files.exists(existing)) {
                    return new JournalDirectory(existing.toRealPath()
                            .resolve(existing.relativize(absolute).toString())
                            .normalize());
                }
            }
        } catch (IOException e) {
            throw new JournalException("the journal's directory " + path + " cannot be used: " + Disk.reason(e), e);
        }
        return new JournalDirectory(absolute);
    }

    Path takeoverLock() {
        return path.resolve("takeover.lock");
    }

    Path names() {
        return path.resolve("names");
    }

    Path generation(String name) {
        return path.resolve(name);
    }

    static Path lock(Path generation) {
        return generation.resolve("lock");
    }

    static Path writer(Path generation) {
        return generation.resolve("writer");
    }

    static Path queue(Path generation) {
        return generation.resolve("19700101F.cq4");
    }

    static Path queueMetadata(Path generation) {
        return generation.resolve("metadata.cq4t");
    }

    static Path contents(Path generation) {
        return generation.resolve("contents");
    }

    /** Makes the directory itself, durably. */
    void create() throws IOException {
        Disk.createDirectories(path);
    }

    /** Whether a generation can have that name. */
    static boolean isGeneration(String name) {
        return GENERATION.matcher(name).matches();
    }

    /** The names of all generations that hold something, sorted: one that was only made, for a reservation, is nothing to read. */
    List<String> generations() throws IOException {
        return made().filter(name -> Files.exists(queue(generation(name)))).toList();
    }

    /** The names of those that hold nothing yet, or nothing any more. */
    List<String> empty() throws IOException {
        return made().filter(name -> !Files.exists(queue(generation(name)))).toList();
    }

    private Stream<String> made() throws IOException {
        return Disk.names(path).stream().filter(JournalDirectory::isGeneration);
    }

    /**
     * A name for a generation made now. It sorts behind those that exist, even if the clock went back.
     *
     * @param existing what is in here, sorted
     */
    static String newName(List<String> existing, Instant now) {
        var time = TIME.format(now);
        var newest = newest(existing);
        if (newest.compareTo(time) >= 0) {
            var latest = Instant.from(TIME.parse(newest.substring(0, TIME_LENGTH)));
            time = TIME.format(latest.plusMillis(1));
        }
        return time + "-" + HexFormat.of().toHexDigits(RANDOM.nextInt());
    }

    private static String newest(List<String> existing) {
        for (int last = existing.size() - 1; last >= 0; last--) {
            if (isGeneration(existing.get(last))) {
                return existing.get(last);
            }
        }
        return "";
    }

    /** Where a generation is made. */
    Path beingMade(String name) {
        return path.resolve(NEW + name);
    }

    /** Deletes what makers left behind that died. Nothing depends on it: what cannot be deleted, another user's say, stays. */
    void cleanLeftovers(List<String> existing, Instant now) throws IOException {
        for (var name : existing) {
            if (name.startsWith(NEW) && name.compareTo(NEW + TIME.format(now.minus(LEFTOVER))) < 0) {
                cleanLeftover(path.resolve(name));
            }
        }
    }

    private static void cleanLeftover(Path leftover) throws IOException {
        try {
            if (!LivenessLock.isHeld(lock(leftover))) {
                Disk.deleteFlat(leftover);
            }
        } catch (AccessDeniedException | DirectoryNotEmptyException e) {
            // its owner will
        }
    }
}
