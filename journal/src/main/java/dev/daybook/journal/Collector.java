package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Contents;
import dev.daybook.port.Contents.Content;
import dev.daybook.port.Journal.Collected;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.Projection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Deletes generations that nobody needs any more.
 *
 * <p>One may go if its writer is gone, it was read without damage, all its experiments are saved or discarded, and it is past the retention. And
 * of an experiment that lies in several, the beginning goes first and the end goes last: <b>if the end went before the beginning, it would come
 * back as interrupted; if the middle did, it would be damaged.</b> Where two need each other in this way, both stay.
 *
 * <p>Under the lock for takeovers, so that nobody inherits what is being deleted.
 */
final class Collector {

    private final JournalDirectory directory;
    private final JournalSettings settings;
    private final Function<String, Optional<Contents>> known;

    private final AtomicLong settlements = new AtomicLong();

    /** How many there were when all that is too much was found to be needed. */
    private volatile long exhaustedAt = -1;

    /**
     * @param known what generations hold as far as their writer is at hand; the others are read, where nothing is noted beside them
     */
    Collector(JournalDirectory directory, JournalSettings settings, Function<String, Optional<Contents>> known) {
        this.directory = directory;
        this.settings = settings;
        this.known = known;
    }

    /** A generation, and what is needed to decide about it. */
    private record Kept(
            String name, boolean isFinished, Map<ExperimentId, Content> experiments, long bytes, Instant written) {}

    /** Notes that an experiment of this process was saved or discarded, or that a generation with such a one is finished: it may go. */
    void settled() {
        settlements.incrementAndGet();
    }

    /** Whether there may be something to delete; reads no generation, and looks at nothing while one long experiment is logged. */
    boolean isDue() throws IOException {
        if (exhaustedAt == settlements.get()) {
            return false;
        }
        long bytes = 0;
        boolean isOld = false;
        for (var name : directory.generations()) {
            try {
                var noted = known.apply(name);
                bytes += bytes(name, noted.isPresent() ? noted : ContentsFile.read(directory.generation(name)));
                isOld |= isOld(written(name));
            } catch (NoSuchFileException e) {
                requireGone(name, e);
            }
        }
        return isOld || bytes > settings.retentionBytes();
    }

    /** @param counter is told of the generations that are looked at */
    List<Collected> collect(boolean isTrial, Projection.Counter counter) throws IOException {
        long settledBefore = settlements.get();
        var kept = new ArrayList<Kept>();
        var names = directory.generations();
        int done = 0;
        for (var name : names) {
            counter.at(done++, names.size());
            try {
                kept.add(look(name));
            } catch (NoSuchFileException e) {
                requireGone(name, e);
            }
        }
        var collected = new ArrayList<Collected>();
        var forced = new HashSet<String>();
        while (true) {
            var next = next(kept);
            if (next.isEmpty()) {
                break;
            }
            var generation = next.get();
            collected.add(new Collected(generation.name(), generation.bytes(), reason(generation)));
            kept.remove(generation);
            if (!isTrial) {
                forceEnds(generation, kept, forced);
                Disk.deleteFlat(directory.generation(generation.name()));
            }
        }
        if (!isTrial) {
            deleteEmpty();
            exhaustedAt = bytes(kept) > settings.retentionBytes() ? settledBefore : -1;
        }
        return collected;
    }

    /** What says that an experiment is settled is on disk before its beginning goes: a power cut could leave neither. */
    private void forceEnds(Kept going, List<Kept> kept, Set<String> forced) throws IOException {
        for (var other : kept) {
            boolean holdsEnd = other.experiments().values().stream()
                    .anyMatch(part -> part.isSettled() && going.experiments().containsKey(part.id()));
            if (holdsEnd && forced.add(other.name())) {
                Disk.forceFile(JournalDirectory.queue(directory.generation(other.name())));
            }
        }
    }

    /** Only then a file may be missing: a writer takes back what nothing was appended to, and others collect too. */
    private void requireGone(String name, NoSuchFileException missing) throws NoSuchFileException {
        if (Files.exists(JournalDirectory.queue(directory.generation(name)))) {
            throw missing;
        }
    }

    private Kept look(String name) throws IOException {
        var generation = new JournalGeneration(directory, name, any -> false);
        boolean isFinished = !generation.isAlive();
        var own = known.apply(name);
        var contents = own.or(generation::contents).orElseGet(generation::contentsSoFar);
        var experiments = contents.experiments().stream().collect(Collectors.toMap(Content::id, Function.identity()));
        return new Kept(
                name,
                isFinished && generation.damage().isEmpty(),
                experiments,
                bytes(name, own.or(generation::contents)),
                written(name));
    }

    /** The oldest that may go now. */
    private Optional<Kept> next(List<Kept> kept) {
        long bytes = bytes(kept);
        Set<ExperimentId> settled = new HashSet<>();
        for (var each : kept) {
            each.experiments().values().stream()
                    .filter(Content::isSettled)
                    .map(Content::id)
                    .forEach(settled::add);
        }
        return kept.stream()
                .filter(Kept::isFinished)
                .filter(each -> isOld(each.written()) || bytes > settings.retentionBytes())
                .filter(each -> settled.containsAll(each.experiments().keySet()))
                .filter(each -> each.experiments().values().stream()
                        .noneMatch(part -> kept.stream()
                                .filter(other -> !other.name().equals(each.name()))
                                .anyMatch(other -> goesBefore(other, part))))
                .findFirst();
    }

    /** Whether another generation holds something of an experiment that is to go before this part of it. */
    private static boolean goesBefore(Kept other, Content part) {
        var its = other.experiments().get(part.id());
        if (its == null || part.isSettled()) {
            return its != null;
        }
        // one that came back to where it began, and ended there, goes from its middle on
        boolean isWhole = its.isSettled() && other.isFinished();
        return its.isBegun() && !part.isBegun() && !isWhole;
    }

    private String reason(Kept generation) {
        return isOld(generation.written())
                ? "written last on " + generation.written() + ", and all its experiments are saved or discarded"
                : "the journal is larger than " + settings.retentionBytes()
                        + " bytes, and all its experiments are saved or discarded";
    }

    private boolean isOld(Instant written) {
        return Duration.between(written, Instant.now()).compareTo(settings.retentionAge()) > 0;
    }

    private static long bytes(List<Kept> kept) {
        return kept.stream().mapToLong(Kept::bytes).sum();
    }

    /** Of its documents: the file itself is longer while it is written to, and where its writer has died. */
    private long bytes(String name, Optional<Contents> noted) throws IOException {
        return noted.isPresent()
                ? noted.get().bytes()
                : Math.max(0, Files.size(JournalDirectory.queue(directory.generation(name))) - Space.MOST_LONGER);
    }

    private Instant written(String name) throws IOException {
        return Files.getLastModifiedTime(JournalDirectory.queue(directory.generation(name)))
                .toInstant();
    }

    /** Those that were made for a name, and whose process is gone. */
    private void deleteEmpty() throws IOException {
        for (var name : directory.empty()) {
            var path = directory.generation(name);
            if (!LivenessLock.isHeld(JournalDirectory.lock(path))) {
                Disk.deleteFlat(path);
            }
        }
    }
}
