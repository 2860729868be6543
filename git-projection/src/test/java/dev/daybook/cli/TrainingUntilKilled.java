package dev.daybook.cli;

import dev.daybook.Daybook;
import java.nio.file.Path;

/** A training loop that ends only when it is killed. Prints after each call how many metric values are acknowledged. */
final class TrainingUntilKilled {

    private TrainingUntilKilled() {}

    /** Takes the repository and the experiment's name. */
    public static void main(String[] args) {
        var run = Daybook.open(Path.of(args[0])).experiment(args[1]).init().setParam("lr", 0.25);
        var loss = run.metric("loss");
        for (long step = 0; ; step++) {
            loss.log(step, 1.0 / (step + 1));
            System.out.println(step + 1);
        }
    }
}
