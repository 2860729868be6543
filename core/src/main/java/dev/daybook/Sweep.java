package dev.daybook;

import dev.daybook.lifecycle.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Saves many experiments together. Their handles are locked meanwhile, in one order, so that two sweeps never wait for each other. */
final class Sweep {

    /** Bounds what is in memory at once: some kilobytes for each. */
    private static final int MOST_TOGETHER = 4_096;

    private final Daybook daybook;
    private final boolean recordsCode;
    private final Map<Experiment, SavedExperiment> saved = new LinkedHashMap<>();
    private final Map<Experiment, DaybookException> failures = new LinkedHashMap<>();

    /** @param recordsCode whether the code as it is now belongs to what is saved; else it is what was recorded last */
    Sweep(Daybook daybook, boolean recordsCode) {
        this.daybook = daybook;
        this.recordsCode = recordsCode;
    }

    SweepResult save(Collection<Experiment> experiments) {
        var all = new ArrayList<>(new LinkedHashSet<>(experiments));
        for (int from = 0; from < all.size(); from += MOST_TOGETHER) {
            saveLocked(all.subList(from, Math.min(from + MOST_TOGETHER, all.size())));
        }
        return new SweepResult(
                all.stream().filter(saved::containsKey).map(saved::get).toList(), failures);
    }

    /** What one is saved as that has not failed. */
    SavedExperiment saved(Experiment run) {
        return Objects.requireNonNull(saved.get(run), "it was saved or has failed");
    }

    private void saveLocked(List<Experiment> runs) {
        var locked = new ArrayList<Experiment>();
        try {
            runs.stream().sorted(Comparator.comparing(Experiment::number)).forEach(run -> {
                run.lock();
                locked.add(run);
            });
            var together = new ArrayList<Experiment>();
            for (var run : runs) {
                if (!run.isOf(daybook)) {
                    failures.put(
                            run,
                            new InvalidInputException("cannot save experiment '" + run.name()
                                    + "' here: it belongs to another Daybook; save it there"));
                } else if (run.isLookedUp()) {
                    // it may have to be taken over first
                    Saving.each(run, failures, () -> saved.put(run, run.save()));
                } else {
                    together.add(run);
                }
            }
            saveTogether(together);
        } finally {
            locked.forEach(Experiment::unlock);
        }
    }

    private void saveTogether(List<Experiment> runs) {
        var now = codeNow(runs);
        var completed = complete(runs, now);
        var saves = new ArrayList<Saving.Save>();
        var sources = daybook.sources();
        for (var run : completed) {
            Saving.each(run, failures, () -> saves.add(run.toSave(sources.apply(run.requireId()), run.name(), now)));
        }
        if (recordsCode) {
            daybook.warnAbout(saves);
        }
        failures.putAll(daybook.saving().finish(saves));
        for (var save : saves) {
            if (!failures.containsKey(save.run())) {
                daybook.closed(save.run().requireId());
                saved.put(save.run(), save.run().saved());
            }
        }
    }

    /** Those that are completed now, and not saved yet. */
    private List<Experiment> complete(List<Experiment> runs, Optional<Code> now) {
        var completed = new ArrayList<Experiment>();
        daybook.journal()
                .together(() -> runs.stream()
                        .filter(run -> !failures.containsKey(run))
                        .forEach(run -> Saving.each(run, failures, () -> {
                            if (run.completeToSave(now)) {
                                completed.add(run);
                            } else {
                                saved.put(run, run.saved());
                            }
                        })));
        return completed;
    }

    /** One look at the work tree for all that it belongs to; if it cannot be recorded, these cannot be saved. */
    private Optional<Code> codeNow(List<Experiment> runs) {
        var recording =
                recordsCode ? runs.stream().filter(Experiment::recordsCode).toList() : List.<Experiment>of();
        if (recording.isEmpty()) {
            return Optional.empty();
        }
        try {
            return daybook.snapshot(recording);
        } catch (DaybookException e) {
            recording.forEach(run -> failures.put(run, e));
            return Optional.empty();
        }
    }
}
