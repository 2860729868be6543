package dev.daybook.cli;

import dev.daybook.ExperimentSummary;
import java.util.Locale;

/** How an experiment stands, in a word or two. */
final class Status {

    private Status() {}

    static String of(ExperimentSummary summary) {
        return summary.status().name().toLowerCase(Locale.ROOT);
    }

    /** With the outcome, where it is a bad one. */
    static String withOutcome(ExperimentSummary summary) {
        return of(summary) + (summary.failure().isPresent() ? " (failed)" : "");
    }

    static boolean isUnfinished(ExperimentSummary summary) {
        return summary.status() != ExperimentSummary.Status.PERSISTED;
    }
}
