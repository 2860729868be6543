package dev.daybook.git;

import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.ParamValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Writes one experiment into a repository, and says as what: whatever a JVM may write otherwise than another one is in it. */
final class SameCommitChild {

    /** More than a plot shows: the sample of it, and all of it compressed. */
    private static final int POINTS = 120_000;

    /** Those of which JDKs before 19 print other digits, and the ends of what there is. */
    private static final List<Double> NUMBERS = Stream.of(
                    "2.0E-3",
                    "2.2E-322",
                    "1.1E23",
                    "2.0E23",
                    "8.41E21",
                    "9.999999999999999E22",
                    "4.9E-324",
                    "1.7976931348623157E308",
                    "-0.0",
                    "1E16")
            .map(Double::valueOf)
            .toList();

    private SameCommitChild() {}

    /** Argument: the repository. */
    public static void main(String[] args) {
        var repo = new GitRepo(Path.of(args[0]));
        try (var projection = repo.open()) {
            System.out.println(projection
                    .prepare(source(repo.code()), "same", Optional.empty())
                    .commit());
        }
    }

    private static FakeSource source(Code code) {
        var source = FakeSource.of("same", code)
                .param("params.yaml:lr", ParamValue.of(NUMBERS.get(2)))
                .param(
                        "dvclive/params.yaml:TITLE.I",
                        ParamValue.of("\u0130stanbul \u0131i, \u661f \ud83d\ude80, e\u0301"))
                .param(
                        "dvclive/params.yaml:numbers",
                        ParamValue.of(NUMBERS.stream().map(ParamValue::of).toList()));
        for (int i = 0; i < NUMBERS.size(); i++) {
            source.log("I/\u0130i", i, NUMBERS.get(i));
        }
        var random = new Random(1);
        for (int i = 0; i < POINTS; i++) {
            source.log("long", i, Double.longBitsToDouble(random.nextLong()));
        }
        return source.complete();
    }
}
