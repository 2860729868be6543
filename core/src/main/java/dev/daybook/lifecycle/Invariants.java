package dev.daybook.lifecycle;

/** What holds of every state, whatever the events were; the fold checks it after each event. */
final class Invariants {

    private Invariants() {}

    static ExperimentData checked(ExperimentData data) {
        boolean begun = data.initialized().isPresent();
        require(begun == (data.phase() != Phase.UNINITIALIZED || data.isDiscarded()), "begun exactly from init on");
        boolean done = data.phase() == Phase.COMPLETED || data.phase() == Phase.PERSISTED;
        require(data.completed().isPresent() == done || data.isDiscarded(), "an outcome exactly from completion on");
        require(
                data.persisted().isPresent() == (data.phase() == Phase.PERSISTED),
                "a saved commit exactly when persisted");
        require(data.prepared().isEmpty() || done, "a prepared save only after completion");
        require(begun || data.metricNumbers().isEmpty() && data.overrides().isEmpty(), "nothing before init");
        return data;
    }

    static void require(boolean condition, String invariant) {
        if (!condition) {
            throw new InvariantViolation("invariant broken: " + invariant);
        }
    }
}
