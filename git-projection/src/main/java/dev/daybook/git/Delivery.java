package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.OutgoingRefs.Sent;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/** What a push does at one place: looks at what is there, and sends the refs of experiments and those of their notes. */
final class Delivery {

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final TransferOptions options;
    private final Map<String, Moved> moved = new LinkedHashMap<>();
    private final List<Ref> present = new ArrayList<>();
    private final List<Sent> outgoing = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Map<String, ObjectId> there = Map.of();
    private Optional<RepositoryException> unreachable = Optional.empty();

    Delivery(Repository repository, ExperimentRefs refs, Remote remote, TransferOptions options) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.options = options;
    }

    /** What becomes of the experiments there. */
    Collection<Moved> moved() {
        return moved.values();
    }

    /** The experiments that are there, or will be. */
    Collection<Ref> present() {
        return present;
    }

    /** The refs that are to be sent. */
    Collection<String> outgoing() {
        return outgoing.stream().map(Sent::ref).toList();
    }

    List<String> warnings() {
        return warnings;
    }

    List<String> problems() {
        return problems;
    }

    /** Asks what is there; whether that can be had is said where it is {@link #decide needed}. */
    void ask() {
        try {
            there = remote.refs();
        } catch (RepositoryException e) {
            unreachable = Optional.of(e);
        }
    }

    /**
     * Compares with what is there.
     *
     * @throws RepositoryException if that could not be had
     */
    void decide(OutgoingExperiments experiments) throws IOException {
        if (unreachable.isPresent()) {
            throw unreachable.get();
        }
        experiments.await();
        for (var ref : experiments.refs()) {
            decide(ref, experiments);
        }
    }

    /** What is not there already will not be. */
    void giveUp(List<Ref> experiments, RepositoryException reason) {
        for (var ref : experiments) {
            var known = moved.get(ref.getName());
            if (known == null || known.outcome() != Outcome.UP_TO_DATE) {
                note(ref, Outcome.REFUSED);
            }
        }
        problems.add(String.valueOf(reason.getMessage()));
    }

    private void decide(Ref ref, OutgoingExperiments experiments) throws IOException {
        var flaw = experiments.flaw(ref);
        if (flaw.isPresent()) {
            note(ref, Outcome.REFUSED);
            problems.add("experiment '" + ExperimentRefs.name(ref.getName()) + "' was not pushed, because "
                    + ref.getName() + " names " + flaw.get() + "; another clone may have it, else 'git update-ref -d "
                    + ref.getName() + "' takes the ref away");
            return;
        }
        var outcome = outcome(ref.getName(), ref.getObjectId());
        note(ref, outcome);
        if (outcome == Outcome.DIVERGED) {
            problems.add("experiment '" + ExperimentRefs.name(ref.getName()) + "' was not pushed, because "
                    + remote.name()
                    + " has another one as " + ref.getName() + ", "
                    + theirs(ref).map(ObjectId::name).orElse("") + " instead of "
                    + ref.getObjectId().name() + "; save it under another name, or replace that one with --force");
            return;
        }
        present.add(ref);
        addIfNew(ref.getName(), ref.getObjectId(), outcome);
        addCheckpoints(ref, experiments.commit(ref));
    }

    private Optional<ObjectId> theirs(Ref ref) {
        return Optional.ofNullable(there.get(ref.getName()));
    }

    private void note(Ref ref, Outcome outcome) {
        moved.put(
                ref.getName(),
                new Moved(
                        ExperimentRefs.name(ref.getName()),
                        ref.getName(),
                        ref.getObjectId().name(),
                        theirs(ref).map(ObjectId::name),
                        outcome));
    }

    private Outcome outcome(String ref, ObjectId commit) throws IOException {
        return Pedigree.outcome(repository, Optional.ofNullable(there.get(ref)), commit, options.isForced());
    }

    private void addIfNew(String ref, ObjectId commit, Outcome outcome) {
        if (outcome != Outcome.UP_TO_DATE) {
            outgoing.add(new Sent(
                    ref, commit, Optional.ofNullable(there.get(ref)).filter(old -> outcome == Outcome.REPLACED)));
        }
    }

    /** They are reached by the experiment too; by their ref DVC's gc can be told to keep their data. */
    private void addCheckpoints(Ref experiment, RevCommit commit) throws IOException {
        if (commit.getParentCount() < 2) {
            return;
        }
        var last = commit.getParent(1).copy();
        var ref = SavedReader.id(repository, experiment).map(ExperimentRefs::checkpoints);
        if (ref.isPresent()) {
            var outcome = outcome(ref.get(), last);
            if (outcome == Outcome.DIVERGED) {
                warnings.add("the ref " + ref.get() + " was left as it is at " + remote.name()
                        + ", where it names other checkpoints than those of experiment '"
                        + ExperimentRefs.name(experiment.getName())
                        + "'; replace it with --force");
            } else {
                addIfNew(ref.get(), last, outcome);
            }
        }
    }

    /** Sends, and returns of how many experiments tags and notes went along. */
    int send() throws IOException {
        var names = new LinkedHashMap<ObjectId, String>();
        present.forEach(ref -> names.put(ref.getObjectId(), ExperimentRefs.name(ref.getName())));
        var notes = new OutgoingNotes(repository, refs, remote, names);
        var noted = notes.of(names.keySet(), there);
        int taken = 0;
        if (!outgoing.isEmpty() || !noted.isEmpty()) {
            var all = new ArrayList<>(outgoing);
            all.addAll(noted);
            var answers = new OutgoingRefs(repository, remote).send(all);
            for (var each : outgoing) {
                var answer = OutgoingRefs.answer(answers, each);
                if (!answer.isDone()) {
                    refused(each, answer.reason());
                }
            }
            taken = notes.retry(noted, there, answers);
        }
        warnings.addAll(notes.warnings());
        return taken;
    }

    private void refused(Sent sent, String reason) {
        var experiment = moved.get(sent.ref());
        if (experiment == null) {
            warnings.add("the ref " + sent.ref() + " was not taken by " + remote.name() + " (" + reason
                    + "); push once more");
            return;
        }
        moved.put(
                sent.ref(),
                new Moved(
                        experiment.name(),
                        experiment.ref(),
                        experiment.commit(),
                        experiment.before(),
                        Outcome.REFUSED));
        // objects that are missing here, or that the remote cannot store
        var help = reason.startsWith(OutgoingRefs.NOTHING_CAME)
                ? "'git fsck' says what is missing or damaged here, if anything is"
                : "see what is there with 'git ls-remote " + remote.name() + " " + experiment.ref() + "'";
        problems.add("experiment '" + experiment.name() + "' was not taken by " + remote.name() + " (" + reason + "); "
                + help + ", and push once more");
    }
}
