package dev.daybook;

import dev.daybook.lifecycle.Event.CheckpointMade;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.port.Projection.Recorded;
import java.util.ArrayList;
import java.util.List;

/**
 * A checkpoint of an experiment: a commit that holds its code, parameters and metrics at that moment, of long series a sample. A new
 * experiment can {@link Daybook#resumeFrom(String, int) begin with it}.
 *
 * @param number counts from 1 within the experiment
 * @param commit 40 hex digits
 */
public record Checkpoint(int number, String commit, String message) {

    /** All that a saved experiment's commit tells of, oldest first. */
    static List<Checkpoint> of(List<Recorded> history) {
        var checkpoints = new ArrayList<Checkpoint>();
        for (var event : history) {
            if (event.kind().equals(CheckpointMade.class.getSimpleName())) {
                var details = event.details();
                checkpoints.add(new Checkpoint(
                        checkpoints.size() + 1,
                        String.valueOf(details.get("commit")),
                        String.valueOf(details.get("message"))));
            }
        }
        return checkpoints;
    }

    /** All of an experiment so far, oldest first. */
    static List<Checkpoint> of(ExperimentData data) {
        return data.checkpoints()
                .zipWithIndex((made, i) -> new Checkpoint(i + 1, made.commit(), made.message()))
                .asJava();
    }
}
