package dev.daybook;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Names;
import dev.daybook.port.Journal;
import dev.daybook.port.Projection;
import java.nio.charset.StandardCharsets;

/** Gives each experiment a name that it has for itself: good, reserved among the unfinished, and free among the saved. */
final class Reservations {

    private final Journal journal;
    private final Projection projection;
    private final TakenName policy;

    Reservations(Journal journal, Projection projection, TakenName policy) {
        this.journal = journal;
        this.projection = projection;
        this.policy = policy;
    }

    /**
     * Reserves a name for a new experiment, numbered if need be.
     *
     * @return the name that it has now
     */
    String reserve(String requested, ExperimentId id, String baseline) {
        requireNoClash(requested);
        for (int number = 1; ; number++) {
            var name = number == 1 ? requested : numbered(requested, number);
            requireGood(name);
            boolean isFree = number == 1 || projection.nameClash(name).isEmpty();
            boolean isReserved = isFree && journal.reserveName(name, id);
            if (isReserved) {
                if (policy == TakenName.REPLACE
                        || projection.saved(baseline, name).isEmpty()) {
                    return name;
                }
                journal.releaseName(name, id);
            }
            if (policy != TakenName.NUMBER) {
                throw taken(name, isReserved);
            }
        }
    }

    /** Reserves the new name of an experiment for the time of its save; the one who calls releases it. */
    void reserveToSave(String name, ExperimentId id) {
        requireGood(name);
        requireNoClash(name);
        if (!journal.reserveName(name, id)) {
            throw taken(name, false);
        }
    }

    static void requireGood(String name) {
        Names.experiment(name).ifPresent(reason -> {
            throw new InvalidInputException(reason);
        });
    }

    private void requireNoClash(String name) {
        projection.nameClash(name).ifPresent(reason -> {
            throw new InvalidInputException(reason);
        });
    }

    /** The name with its number, shortened where both together would be too long. */
    private static String numbered(String name, int number) {
        var suffix = "-" + number;
        var stem = name;
        while (stem.getBytes(StandardCharsets.UTF_8).length + suffix.length() > Names.MAX_BYTES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + suffix;
    }

    private static NameTakenException taken(String name, boolean isSaved) {
        return new NameTakenException("experiment name '" + name + "' is taken by "
                + (isSaved
                        ? "a saved experiment of this baseline; choose another, or remove that one"
                        : "an unfinished experiment; choose another, or save or discard that one"));
    }
}
