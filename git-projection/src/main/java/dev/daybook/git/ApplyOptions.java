package dev.daybook.git;

/**
 * How an experiment is applied.
 *
 * @param isForced whether files that are nowhere else are overwritten; they are kept by a ref then
 * @param isTrial whether nothing is done but to say what would be
 */
public record ApplyOptions(boolean isForced, boolean isTrial) {

    /** Overwrites nothing that is nowhere else. */
    public static final ApplyOptions DEFAULT = new ApplyOptions(false, false);

    public ApplyOptions withForce() {
        return new ApplyOptions(true, isTrial);
    }

    public ApplyOptions asTrial() {
        return new ApplyOptions(isForced, true);
    }
}
