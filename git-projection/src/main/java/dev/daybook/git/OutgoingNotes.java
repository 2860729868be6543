package dev.daybook.git;

import dev.daybook.DaybookException;
import dev.daybook.RepositoryException;
import dev.daybook.git.OutgoingRefs.Answer;
import dev.daybook.git.OutgoingRefs.Sent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * The tags and notes that go along with experiments. Those that the remote has and this repository has not are fetched and taken in first:
 * what is sent has all of both, and is a step forward for the remote.
 */
final class OutgoingNotes {

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final Map<ObjectId, String> names;
    private final List<String> warnings = new ArrayList<>();

    /** @param names of the experiments, by their commits */
    OutgoingNotes(Repository repository, ExperimentRefs refs, Remote remote, Map<ObjectId, String> names) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.names = names;
    }

    /** Sentences about what does not go along. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * What is to be sent.
     *
     * @param experiments their commits
     * @param there what the remote has
     */
    List<Sent> of(Collection<ObjectId> experiments, Map<String, ObjectId> there) throws IOException {
        var here = refs.named(AnnotationRefs.PREFIX);
        if (here.isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Sent>();
        var others = new LinkedHashMap<ObjectId, ObjectId>();
        try (var fresh = Repositories.fresh(repository)) {
            for (var experiment : experiments) {
                var ours = here.get(AnnotationRefs.ref(experiment));
                var theirs = there.get(AnnotationRefs.ref(experiment));
                if (ours == null || ours.equals(theirs)) {
                    continue;
                }
                if (theirs == null || Pedigree.contains(fresh, ours, theirs)) {
                    addIfReadable(fresh, experiment, ours, found);
                } else if (!Pedigree.contains(fresh, theirs, ours)) {
                    others.put(experiment, theirs);
                }
            }
        }
        var all = List.copyOf(others.entrySet());
        for (int from = 0; from < all.size(); from += IncomingRefs.MOST_AT_ONCE) {
            takeIn(all.subList(from, Math.min(all.size(), from + IncomingRefs.MOST_AT_ONCE)), found);
        }
        return found;
    }

    /** An object that is missing would stop all that is sent with it. */
    private void addIfReadable(Repository fresh, ObjectId experiment, ObjectId ours, List<Sent> found) {
        try {
            var unused = new AnnotationRefs(fresh, refs).at(ours);
            found.add(sent(experiment, ours));
        } catch (IOException e) {
            warnings.add(notesOn(List.of(experiment)) + " were not sent, because they cannot be read (" + e.getMessage()
                    + "); 'git update-ref -d " + AnnotationRefs.ref(experiment) + "' takes them away");
        }
    }

    /** @param some experiments, and what the remote's refs of their notes name */
    private void takeIn(List<Map.Entry<ObjectId, ObjectId>> some, List<Sent> found) throws IOException {
        try (var incoming = new IncomingRefs(repository, refs, remote)) {
            var came = incoming.fetch(some.stream().map(Map.Entry::getValue).toList());
            try (var fresh = Repositories.fresh(repository)) {
                var annotations = new AnnotationRefs(fresh, refs);
                for (var each : some) {
                    if (came.contains(each.getValue())) {
                        takeIn(annotations, each.getKey(), each.getValue(), found);
                    } else {
                        warnings.add(notesOn(List.of(each.getKey())) + " were not sent, because others that "
                                + remote.name() + " has could not be fetched (" + incoming.reason(each.getValue())
                                + "); push once more");
                    }
                }
            }
        }
    }

    private void takeIn(AnnotationRefs annotations, ObjectId experiment, ObjectId theirs, List<Sent> found) {
        try {
            var merged = annotations.merge(experiment, theirs);
            if (!merged.equals(theirs)) {
                found.add(sent(experiment, merged));
            }
        } catch (IOException | DaybookException e) {
            warnings.add(notesOn(List.of(experiment)) + " were not sent, because others that " + remote.name()
                    + " has cannot be taken in (" + e.getMessage() + "); 'git push " + remote.name() + " +"
                    + AnnotationRefs.ref(experiment) + "' replaces those");
        }
    }

    /**
     * Sends once more what the remote did not take because somebody else has written there meanwhile.
     *
     * @param there what the remote had
     * @param answers about what was sent
     * @return how many the remote has taken
     */
    int retry(List<Sent> sent, Map<String, ObjectId> there, Map<String, Answer> answers) throws IOException {
        var refused = refused(sent, answers);
        int taken = sent.size() - refused.size();
        if (refused.isEmpty()) {
            return taken;
        }
        try {
            var now = remote.refs();
            var isMoved = refused.stream()
                    .collect(Collectors.partitioningBy(
                            each -> !Objects.equals(now.get(each.ref()), there.get(each.ref()))));
            warn(Objects.requireNonNull(isMoved.get(false)), answers);
            var again = of(experiments(Objects.requireNonNull(isMoved.get(true))), now);
            if (!again.isEmpty()) {
                var last = new OutgoingRefs(repository, remote).send(again);
                var left = refused(again, last);
                warn(left, last);
                taken += again.size() - left.size();
            }
        } catch (RepositoryException e) {
            warnings.add(
                    notesOn(experiments(refused)) + " were not sent, because others came between: " + e.getMessage());
        }
        return taken;
    }

    private static List<Sent> refused(List<Sent> sent, Map<String, Answer> answers) {
        return sent.stream()
                .filter(each -> !OutgoingRefs.answer(answers, each).isDone())
                .toList();
    }

    private void warn(List<Sent> refused, Map<String, Answer> answers) {
        refused.stream()
                .collect(Collectors.groupingBy(
                        each -> OutgoingRefs.answer(answers, each).reason()))
                .forEach((reason, some) -> warnings.add(notesOn(experiments(some)) + " were not taken by "
                        + remote.name() + " (" + reason + "); push once more"));
    }

    private static List<ObjectId> experiments(List<Sent> sent) {
        return sent.stream().map(Sent::ref).map(AnnotationRefs::experiment).toList();
    }

    private static Sent sent(ObjectId experiment, ObjectId notes) {
        return new Sent(AnnotationRefs.ref(experiment), notes, Optional.empty());
    }

    private String notesOn(List<ObjectId> experiments) {
        return "the tags and notes on "
                + ExperimentNames.of(experiments.stream()
                        .map(each -> names.getOrDefault(each, each.name()))
                        .toList());
    }
}
