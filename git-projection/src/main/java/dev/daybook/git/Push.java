package dev.daybook.git;

import dev.daybook.git.OutgoingRefs.Sent;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Sends experiments: first the data that they refer to, then their refs and those of their notes, so that whoever sees the refs finds the
 * data.
 *
 * <p>Killed at any point it leaves data that nobody names yet, or some of the refs; the next push sends the rest.
 */
final class Push {

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final TransferOptions options;
    private final Map<String, Moved> moved = new LinkedHashMap<>();
    private final List<Sent> outgoing = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Push(Repository repository, ExperimentRefs refs, Remote remote, TransferOptions options) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.options = options;
    }

    /**
     * @param files are being read
     * @param reading ends when they have been
     */
    TransferReport run(List<Ref> experiments, PointerFiles files, CompletableFuture<Void> reading) throws IOException {
        var there = remote.refs();
        var toSend = new ArrayList<Ref>();
        try (var walk = new RevWalk(repository)) {
            for (var ref : experiments) {
                if (decide(ref, there, walk)) {
                    toSend.add(ref);
                }
            }
        }
        reading.join();
        var data = new DataSync(repository, true, remote.name(), options);
        if (options.isWithData()) {
            try (var needs = new DataNeeds(repository, files)) {
                for (var ref : toSend) {
                    needs.add(ExperimentRefs.name(ref.getName()), ref.getObjectId());
                }
                data.run(needs);
                warnings.addAll(needs.warnings());
                problems.addAll(needs.problems());
                sayWhatLfsNeeds(needs);
            }
        }
        int noted = send(toSend, there);
        warnings.addAll(data.warnings());
        problems.addAll(data.problems());
        return new TransferReport(
                remote.name(), List.copyOf(moved.values()), noted, data.objects(), data.bytes(), warnings, problems);
    }

    /** Whether what the ref names is to be at the remote. */
    private boolean decide(Ref ref, Map<String, ObjectId> there, RevWalk walk) throws IOException {
        var outcome = outcome(ref.getName(), ref.getObjectId(), there);
        var before = Optional.ofNullable(there.get(ref.getName()));
        note(ref, outcome, before);
        if (outcome == Outcome.DIVERGED) {
            problems.add("experiment '" + ExperimentRefs.name(ref.getName()) + "' was not pushed, because "
                    + remote.name()
                    + " has another one as " + ref.getName() + ", "
                    + before.map(ObjectId::name).orElse("") + " instead of "
                    + ref.getObjectId().name() + "; save it under another name, or replace that one with --force");
            return false;
        }
        addIfNew(ref.getName(), ref.getObjectId(), outcome, there);
        addCheckpoints(ref, there, walk.parseCommit(ref.getObjectId()));
        return true;
    }

    private void note(Ref ref, Outcome outcome, Optional<ObjectId> before) {
        moved.put(
                ref.getName(),
                new Moved(
                        ExperimentRefs.name(ref.getName()),
                        ref.getName(),
                        ref.getObjectId().name(),
                        before.map(ObjectId::name),
                        outcome));
    }

    private Outcome outcome(String ref, ObjectId commit, Map<String, ObjectId> there) throws IOException {
        var theirs = there.get(ref);
        if (theirs == null) {
            return Outcome.CREATED;
        } else if (theirs.equals(commit)) {
            return Outcome.UP_TO_DATE;
        } else if (Pedigree.contains(repository, commit, theirs)) {
            return Outcome.ADVANCED;
        } else if (options.isForced()) {
            return Outcome.REPLACED;
        }
        return Pedigree.contains(repository, theirs, commit) ? Outcome.UP_TO_DATE : Outcome.DIVERGED;
    }

    private void addIfNew(String ref, ObjectId commit, Outcome outcome, Map<String, ObjectId> there) {
        if (outcome != Outcome.UP_TO_DATE) {
            outgoing.add(new Sent(
                    ref, commit, Optional.ofNullable(there.get(ref)).filter(old -> outcome == Outcome.REPLACED)));
        }
    }

    /** They are reached by the experiment too; by their ref DVC's gc can be told to keep their data. */
    private void addCheckpoints(Ref experiment, Map<String, ObjectId> there, RevCommit commit) throws IOException {
        if (commit.getParentCount() < 2) {
            return;
        }
        var last = commit.getParent(1).copy();
        var ref = SavedReader.id(repository, experiment).map(ExperimentRefs::checkpoints);
        if (ref.isPresent()) {
            var outcome = outcome(ref.get(), last, there);
            if (outcome == Outcome.DIVERGED) {
                warnings.add("the ref " + ref.get() + " was left as it is at " + remote.name()
                        + ", where it names other checkpoints than those of experiment '"
                        + ExperimentRefs.name(experiment.getName())
                        + "'; replace it with --force");
            } else {
                addIfNew(ref.get(), last, outcome, there);
            }
        }
    }

    private void sayWhatLfsNeeds(DataNeeds needs) {
        if (needs.isWithLfs() && !outgoing.isEmpty()) {
            warnings.add("files that Git LFS keeps do not go along; run: git lfs push " + remote.name() + " "
                    + String.join(
                            " ",
                            outgoing.stream()
                                    .map(Sent::ref)
                                    .filter(moved::containsKey)
                                    .toList()));
        }
    }

    /** Returns of how many experiments tags and notes went along. */
    private int send(List<Ref> experiments, Map<String, ObjectId> there) throws IOException {
        var names = new LinkedHashMap<ObjectId, String>();
        experiments.forEach(ref -> names.put(ref.getObjectId(), ExperimentRefs.name(ref.getName())));
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
        problems.add("experiment '" + experiment.name() + "' was not taken by " + remote.name() + " (" + reason
                + "); see what is there with 'git ls-remote " + remote.name() + " " + experiment.ref()
                + "', and push once more");
    }
}
