package dev.daybook;

/** A call that does not exist in the experiment's state: {@code cannot logMetric: experiment 'x' is PERSISTED}. Nothing was recorded. */
public final class IllegalTransitionException extends DaybookException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final ExperimentState state;

    IllegalTransitionException(String message, String call, ExperimentState state) {
        super(message);
        this.call = call;
        this.state = state;
    }

    /** The method that was called. */
    public String call() {
        return call;
    }

    /** The state in which it does not exist. */
    public ExperimentState state() {
        return state;
    }
}
