package dev.daybook.lifecycle;

/** The calls of the life cycle and the phases in which each is admitted: the transition table. Every other pair is refused. */
public enum Call {
    INIT("init"),
    SET_PARAMS("setParams"),
    LOG_METRIC("logMetric"),
    MAKE_CHECKPOINT("makeCheckpoint"),
    ADD_ARTIFACT("addArtifact"),
    LOG_PLOT("logPlot"),
    TAG("tag"),
    NOTE("note"),
    COMPLETE("complete"),
    SAVE("save"),
    DISCARD("discard"),
    RESUME("resume");

    private final String methodName;

    Call(String methodName) {
        this.methodName = methodName;
    }

    /** The name of the method in the API. */
    public String methodName() {
        return methodName;
    }

    /** The table itself. */
    public boolean isAdmittedIn(Phase phase) {
        return switch (phase) {
            case UNINITIALIZED -> this == INIT;
            case ACTIVE -> this != INIT;
            case COMPLETED -> this == SAVE || this == DISCARD;
            case PERSISTED -> this == SAVE;
        };
    }
}
