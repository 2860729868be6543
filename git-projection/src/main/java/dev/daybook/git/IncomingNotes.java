package dev.daybook.git;

import dev.daybook.DaybookException;
import dev.daybook.git.ExperimentRefs.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** The tags and notes that come along with experiments: all of both sides are here then. What cannot be read is not let in. */
final class IncomingNotes {

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;

    /** Of the experiments, by the refs of their notes. */
    private final Map<String, String> names = new HashMap<>();

    private final List<String> warnings = new ArrayList<>();
    private int taken;

    IncomingNotes(Repository repository, ExperimentRefs refs, Remote remote) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
    }

    /** Sentences about what was not taken in. */
    List<String> warnings() {
        return warnings;
    }

    /** On how many experiments some were taken in. */
    int taken() {
        return taken;
    }

    /**
     * What has to be fetched.
     *
     * @param experiments their names, by their commits
     * @param there what the remote has
     */
    List<Wanted> of(Map<ObjectId, String> experiments, Map<String, ObjectId> there) throws IOException {
        var here = refs.named(AnnotationRefs.PREFIX);
        var found = new ArrayList<Wanted>();
        for (var each : experiments.entrySet()) {
            var ref = AnnotationRefs.ref(each.getKey());
            var theirs = there.get(ref);
            var ours = Optional.ofNullable(here.get(ref));
            if (theirs != null && (ours.isEmpty() || !Pedigree.contains(repository, ours.get(), theirs))) {
                names.put(ref, each.getValue());
                found.add(new Wanted(ref, theirs, ours));
            }
        }
        return found;
    }

    /** Those that have come; of the others it is said that they have not. */
    List<Wanted> cameOf(List<Wanted> notes, Set<ObjectId> came, IncomingRefs incoming) {
        var here = new ArrayList<Wanted>();
        for (var each : notes) {
            if (came.contains(each.commit())) {
                here.add(each);
            } else {
                warnings.add("the tags and notes on experiment '" + name(each.name()) + "' could not be fetched from "
                        + remote.name() + " (" + incoming.reason(each.commit()) + "); pull once more");
            }
        }
        return here;
    }

    private String name(String ref) {
        return names.getOrDefault(ref, ref);
    }

    /** Those that can be had by creating their refs, many at once. */
    List<Wanted> absent(List<Wanted> notes) throws IOException {
        var absent = new ArrayList<Wanted>();
        try (var fresh = Repositories.fresh(repository)) {
            var annotations = new AnnotationRefs(fresh, refs);
            for (var each : notes) {
                if (each.replaces().isEmpty() && annotations.isReadable(each.commit())) {
                    absent.add(each);
                }
            }
        }
        return absent;
    }

    /**
     * Takes in what has come.
     *
     * @param done what is named by its ref already
     */
    void takeIn(List<Wanted> notes, Set<Wanted> done) throws IOException {
        try (var fresh = Repositories.fresh(repository)) {
            var annotations = new AnnotationRefs(fresh, refs);
            for (var each : notes) {
                if (done.contains(each) || takeIn(annotations, each)) {
                    taken++;
                }
            }
        }
    }

    private boolean takeIn(AnnotationRefs annotations, Wanted notes) {
        try {
            var unused = annotations.merge(AnnotationRefs.experiment(notes.name()), notes.commit());
            return true;
        } catch (IOException | DaybookException e) {
            warnings.add("the tags and notes on experiment '" + name(notes.name()) + "' at " + remote.name()
                    + " were left there, because they cannot be taken in: " + e.getMessage());
            return false;
        }
    }
}
