package dev.daybook.benchmarks;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import java.nio.file.Path;

/** A fork of {@link SaveBenchmark}: runs experiments one after the other. */
final class SaveFork {

    private static final int VALUES = 10;

    private SaveFork() {}

    /** Arguments: repository, how many to warm up with, how many to time. */
    public static void main(String[] args) {
        int warmUp = Integer.parseInt(args[1]);
        int timed = Integer.parseInt(args[2]);
        var samples = new Samples();
        try (var daybook =
                Daybook.open(Path.of(args[0]), DaybookOptions.defaults().withWarnings(warning -> {}))) {
            for (int number = 0; number < warmUp; number++) {
                run(daybook, number);
            }
            for (int number = warmUp; number < warmUp + timed; number++) {
                samples.add(run(daybook, number));
            }
        }
        var figures = new Figures();
        for (var name : new String[] {"init", "save", "whole"}) {
            figures.put(name, samples.median(name));
        }
        figures.print(System.out);
    }

    private static Figures run(Daybook daybook, int number) {
        long begun = System.nanoTime();
        var run = daybook.experiment("run-" + number).init();
        long initialized = System.nanoTime();
        run.setParam("lr", number / 1000.0);
        var loss = run.metric("loss");
        for (int step = 0; step < VALUES; step++) {
            loss.log(step, 1.0 / (number + step + 1));
        }
        long logged = System.nanoTime();
        run.save();
        long end = System.nanoTime();
        var figures = new Figures();
        figures.put("init", initialized - begun);
        figures.put("save", end - logged);
        figures.put("whole", end - begun);
        return figures;
    }
}
