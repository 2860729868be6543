package dev.daybook.examples;

import dev.daybook.ExperimentSummary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the sweep has found: the experiments compared, best first, and what can be done with them now. */
final class Report {

    private static final List<String> PARAMS = List.of("model.kind", "optimizer.learningRate", "epochs");
    private static final List<String> METRICS = List.of("train/loss", Training.CHOOSE_BY, "val/f1", Training.JUDGE_BY);

    private final Path repository;
    private final List<ExperimentSummary> bestFirst;
    private final Training training;

    /** @param experiments as {@link dev.daybook.Daybook#experiments} lists them */
    Report(Path repository, List<ExperimentSummary> experiments, Training training) {
        this.repository = repository;
        this.training = training;
        bestFirst = experiments.stream()
                .filter(experiment -> experiment.ref().isPresent())
                .sorted(Comparator.comparingDouble(Report::score).reversed().thenComparing(ExperimentSummary::name))
                .toList();
    }

    private static double score(ExperimentSummary experiment) {
        return experiment.metrics().get(Training.CHOOSE_BY) instanceof Number score ? score.doubleValue() : 0;
    }

    void print(PrintStream out) {
        out.printf(
                "%nBest first, by %s: on %d digits that were kept out of the training. The best of many is a little lucky%n"
                        + "there; %s, on %d more digits that took no part in the choice, says how good it is.%n%n",
                Training.CHOOSE_BY, training.validationSize(), Training.JUDGE_BY, training.testSize());
        printTable(out);
        out.printf("%nEach is a commit on a ref; the work tree, the index and the branch are as they were:%n%n");
        bestFirst.forEach(experiment -> out.println("  " + ref(experiment)));
        out.printf("%nTry next, in the folder of Daybook's own pom.xml:%n%n");
        String folder = quoted(repository);
        var best = bestFirst.get(0);
        var worst = bestFirst.get(bestFirst.size() - 1);
        out.printf("  git -C %s log --oneline %s%n", folder, ref(best));
        out.printf("  dvc --cd %s exp show%n", folder);
        String daybook = "git-projection/target/daybook -C " + folder;
        out.printf("  %s list%n", daybook);
        out.printf("  %s diff %s %s%n", daybook, worst.name(), best.name());
        out.printf("  %s apply %s%n", daybook, best.name());
    }

    private static String ref(ExperimentSummary experiment) {
        return experiment.ref().orElseThrow();
    }

    private void printTable(PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("experiment", PARAMS.stream().map(Report::lastPart).toList(), METRICS));
        for (ExperimentSummary experiment : bestFirst) {
            rows.add(row(
                    experiment.name(),
                    PARAMS.stream()
                            .map(name -> String.valueOf(experiment.params().get(name)))
                            .toList(),
                    METRICS.stream()
                            .map(name -> rounded(experiment.metrics().get(name)))
                            .toList()));
        }
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append("  ").append(padded(row.get(column), widths[column], column == 0));
            }
            out.println(line);
        }
    }

    private static List<String> row(String name, List<String> params, List<String> metrics) {
        List<String> row = new ArrayList<>();
        row.add(name);
        row.addAll(params);
        row.addAll(metrics);
        return row;
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static String rounded(@Nullable Object value) {
        return value instanceof Number number ? String.format(Locale.ROOT, "%.4f", number.doubleValue()) : "-";
    }

    private static String padded(String text, int width, boolean toTheLeft) {
        String spaces = " ".repeat(width - text.length());
        return toTheLeft ? text + spaces : spaces + text;
    }

    /** For a POSIX shell. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
