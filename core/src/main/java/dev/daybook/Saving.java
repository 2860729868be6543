package dev.daybook;

import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Command;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Journal;
import dev.daybook.port.Projection;
import dev.daybook.port.Projection.Published;
import dev.daybook.port.SaveBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The second half of a save, from COMPLETED to PERSISTED, so that a crash anywhere loses nothing and doubles nothing: the commit on disk,
 * {@code SavePrepared}, the ref, {@code ExperimentPersisted}. Whoever finds a prepared save goes on from there. Any number of experiments
 * take each step together.
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
     * An experiment to save; its handle's lock is held.
     *
     * @param code the code as it is now; empty to take what was recorded last
     */
    record Save(Experiment run, ExperimentSource source, String name, Optional<Code> code) {

        private SavePrepared prepared() {
            return run.data().prepared().orElseThrow();
        }

        private SaveBatch.Prepared forBatch() {
            return new SaveBatch.Prepared(source, prepared());
        }

        private void warnOfOtherName(Consumer<String> warnings) {
            var ref = prepared().ref();
            if (!ref.endsWith("/" + name)) {
                warnings.accept(
                        "a save of experiment '" + run.data().name() + "' was half done and is finished as " + ref);
            }
        }
    }

    /**
     * Prepares those that are not prepared yet, and publishes all.
     *
     * @return what kept some of them from being saved
     */
    Map<Experiment, DaybookException> finish(List<Save> saves) {
        var failures = new LinkedHashMap<Experiment, DaybookException>();
        try (var batch = projection.batch()) {
            prepare(saves, batch, failures);
            var prepared = saves.stream()
                    .filter(save -> !failures.containsKey(save.run()))
                    .toList();
            prepared.forEach(save -> save.warnOfOtherName(warnings));
            settle(publish(prepared, batch, failures), failures);
        }
        return failures;
    }

    private void prepare(List<Save> saves, SaveBatch batch, Map<Experiment, DaybookException> failures) {
        var commits = new LinkedHashMap<Experiment, SavePrepared>();
        for (var save : saves) {
            if (save.run().data().prepared().isEmpty()) {
                each(
                        save.run(),
                        failures,
                        () -> commits.put(save.run(), batch.prepare(save.source(), save.name(), save.code())));
            }
        }
        try {
            batch.force();
        } catch (DaybookException e) {
            commits.keySet().forEach(run -> failures.put(run, e));
            return;
        }
        journal.together(() -> commits.forEach(
                (run, commit) -> each(run, failures, () -> run.apply(new Command.PrepareSave(commit)))));
    }

    private static Map<Save, Published> publish(
            List<Save> saves, SaveBatch batch, Map<Experiment, DaybookException> failures) {
        batch.publishTogether(saves.stream().map(Save::forBatch).toList());
        var published = new LinkedHashMap<Save, Published>();
        for (var save : saves) {
            each(save.run(), failures, () -> published.put(save, batch.publish(save.forBatch())));
        }
        return published;
    }

    private void settle(Map<Save, Published> published, Map<Experiment, DaybookException> failures) {
        var again = new ArrayList<Save>();
        journal.together(() -> published.forEach((save, how) -> {
            if (how == Published.GONE) {
                again.add(save);
            } else {
                each(save.run(), failures, () -> require(save, () -> settle(save.run(), how == Published.DONE)));
            }
        }));
        for (var save : again) {
            each(save.run(), failures, () -> require(save, () -> publish(save.run(), save.source())));
        }
    }

    /** What goes wrong with one experiment is no matter of the others. */
    static void each(Experiment run, Map<Experiment, DaybookException> failures, Runnable step) {
        try {
            step.run();
        } catch (DaybookException e) {
            failures.put(run, e);
        }
    }

    private static void require(Save save, BooleanSupplier isSaved) {
        var ref = save.prepared().ref();
        if (!isSaved.getAsBoolean()) {
            throw new NameTakenException("cannot save experiment '"
                    + save.run().data().name() + "': " + ref + " was taken meanwhile; save it under another name");
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
        if (published == Published.GONE) {
            // Garbage collected before the ref was there. The same events give the same commit.
            projection.prepare(source, prepared.name(), prepared.code());
            published = projection.publish(source, prepared);
        }
        if (published == Published.GONE) {
            throw new RepositoryException("cannot save experiment '"
                    + run.data().name() + "': commit " + prepared.commit()
                    + " is missing and could not be made again; the journal holds all of it, so save once more");
        }
        return settle(run, published == Published.DONE);
    }

    private boolean settle(Experiment run, boolean isDone) {
        var prepared = run.data().prepared().orElseThrow();
        if (!prepared.name().equals(run.data().name())) {
            // reserved for this save, by a process that may have died since
            journal.releaseName(prepared.name(), run.requireId());
        }
        if (isDone) {
            // Before the event: a process that dies in between must not keep the name for ever; the ref has it now.
            journal.releaseName(run.data().name(), run.requireId());
            run.apply(new Command.ConfirmSave());
        } else {
            run.apply(new Command.AbandonSave(prepared.ref() + " was taken meanwhile"));
        }
        return isDone;
    }
}
