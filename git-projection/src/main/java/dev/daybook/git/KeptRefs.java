package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.git.Collected.Kept;
import dev.daybook.lifecycle.ExperimentId;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refs that keep, for a while, what was removed or overwritten: {@code refs/daybook/removed/<time>/...} and
 * {@code refs/daybook/replaced/<time>}.
 */
final class KeptRefs {

    static final String REMOVED = "refs/daybook/removed/";
    static final String REPLACED = "refs/daybook/replaced/";

    private static final Logger LOG = LoggerFactory.getLogger(KeptRefs.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Progress progress;

    /** @param progress is told how far the collecting is */
    KeptRefs(Repository repository, ExperimentRefs refs, Progress progress) {
        this.repository = repository;
        this.refs = refs;
        this.progress = progress;
    }

    /**
     * The ref that keeps an experiment that is taken away.
     *
     * @param experiment its ref
     */
    static String removed(Instant time, String experiment) {
        return REMOVED + text(time) + "/" + experiment.substring(ExperimentRefs.EXPERIMENTS.length());
    }

    /** As it stands in a ref, to the millisecond. */
    static String text(Instant time) {
        return TIME.format(time);
    }

    /** The time in a ref; empty if somebody else has made it. */
    static Optional<Instant> time(String ref, String prefix) {
        var rest = ref.substring(prefix.length());
        int slash = rest.indexOf('/');
        try {
            return Optional.of(TIME.parse(slash < 0 ? rest : rest.substring(0, slash), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Lets go what was removed or overwritten before a time, an experiment with its checkpoints and notes; and the checkpoints and the notes
     * that nobody has changed since then, of experiments that something else has taken away.
     */
    Collected collect(Instant before, boolean isTrial) throws IOException {
        // read first: what is noted from now on is on something that is found
        var notes = refs.startingWith(AnnotationRefs.PREFIX);
        var checkpoints = refs.startingWith(ExperimentRefs.CHECKPOINTS);
        var kept = new ArrayList<Kept>();
        var old = new ArrayList<Ref>();
        for (var prefix : List.of(REMOVED, REPLACED)) {
            for (var ref : refs.startingWith(prefix)) {
                var time = time(ref.getName(), prefix);
                if (time.isPresent() && time.get().isBefore(before)) {
                    old.add(ref);
                    var name = ExperimentRefs.name(ref.getName());
                    kept.add(new Kept(ref.getName(), prefix.equals(REMOVED) ? name : "overwritten files", time.get()));
                }
            }
        }
        var known = commitsWithout(old);
        var collected = commits(old);
        for (var ref : notes) {
            if (isOf(ref, known)) {
                continue;
            }
            if (isOf(ref, collected)) {
                old.add(ref);
                continue;
            }
            timeOfCommit(ref).filter(time -> time.isBefore(before)).ifPresent(time -> {
                old.add(ref);
                kept.add(new Kept(ref.getName(), "tags and notes", time));
            });
        }
        for (var ref : orphans(checkpoints, old)) {
            timeOfCommit(ref).filter(time -> time.isBefore(before)).ifPresent(time -> {
                old.add(ref);
                kept.add(new Kept(ref.getName(), "checkpoints", time));
            });
        }
        var bytes = old.isEmpty() ? OptionalLong.of(0) : bytes(old);
        if (!isTrial) {
            // an experiment may be back
            var back = commitsWithout(old);
            int done = 0;
            for (var ref : old) {
                at("letting go", done++, old.size());
                if (isOf(ref, back)) {
                    continue;
                }
                if (!refs.remove(ref.getName(), ref.getObjectId())) {
                    throw new RepositoryException(
                            "the ref " + ref.getName() + " was changed by another process meanwhile; try once more");
                }
            }
            for (var folder : List.of(ExperimentRefs.EXPERIMENTS, REMOVED, REPLACED)) {
                refs.sweepLocks(folder);
            }
        }
        return new Collected(kept, bytes);
    }

    private void at(String what, int done, int all) {
        progress.at(what, done, all, Progress.Unit.ITEMS);
    }

    /** Whether this is what is noted on one of these commits. */
    private static boolean isOf(Ref ref, Set<String> commits) {
        return ref.getName().startsWith(AnnotationRefs.PREFIX)
                && commits.contains(ref.getName().substring(AnnotationRefs.PREFIX.length()));
    }

    /** Those of all experiments, the removed ones too. One that is removed or brought back just now is in one of the three. */
    private Set<String> commitsWithout(List<Ref> collected) throws IOException {
        var known = new HashSet<String>();
        refs.experiments().forEach(ref -> known.add(ref.getObjectId().name()));
        var gone = names(collected);
        refs.startingWith(REMOVED).stream()
                .filter(ref -> !gone.contains(ref.getName()))
                .forEach(ref -> known.add(ref.getObjectId().name()));
        refs.experiments().forEach(ref -> known.add(ref.getObjectId().name()));
        return known;
    }

    /**
     * The checkpoints of no experiment any more. Those of one that is unfinished have its code beside them, and those of one that is just
     * begun with another one's checkpoint may have not yet.
     */
    private List<Ref> orphans(List<Ref> checkpoints, List<Ref> collected) throws IOException {
        var left = new HashMap<String, Ref>();
        checkpoints.forEach(ref -> left.put(ref.getName(), ref));
        refs.codes().forEach(id -> left.remove(ExperimentRefs.checkpoints(id)));
        if (left.isEmpty()) {
            return List.of();
        }
        var gone = names(collected);
        var living = new ArrayList<>(refs.experiments());
        refs.startingWith(REMOVED).stream()
                .filter(ref -> !gone.contains(ref.getName()))
                .forEach(living::add);
        int done = 0;
        for (var ref : living) {
            at("reading experiments", done++, living.size());
            checkpoints(ref).ifPresent(left::remove);
        }
        var known = collected.stream().flatMap(ref -> checkpoints(ref).stream()).collect(Collectors.toSet());
        left.keySet().removeIf(name -> !known.contains(name) && isYoung(name));
        return List.copyOf(left.values());
    }

    /** The ref that keeps those of an experiment, or of one that was removed; nothing if another thing was kept. */
    private Optional<String> checkpoints(Ref ref) {
        return experiment(ref.getName())
                .or(() -> Optional.of(ref.getName()))
                .filter(ExperimentRefs::isExperiment)
                .flatMap(name -> SavedReader.id(repository, SavedName.of(name, ref.getObjectId())))
                .map(ExperimentRefs::checkpoints);
    }

    /** Of a name that is not Daybook's, nobody knows what it keeps. */
    private static boolean isYoung(String checkpoints) {
        try {
            var id = ExperimentId.parse(checkpoints.substring(ExperimentRefs.CHECKPOINTS.length()));
            return id.epochMilli() > System.currentTimeMillis() - PackOwner.YOUNG.toMillis();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** The ref that an experiment had before it was removed; nothing if another thing was kept. */
    static Optional<String> experiment(String removed) {
        int slash = removed.startsWith(REMOVED) ? removed.indexOf('/', REMOVED.length()) : -1;
        return slash < 0 ? Optional.empty() : Optional.of(ExperimentRefs.EXPERIMENTS + removed.substring(slash + 1));
    }

    private static Set<String> commits(List<Ref> refs) {
        return refs.stream().map(ref -> ref.getObjectId().name()).collect(Collectors.toSet());
    }

    /** When what a ref names was committed; empty if that cannot be read. */
    private Optional<Instant> timeOfCommit(Ref ref) {
        try (var walk = new RevWalk(repository)) {
            return Optional.of(
                    walk.parseCommit(ref.getObjectId()).getCommitterIdent().getWhenAsInstant());
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            LOG.info("nobody knows how old {} is, and it stays: {}", ref.getName(), e.toString());
            return Optional.empty();
        }
    }

    private static Set<String> names(List<Ref> refs) {
        return refs.stream().map(Ref::getName).collect(Collectors.toSet());
    }

    /** Of the objects that these refs name and no other ref does, before they are compressed; empty if some cannot be read. */
    private OptionalLong bytes(List<Ref> only) {
        var names = names(only);
        try (var walk = new ObjectWalk(repository)) {
            for (var ref : only) {
                walk.markStart(walk.parseAny(ref.getObjectId()));
            }
            var all = repository.getRefDatabase().getRefs();
            int done = 0;
            for (var ref : all) {
                at("looking at refs", done++, all.size());
                if (!names.contains(ref.getName()) && ref.getObjectId() != null) {
                    walk.markUninteresting(walk.parseAny(ref.getObjectId()));
                }
            }
            long bytes = 0;
            var trees = new HashSet<ObjectId>();
            for (var each = walk.next(); each != null; each = walk.next()) {
                bytes += walk.getObjectReader().getObjectSize(each, ObjectReader.OBJ_ANY);
                trees.add(each.getTree());
            }
            int measured = 0;
            for (ObjectId each = walk.nextObject(); each != null; each = walk.nextObject()) {
                if (trees.contains(each)) {
                    at("measuring what goes", measured++, trees.size());
                }
                bytes += walk.getObjectReader().getObjectSize(each, ObjectReader.OBJ_ANY);
            }
            return OptionalLong.of(bytes);
        } catch (IOException | RuntimeException e) {
            // a shallow or damaged clone, and JGit meets damage with either
            LOG.debug("nobody knows what is let go: {}", e.toString());
            return OptionalLong.empty();
        }
    }
}
