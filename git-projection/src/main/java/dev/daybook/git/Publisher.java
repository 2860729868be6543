package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Projection.Published;
import dev.daybook.port.SaveBatch.Prepared;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets refs name the commits of prepared saves, and drops then what has kept the code. */
final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ExperimentRefs refs;
    private final CodeKeeper keeper;
    private final ExperimentCommits commits;

    Publisher(ExperimentRefs refs, CodeKeeper keeper, ExperimentCommits commits) {
        this.refs = refs;
        this.keeper = keeper;
        this.commits = commits;
    }

    static SavePrepared prepared(
            ExperimentSource source, String name, ExperimentCommits.Written written, Optional<Code> code) {
        var ref = ExperimentRefs.experiment(source.data().facts().code().head(), name);
        return new SavePrepared(ref, written.commit().name(), written.tree().name(), code);
    }

    /**
     * Keeps a prepared commit from gc until it is published.
     *
     * @param objects are forced
     */
    void keep(ExperimentSource source, SavePrepared prepared, PackedObjects objects) throws IOException {
        var baseline = ObjectId.fromString(source.data().facts().code().head());
        var written = new ExperimentCommits.Written(
                ObjectId.fromString(prepared.commit()), ObjectId.fromString(prepared.tree()));
        keeper.keepCommit(source.id(), baseline, written, objects);
    }

    Published publish(ExperimentSource source, SavePrepared prepared) throws IOException {
        try {
            return commits.isComplete(ObjectId.fromString(prepared.commit())) || isPublished(prepared)
                    ? publishKept(source, prepared)
                    : Published.GONE;
        } catch (MissingObjectException e) {
            return Published.GONE;
        }
    }

    /** The same for a commit that is known to be there. */
    Published publishKept(ExperimentSource source, SavePrepared prepared) throws IOException {
        var published = refs.publish(wanted(source, prepared));
        if (published == Published.DONE) {
            dropCode(List.of(source.id()));
        }
        return published;
    }

    /**
     * Publishes commits that are known to be there, together; see {@link ExperimentRefs#create}. Their code is to be {@link #dropCode dropped}
     * then.
     *
     * @return those that are published now
     */
    List<Prepared> publishTogether(List<Prepared> saves) {
        var created = Set.copyOf(refs.create(
                saves.stream().map(each -> wanted(each.source(), each.save())).toList()));
        return saves.stream()
                .filter(each -> created.contains(wanted(each.source(), each.save())))
                .toList();
    }

    /** Whether the ref names the commit. What counts is what can be read. */
    private boolean isPublished(SavePrepared prepared) throws IOException {
        return refs.read(prepared.ref()).equals(Optional.of(ObjectId.fromString(prepared.commit())));
    }

    private static ExperimentRefs.Wanted wanted(ExperimentSource source, SavePrepared prepared) {
        var facts = source.data().facts();
        // what may be replaced is what had the name that was asked for, not what has another one
        var replaces = facts.replaces()
                .filter(old -> prepared.ref()
                        .equals(ExperimentRefs.experiment(facts.code().head(), facts.name())))
                .map(ObjectId::fromString);
        return new ExperimentRefs.Wanted(prepared.ref(), ObjectId.fromString(prepared.commit()), replaces);
    }

    /** What is left behind costs some room; the experiment is saved all the same. */
    void dropCode(List<ExperimentId> ids) {
        try {
            refs.deleteOwn(ids.stream().map(ExperimentRefs::code).toList());
        } catch (IOException | RepositoryException e) {
            LOG.warn(
                    "refs of {} saved experiments below refs/daybook could not be deleted, and are not needed any more: {}",
                    ids.size(),
                    e.getMessage());
        }
    }
}
