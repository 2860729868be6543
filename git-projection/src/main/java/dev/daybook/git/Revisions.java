package dev.daybook.git;

import dev.daybook.Checkpoint;
import dev.daybook.InvalidInputException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.SavedRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what people call an experiment: its name, its whole ref, a checkpoint of it, or a commit. */
final class Revisions {

    private static final Logger LOG = LoggerFactory.getLogger(Revisions.class);
    private static final int MOST_CHECKPOINTS = 1_000_000;

    private final Repository repository;
    private final ExperimentRefs refs;

    Revisions(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    /** The ref of a saved experiment, by name or whole. */
    Ref experiment(String text) throws IOException {
        return find(text)
                .orElseThrow(() -> new NoSuchExperimentException("there is no saved experiment '" + text
                        + "' in this repository; 'daybook list' shows what there is"));
    }

    /**
     * The ref of a saved experiment, if there is one.
     *
     * @throws InvalidInputException if several have the name and none of them, or more than one, belongs to the present baseline
     */
    Optional<Ref> find(String text) throws IOException {
        var all = new LinkedHashMap<String, Ref>();
        refs.experiments().forEach(ref -> all.put(ref.getName(), ref));
        return SavedRef.choose(
                        all.keySet(),
                        text,
                        "",
                        () -> Repositories.head(repository).name())
                .map(all::get);
    }

    /**
     * A commit.
     *
     * @param baseline of the experiment, 40 hex digits; of a commit that is none its own id
     */
    record Found(ObjectId commit, String baseline) {

        private static Found of(Ref experiment, ObjectId commit) {
            return new Found(commit, ExperimentRefs.baseline(experiment.getName()));
        }
    }

    /** An experiment or its checkpoint, {@code NAME@NUMBER}; or any commit that Git finds by what is written. */
    Found commit(String text) throws IOException {
        return sound(experimentOrCheckpoint(text).or(() -> byGit(text)).orElseThrow(() -> unknown(text)));
    }

    /** An experiment or its checkpoint: no other. */
    Found saved(String text) throws IOException {
        return sound(experimentOrCheckpoint(text).orElseThrow(() -> unknown(text)));
    }

    private Found sound(Found found) throws IOException {
        Repositories.requireSound(repository, found.commit());
        return found;
    }

    private static NoSuchExperimentException unknown(String text) {
        return new NoSuchExperimentException("there is no saved experiment '" + text
                + "' in this repository; 'daybook list' shows what there is, and NAME@NUMBER means a checkpoint");
    }

    private Optional<Found> experimentOrCheckpoint(String text) throws IOException {
        var ref = find(text);
        if (ref.isPresent()) {
            return ref.map(found -> Found.of(found, found.getObjectId()));
        }
        int at = text.lastIndexOf('@');
        var experiment = at > 0 ? find(text.substring(0, at)) : Optional.<Ref>empty();
        if (experiment.isEmpty()) {
            return Optional.empty();
        }
        var wanted = text.substring(at + 1);
        var checkpoints = checkpoints(experiment.get().getObjectId());
        if (wanted.matches("\\d{1,9}")) {
            var numbered = Optional.ofNullable(checkpoints.get(Integer.valueOf(wanted)));
            if (numbered.isPresent()) {
                return Optional.of(Found.of(
                        experiment.get(), ObjectId.fromString(numbered.get().commit())));
            }
        }
        if (AbbreviatedObjectId.isId(wanted)) {
            var prefix = AbbreviatedObjectId.fromString(wanted);
            var found = checkpoints.values().stream()
                    .map(checkpoint -> ObjectId.fromString(checkpoint.commit()))
                    .filter(commit -> prefix.prefixCompare(commit) == 0)
                    .toList();
            if (found.size() == 1) {
                return Optional.of(Found.of(experiment.get(), found.get(0)));
            }
        }
        throw new NoSuchExperimentException("experiment '" + text.substring(0, at) + "' has no checkpoint '" + wanted
                + "'; it has " + (checkpoints.isEmpty() ? "none" : numbers(checkpoints.keySet())));
    }

    private static String numbers(Set<Integer> numbers) {
        return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private Optional<Found> byGit(String text) {
        try {
            return Optional.ofNullable(repository.resolve(text + "^{commit}"))
                    .map(commit -> new Found(commit, commit.name()));
        } catch (RevisionSyntaxException | IOException e) {
            // ambiguous, or nothing that Git could mean
            return Optional.empty();
        }
    }

    /** The checkpoints of an experiment by their numbers, the newest first; those that a clone has not fetched are left out. */
    Map<Integer, Checkpoint> checkpoints(ObjectId tip) throws IOException {
        var checkpoints = new LinkedHashMap<Integer, Checkpoint>();
        try (var walk = new RevWalk(repository)) {
            var commit = walk.parseCommit(tip);
            if (commit.getParentCount() < 2) {
                return checkpoints;
            }
            var baseline = commit.getParent(0);
            RevCommit next = commit.getParent(1);
            for (int i = 0; i < MOST_CHECKPOINTS && !next.equals(baseline); i++) {
                walk.parseHeaders(next);
                var matcher = ExperimentCommits.CHECKPOINT.matcher(next.getShortMessage());
                if (matcher.matches()) {
                    // of the experiment that this one began with there may be some of the same number
                    int number = Integer.parseInt(matcher.group(1));
                    var message = Optional.ofNullable(matcher.group(2)).orElse("");
                    checkpoints.putIfAbsent(number, new Checkpoint(number, next.name(), message));
                }
                if (next.getParentCount() == 0) {
                    break;
                }
                next = next.getParent(0);
            }
        } catch (MissingObjectException e) {
            // a shallow clone
        }
        return checkpoints;
    }

    /** All commits that are experiments, removed ones that can be had back too, or their checkpoints; of a damaged one its own alone. */
    List<ObjectId> all() throws IOException {
        var all = new ArrayList<ObjectId>();
        var experiments = new ArrayList<>(refs.experiments());
        experiments.addAll(refs.startingWith(KeptRefs.REMOVED));
        for (var ref : experiments) {
            all.add(ref.getObjectId());
            try {
                checkpoints(ref.getObjectId()).values().forEach(each -> all.add(ObjectId.fromString(each.commit())));
            } catch (IOException e) {
                LOG.debug("the checkpoints of {} cannot be read", ref.getName(), e);
            }
        }
        return all;
    }
}
