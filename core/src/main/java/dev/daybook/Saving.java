package dev.daybook;

import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Command;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Journal;
import dev.daybook.port.Projection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The second half of a save, from COMPLETED to PERSISTED, so that a crash anywhere loses nothing and doubles nothing: the commit on disk,
 * {@code SavePrepared}, the ref, {@code ExperimentPersisted}. Whoever finds a prepared save goes on from there.
 */
final class Saving {

    private final Journal journal;
    private final Projection projection;
    private final Consumer<String> warnings;

    Saving(Journal journal, Projection projection, Consumer<String> warnings) {
        this.journal = journal;
        this.projection = projection;
        this.warnings = warnings;
    }

    /**
     * Prepares, if that was not done, and publishes.
     *
     * @param code the code as it is now; empty to take what was recorded last
     */
    void finish(Experiment run, ExperimentSource source, String name, Optional<Code> code) {
        if (run.data().prepared().isEmpty()) {
            run.apply(new Command.PrepareSave(projection.prepare(source, name, code)));
        }
        var ref = run.data().prepared().orElseThrow().ref();
        if (!ref.endsWith("/" + name)) {
            warnings.accept("a save of experiment '" + run.data().name() + "' was half done and is finished as " + ref);
        }
        if (!publish(run, source)) {
            throw new NameTakenException("cannot save experiment '" + run.data().name() + "': " + ref
                    + " was taken meanwhile; save it under another name");
        }
    }

    /**
     * Carries a prepared save on to its end.
     *
     * @return false if it was abandoned, because the ref is another's
     */
    boolean publish(Experiment run, ExperimentSource source) {
        var prepared = run.data().prepared().orElseThrow();
        var published = projection.publish(source, prepared);
        if (published == Projection.Published.GONE) {
            // Garbage collected before the ref was there. The same events give the same commit.
            var name = prepared.ref().substring(prepared.ref().lastIndexOf('/') + 1);
            projection.prepare(source, name, prepared.code());
            published = projection.publish(source, prepared);
        }
        return switch (published) {
            case DONE -> {
                // Before the event: a process that dies in between must not keep the name for ever; the ref has it now.
                journal.releaseName(run.data().name(), run.requireId());
                run.apply(new Command.ConfirmSave());
                yield true;
            }
            case TAKEN -> {
                run.apply(new Command.AbandonSave(prepared.ref() + " was taken meanwhile"));
                yield false;
            }
            case GONE ->
                throw new RepositoryException("cannot save experiment '"
                        + run.data().name() + "': commit " + prepared.commit()
                        + " is missing and could not be made again; the journal holds all of it, so save once more");
        };
    }
}
