package dev.daybook.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jgit.util.FileUtils;

/**
 * The process that writes a pack, as the names and notes of what it leaves when it dies tell of it.
 *
 * @param started when it began, in milliseconds since 1970: numbers of processes come again
 */
record PackOwner(long process, long started) {

    /** What a process has left is not touched before: it may live where its number cannot be seen from here. */
    static final Duration YOUNG = Duration.ofMinutes(10);

    private static final Pattern UNFINISHED = Pattern.compile("daybook-(\\d+)-(\\d+)-[0-9a-f-]{36}(\\.pack|\\.idx)?");
    private static final Pattern NOTE = Pattern.compile("daybook: being saved by process (\\d+) since (\\d+)\n?");

    /** This one. */
    static final PackOwner CURRENT = current();

    /** How exactly the start of a process is known. */
    private static final long TOLERANCE_MILLIS = 2_000;

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static PackOwner current() {
        var self = ProcessHandle.current();
        return new PackOwner(self.pid(), started(self));
    }

    /** A name for a file or folder of its own. */
    String newName() {
        return "daybook-" + process + "-" + started + "-" + UUID.randomUUID();
    }

    /** The content of a {@code .keep}. */
    String note() {
        return "daybook: being saved by process " + process + " since " + started + "\n";
    }

    private boolean isAlive() {
        return ProcessHandle.of(process)
                .filter(other -> Math.abs(started(other) - started) <= TOLERANCE_MILLIS)
                .isPresent();
    }

    /**
     * Deletes what dead processes have left in a repository: unfinished packs, notes that keep finished ones from gc, and the lock that a
     * batch of refs takes.
     *
     * @param repository its common directory
     * @param young how old it must be at least
     */
    static void sweep(Path repository, Duration young) throws IOException {
        var lock = repository.resolve("packed-refs.lock");
        if (Files.exists(lock) && !FileAge.isOlder(lock, young)) {
            // a later sweep will know whether a dead process has left it, by what else it has left
            return;
        }
        var objects = repository.resolve("objects");
        boolean wereUnfinished = sweepUnfinished(objects, young);
        boolean wereKeeps = sweepKeeps(objects.resolve("pack"), young);
        sweepHalves(objects, young);
        // looked at again: it may be another one by now
        if ((wereUnfinished || wereKeeps) && FileAge.isOlder(lock, young)) {
            Files.deleteIfExists(lock);
        }
    }

    private static boolean sweepUnfinished(Path objects, Duration young) throws IOException {
        boolean isSwept = false;
        try (var all = Files.newDirectoryStream(objects, "daybook-*")) {
            for (var unfinished : all) {
                if (isLeft(parse(UNFINISHED, unfinished.getFileName().toString()), unfinished, young)) {
                    delete(unfinished);
                    isSwept = true;
                }
            }
        }
        return isSwept;
    }

    private static boolean sweepKeeps(Path packs, Duration young) throws IOException {
        if (!Files.isDirectory(packs)) {
            return false;
        }
        boolean isSwept = false;
        try (var keeps = Files.newDirectoryStream(packs, "pack-*.keep")) {
            for (var keep : keeps) {
                boolean isLost = PackName.isOurs(keep) && Files.size(keep) == 0 && FileAge.isOlder(keep, young);
                if (isLost || isLeft(note(keep), keep, young)) {
                    Files.deleteIfExists(keep);
                    isSwept = true;
                }
            }
        }
        return isSwept;
    }

    /** Of processes that died between moving, or deleting, the one file and the other. */
    private static void sweepHalves(Path objects, Duration young) throws IOException {
        for (var half : PackName.halves(objects)) {
            if (FileAge.isOlder(half.pack(), young)) {
                half.delete();
            }
        }
    }

    private static Optional<PackOwner> note(Path keep) throws IOException {
        try {
            return parse(NOTE, Files.readString(keep, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            // released just now
            return Optional.empty();
        }
    }

    private static Optional<PackOwner> parse(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.matches()
                ? Optional.of(new PackOwner(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    private static boolean isLeft(Optional<PackOwner> owner, Path path, Duration young) throws IOException {
        return owner.isPresent() && !owner.get().isAlive() && FileAge.isOlder(path, young);
    }

    static void delete(Path path) throws IOException {
        FileUtils.delete(path.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
    }
}
