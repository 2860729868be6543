package dev.daybook.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of the list.
 *
 * @param kind what it shows of an experiment
 * @param name without the kind: {@code loss}
 */
record Column(Kind kind, String name) {

    /** Columns of experiments, in the order in which they stand. */
    enum Kind {
        NAME,
        STATUS,
        TIME,
        BASELINE,
        /** Only where it is asked for. */
        COMMIT,
        /** Only where it is asked for. */
        REF,
        METRIC,
        PARAM
    }

    /** What stands where an experiment has nothing; a parameter may have the value {@code null}, which is something. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "";
        }
    };

    /** What is the same for every experiment; there are as many others as there are metrics and parameters. */
    boolean isFixed() {
        return kind != Kind.METRIC && kind != Kind.PARAM;
    }

    /** Whether it is there without being asked for. */
    boolean isUsual() {
        return kind != Kind.COMMIT && kind != Kind.REF;
    }

    /** The name that no other column has: {@code metrics.loss}. */
    String key() {
        return switch (kind) {
            case METRIC -> "metrics." + name;
            case PARAM -> "params." + name;
            default -> name;
        };
    }

    /** The value, or {@link #ABSENT}. */
    @Nullable
    Object value(Row row) {
        return switch (kind) {
            case NAME -> row.name();
            case STATUS -> row.statusWithOutcome();
            case TIME -> row.time();
            case BASELINE -> row.baseline();
            case COMMIT -> row.commit().<Object>map(commit -> commit).orElse(ABSENT);
            case REF -> row.ref().<Object>map(ref -> ref).orElse(ABSENT);
            case METRIC -> value(row.metrics());
            case PARAM -> value(row.params());
        };
    }

    private @Nullable Object value(Map<String, Object> values) {
        var found = values.get(name);
        return found != null || values.containsKey(name) ? found : ABSENT;
    }
}
