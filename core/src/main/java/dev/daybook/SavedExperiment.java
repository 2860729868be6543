package dev.daybook;

/**
 * A saved experiment: one commit on one ref.
 *
 * @param name the last part of the ref
 * @param ref {@code refs/exps/<first two digits of the baseline>/<the other 38>/<name>}
 * @param commit 40 hex digits
 * @param baseline the commit that it started from, 40 hex digits; the commit's first parent
 */
public record SavedExperiment(String name, String ref, String commit, String baseline) {
    @Override
    public String toString() {
        return name + " " + commit.substring(0, 7) + " " + ref;
    }
}
