package dev.daybook.git;

import dev.daybook.Progress;

/**
 * How an experiment is applied.
 *
 * @param isForced whether files that are nowhere else are overwritten; they are kept by a ref then
 * @param isTrial whether nothing is done but to say what would be
 * @param progress is told how far the copying of data is
 */
public record ApplyOptions(boolean isForced, boolean isTrial, Progress progress) {

    /** Overwrites nothing that is nowhere else, and tells nobody how far it is. */
    public static final ApplyOptions DEFAULT = new ApplyOptions(false, false, Progress.NONE);

    public ApplyOptions withForce() {
        return new ApplyOptions(true, isTrial, progress);
    }

    public ApplyOptions asTrial() {
        return new ApplyOptions(isForced, true, progress);
    }

    public ApplyOptions withProgress(Progress listener) {
        return new ApplyOptions(isForced, isTrial, listener);
    }
}
