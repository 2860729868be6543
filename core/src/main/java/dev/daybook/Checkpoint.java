package dev.daybook;

import dev.daybook.lifecycle.ExperimentData;
import java.util.List;

/**
 * A checkpoint of an experiment: a commit that holds its code, parameters and metrics at that moment.
 *
 * @param number counts from 1 within the experiment
 * @param commit 40 hex digits
 */
public record Checkpoint(int number, String commit, String message) {

    /** All of an experiment so far, oldest first. */
    static List<Checkpoint> of(ExperimentData data) {
        return data.checkpoints()
                .zipWithIndex((made, i) -> new Checkpoint(i + 1, made.commit(), made.message()))
                .asJava();
    }
}
