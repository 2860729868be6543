package dev.daybook.git;

import dev.daybook.ChildProgram;
import dev.daybook.Daybook;
import dev.daybook.Experiment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the child JVMs of {@link CrashIT} do until they are killed. */
final class CrashChild {

    static final int GO_ON = 0;
    static final int TAKE_OVER = 1;
    static final int STOP = 2;

    static final int VALUES_PER_SAVED = 7;
    static final int AFTER_TAKEOVER = 10;

    static final String BEGUN = "begun";

    private static final int PARAM_EVERY = 61;
    private static final int CHECKPOINT_EVERY = 2_003;

    private CrashChild() {}

    /** {@code log REPOSITORY ACKS NAME [VICTIM]}, {@code checkpoint REPOSITORY ACKS NAME} or {@code save REPOSITORY FILE PREFIX}. */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        try (var daybook = Daybook.open(Path.of(args[1]))) {
            if (args[0].equals("log")) {
                log(daybook, new Acks(Path.of(args[2])), args[3], args[args.length - 1]);
            } else if (args[0].equals("checkpoint")) {
                checkpoint(daybook, new Acks(Path.of(args[2])), args[3]);
            } else {
                save(daybook, Path.of(args[2]), args[3]);
            }
        }
    }

    /** The value that a metric has at a step. */
    static double value(long step) {
        return step == 0 ? Double.NaN : 1.0 / step;
    }

    private static void log(Daybook daybook, Acks acks, String name, String victim) {
        var run = daybook.experiment(name).init();
        var loss = run.metric("loss");
        for (long step = 0; acks.get(Acks.ORDER) != STOP; step++) {
            loss.log(step, value(step));
            acks.increment(Acks.METRICS);
            if (step % PARAM_EVERY == 0) {
                run.setParam("step", step);
                acks.set(Acks.PARAMS, step);
            }
            if (step % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1) {
                run.makeCheckpoint("at " + step);
                acks.increment(Acks.CHECKPOINTS);
            }
            if (acks.get(Acks.ORDER) == TAKE_OVER && acks.get(Acks.TAKEN_OVER) == 0) {
                takeOver(daybook.resume(victim));
                acks.set(Acks.TAKEN_OVER, 1);
            }
        }
        run.save();
    }

    /** Checkpoints without end, each after one value: the message says which. */
    private static void checkpoint(Daybook daybook, Acks acks, String name) {
        var run = daybook.find(name)
                .map(Experiment::resume)
                .orElseGet(() -> daybook.experiment(name).init());
        for (long number = run.checkpoints().size(); acks.get(Acks.ORDER) != STOP; number++) {
            run.logMetric("loss", number, value(number));
            run.makeCheckpoint("at " + number);
            acks.increment(Acks.CHECKPOINTS);
        }
    }

    private static void takeOver(Experiment victim) {
        for (int i = 0; i < AFTER_TAKEOVER; i++) {
            victim.logMetric("loss", -i, i);
        }
        victim.save();
    }

    /** Appends a line per experiment that is begun, {@code BEGUN name}, and per one that is saved, {@code name ref commit}. */
    private static void save(Daybook daybook, Path file, String prefix) throws IOException {
        try (var acks = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; ; i++) {
                int number = i;
                var saved = daybook.run(prefix + i, run -> {
                            append(acks, BEGUN + " " + run.name());
                            run.setParam("number", number);
                            for (long step = 0; step < VALUES_PER_SAVED; step++) {
                                run.logMetric("loss", step, value(step));
                            }
                            if (number % 2 == 1) {
                                run.makeCheckpoint("half");
                            }
                        })
                        .orElseThrow();
                append(acks, saved.name() + " " + saved.ref() + " " + saved.commit());
            }
        }
    }

    private static void append(FileChannel file, String line) throws IOException {
        file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
