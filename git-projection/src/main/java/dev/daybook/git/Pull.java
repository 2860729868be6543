package dev.daybook.git;

import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.SavedRef;
import dev.daybook.git.ExperimentRefs.Wanted;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import dev.daybook.port.Projection.Published;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Fetches experiments: their commits under refs that last as long as this, then each under its own ref, by compare-and-set; then the data.
 *
 * <p>Killed at any point it leaves objects and refs of its own that a later pull sweeps, and those experiments that it has got so far.
 */
final class Pull {

    /** What a name that is no UTF-8 is read with. */
    private static final char NO_UTF_8 = '\uFFFD';

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final TransferOptions options;
    private final Map<String, Moved> moved = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final IncomingNotes notes;

    Pull(Repository repository, ExperimentRefs refs, Remote remote, TransferOptions options) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.options = options;
        this.notes = new IncomingNotes(repository, refs, remote);
    }

    /** @param names of the remote's experiments, or their refs; all if there are none */
    TransferReport run(Collection<String> names) throws IOException {
        refs.sweepIncoming();
        var there = remote.refs();
        var wanted = select(names, experiments(there));
        var here = new TreeMap<String, ObjectId>();
        refs.experiments().forEach(ref -> here.put(ref.getName(), ref.getObjectId()));
        var toGet = new ArrayList<Wanted>();
        for (var each : wanted.entrySet()) {
            var ours = Optional.ofNullable(here.get(each.getKey()));
            var outcome = Pedigree.outcome(repository, ours, each.getValue(), options.isForced());
            note(each.getKey(), each.getValue(), ours, outcome);
            if (outcome == Outcome.DIVERGED) {
                diverged(each.getKey(), each.getValue(), ours);
            } else if (outcome != Outcome.UP_TO_DATE) {
                toGet.add(new Wanted(each.getKey(), each.getValue(), ours));
            }
        }
        fetch(toGet, notes.of(notable(), there));
        warnings.addAll(notes.warnings());
        var data = new DataSync(repository, false, remote.name(), options);
        if (options.isWithData()) {
            getData(data);
        }
        return new TransferReport(
                remote.name(),
                List.copyOf(moved.values()),
                notes.taken(),
                data.objects(),
                data.bytes(),
                warnings,
                problems);
    }

    private void note(String ref, ObjectId commit, Optional<ObjectId> before, Outcome outcome) {
        moved.put(ref, new Moved(ExperimentRefs.name(ref), ref, commit.name(), before.map(ObjectId::name), outcome));
    }

    private void noteOutcome(String ref, Outcome outcome) {
        moved.computeIfPresent(
                ref, (key, old) -> new Moved(old.name(), old.ref(), old.commit(), old.before(), outcome));
    }

    /** Those of the remote's refs that can be experiments here. */
    private Map<String, ObjectId> experiments(Map<String, ObjectId> there) {
        var found = new TreeMap<String, ObjectId>();
        there.forEach((ref, commit) -> {
            if (!ExperimentRefs.isExperiment(ref)) {
                return; // DVC's helpers, or checkpoints
            }
            if (Repository.isValidRefName(ref) && ref.indexOf(NO_UTF_8) < 0) {
                found.put(ref, commit);
            } else {
                warnings.add("the ref '" + ref + "' of " + remote.name()
                        + " was left out, because it has a name that Git allows to no ref; delete it there");
            }
        });
        return found;
    }

    private Map<String, ObjectId> select(Collection<String> names, Map<String, ObjectId> there) throws IOException {
        if (names.isEmpty()) {
            return there;
        }
        var selected = new LinkedHashMap<String, ObjectId>();
        for (var name : new LinkedHashSet<>(names)) {
            var chosen = SavedRef.choose(
                            there.keySet(),
                            name,
                            " at " + remote.name(),
                            () -> Repositories.head(repository).name())
                    .orElseThrow(() -> new NoSuchExperimentException("there is no experiment '" + name + "' at "
                            + remote.name() + "; 'git ls-remote " + remote.name()
                            + " refs/exps/*' shows what there is"));
            selected.put(chosen, Optional.ofNullable(there.get(chosen)).orElseThrow());
        }
        return selected;
    }

    private void diverged(String ref, ObjectId theirs, Optional<ObjectId> ours) {
        problems.add("experiment '" + ExperimentRefs.name(ref)
                + "' was not pulled, because there is another one here as " + ref + ", "
                + ours.map(ObjectId::name).orElse("") + " instead of " + theirs.name()
                + "; rename the one that is here,"
                + " or replace it with --force, which keeps it for daybook restore");
    }

    /** Those that are here already, or will be: their names, by their commits. */
    private Map<ObjectId, String> notable() {
        var found = new LinkedHashMap<ObjectId, String>();
        moved.values().stream()
                .filter(each -> each.outcome() != Outcome.DIVERGED)
                .forEach(each -> found.put(ObjectId.fromString(each.commit()), each.name()));
        return found;
    }

    /** Gets the commits, and lets the refs name them. */
    private void fetch(List<Wanted> experiments, List<Wanted> noted) throws IOException {
        var all = joined(experiments, noted);
        for (int from = 0; from < all.size(); from += IncomingRefs.MOST_AT_ONCE) {
            var some = all.subList(from, Math.min(all.size(), from + IncomingRefs.MOST_AT_ONCE));
            int split = Math.max(0, Math.min(some.size(), experiments.size() - from));
            try (var incoming = new IncomingRefs(repository, refs, remote)) {
                fetch(incoming, some.subList(0, split), some.subList(split, some.size()));
            }
        }
    }

    private void fetch(IncomingRefs incoming, List<Wanted> experiments, List<Wanted> noted) throws IOException {
        var came = incoming.fetch(
                joined(experiments, noted).stream().map(Wanted::commit).toList());
        var notesHere = notes.cameOf(noted, came, incoming);
        var here = cameOf(experiments, came, incoming);
        keepReplaced(here);
        publish(here, notesHere);
    }

    private static List<Wanted> joined(List<Wanted> some, List<Wanted> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private List<Wanted> cameOf(List<Wanted> experiments, Set<ObjectId> came, IncomingRefs incoming)
            throws IOException {
        var here = new ArrayList<Wanted>();
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh)) {
            for (var each : experiments) {
                if (!came.contains(each.commit())) {
                    refused(
                            each,
                            "(" + incoming.reason(each.commit()) + "); pull once more, and if that does not help"
                                    + ", push it there once more from where it is whole");
                } else if (Pedigree.flaw(walk, each.commit()).isPresent()) {
                    refused(each, "(" + each.name() + " names no commit there); delete it there");
                } else {
                    here.add(each);
                }
            }
        }
        return here;
    }

    private void refused(Wanted experiment, String reason) {
        noteOutcome(experiment.name(), Outcome.REFUSED);
        problems.add("experiment '" + ExperimentRefs.name(experiment.name()) + "' could not be fetched from "
                + remote.name() + " " + reason);
    }

    private void keepReplaced(List<Wanted> here) throws IOException {
        for (var each : here) {
            if (each.replaces().isPresent() && isReplaced(each.name())) {
                var old = each.replaces().get();
                var kept = KeptRefs.removed(Instant.now(), each.name());
                refs.publish(new Wanted(kept, old, Optional.empty()));
                warnings.add("experiment '" + ExperimentRefs.name(each.name()) + "' was " + old.name()
                        + " here, which is kept as "
                        + kept + "; rename the other one, and 'daybook restore " + ExperimentRefs.name(each.name())
                        + "' brings it back");
            }
        }
    }

    private boolean isReplaced(String ref) {
        var entry = moved.get(ref);
        return entry != null && entry.outcome() == Outcome.REPLACED;
    }

    /** The experiments last: who sees one finds what belongs to it, and the last one gets a file of its own, which there are tools that watch. */
    private void publish(List<Wanted> experiments, List<Wanted> noted) throws IOException {
        var all = joined(checkpoints(experiments), experiments);
        Set<Wanted> done = new HashSet<>(refs.create(joined(notes.absent(noted), all).stream()
                .filter(each -> each.replaces().isEmpty())
                .toList()));
        notes.takeIn(noted, done);
        for (var each : all) {
            if (!done.contains(each)) {
                publish(each);
            }
        }
    }

    /** One that is locked, or whose name is too long for a file, keeps no other away. */
    private void publish(Wanted each) {
        try {
            if (refs.publish(each) != Published.DONE) {
                taken(each);
            }
        } catch (IOException | RepositoryException e) {
            if (moved.containsKey(each.name())) {
                noteOutcome(each.name(), Outcome.REFUSED);
                problems.add("experiment '" + ExperimentRefs.name(each.name()) + "' was not pulled, because "
                        + e.getMessage());
            } else {
                warnings.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void taken(Wanted each) {
        if (moved.containsKey(each.name())) {
            noteOutcome(each.name(), Outcome.DIVERGED);
            problems.add("experiment '" + ExperimentRefs.name(each.name())
                    + "' was not pulled, because somebody else has written " + each.name()
                    + " meanwhile; pull once more");
        } else {
            warnings.add("the ref " + each.name()
                    + " was left as it is, because it names other checkpoints here; 'git update-ref " + each.name()
                    + " "
                    + each.commit().name() + "' moves it");
        }
    }

    /** Of experiments that have some, the refs as they were where they come from. */
    private List<Wanted> checkpoints(List<Wanted> experiments) throws IOException {
        var found = new LinkedHashMap<String, Wanted>();
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh)) {
            for (var each : experiments) {
                var commit = walk.parseCommit(each.commit());
                if (commit.getParentCount() > 1) {
                    checkpoints(fresh, each, commit.getParent(1).copy())
                            .ifPresent(wanted -> found.put(wanted.name(), wanted));
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** Empty if there is nothing to be done. */
    private Optional<Wanted> checkpoints(Repository fresh, Wanted experiment, ObjectId last) throws IOException {
        var ref = new ObjectIdRef.PeeledNonTag(Ref.Storage.LOOSE, experiment.name(), experiment.commit());
        var name = SavedReader.id(fresh, ref).map(ExperimentRefs::checkpoints);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        var ours = refs.read(name.get());
        if (ours.isPresent() && Pedigree.contains(fresh, ours.get(), last)) {
            return Optional.empty();
        }
        boolean isPart = ours.isPresent() && Pedigree.contains(fresh, last, ours.get());
        return Optional.of(new Wanted(name.get(), last, ours.filter(old -> isPart)));
    }

    private void getData(DataSync data) throws IOException {
        // the packs that have come are new to the one that was opened
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh)) {
            var needs = new DataNeeds(fresh, walk, new PointerFiles());
            for (var each : moved.values()) {
                if (each.outcome() == Outcome.DIVERGED || each.outcome() == Outcome.REFUSED) {
                    continue;
                }
                var commit = ObjectId.fromString(each.commit());
                var flaw = Pedigree.flaw(walk, commit);
                if (flaw.isEmpty()) {
                    needs.add(each.name(), walk.lookupCommit(commit));
                } else {
                    problems.add("the data of experiment '" + each.name() + "' were not pulled, because " + each.ref()
                            + " names " + flaw.get() + "; another clone may have it, else 'git update-ref -d "
                            + each.ref()
                            + "' takes the ref away");
                }
            }
            data.run(needs);
            warnings.addAll(needs.warnings());
            problems.addAll(needs.problems());
        }
        warnings.addAll(data.warnings());
        problems.addAll(data.problems());
    }
}
