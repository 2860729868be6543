package dev.daybook.git;

import dev.daybook.Progress;

/**
 * How experiments are sent and fetched.
 *
 * @param isForced whether an experiment that is another one on the other side is replaced
 * @param isWithData whether the data that the experiments refer to go along
 * @param mayAsk whether git may ask for a password on the terminal
 * @param progress is told how far it is
 */
public record TransferOptions(boolean isForced, boolean isWithData, boolean mayAsk, Progress progress) {

    /** Nothing is replaced, data go along, nobody is asked or told anything. */
    public static TransferOptions defaults() {
        return new TransferOptions(false, true, false, Progress.NONE);
    }

    public TransferOptions withForce(boolean forced) {
        return new TransferOptions(forced, isWithData, mayAsk, progress);
    }

    public TransferOptions withData(boolean data) {
        return new TransferOptions(isForced, data, mayAsk, progress);
    }

    public TransferOptions withAsking(boolean ask) {
        return new TransferOptions(isForced, isWithData, ask, progress);
    }

    public TransferOptions withProgress(Progress listener) {
        return new TransferOptions(isForced, isWithData, mayAsk, listener);
    }
}
