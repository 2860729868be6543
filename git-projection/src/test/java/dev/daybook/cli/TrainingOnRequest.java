package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A training loop over small generations that logs as many values as each line of standard input asks for, and saves when that ends. */
final class TrainingOnRequest {

    private static final long LEAST_GENERATION_BYTES = 1L << 20;

    private TrainingOnRequest() {}

    /** Takes the repository and the experiment's name. */
    public static void main(String[] args) throws IOException {
        var options = DaybookOptions.defaults().withGenerationBytes(LEAST_GENERATION_BYTES);
        try (var daybook = Daybook.open(Path.of(args[0]), options)) {
            var run = daybook.experiment(args[1]).init();
            System.out.println("begun");
            var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            long step = 0;
            for (var request = requests.readLine(); request != null; request = requests.readLine()) {
                for (long end = step + Long.parseLong(request); step < end; step++) {
                    run.logMetric("loss", step, 1.0 / (step + 1));
                }
            }
            run.save();
        }
    }
}
