package dev.daybook.benchmarks;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The goals of a benchmark: each a measured figure and its bound, printed as a line. Not thread-safe. */
final class Goals {

    private record Goal(String name, double measured, double bound, boolean isMet) {

        String line() {
            return "goal " + name + " measured=" + plain(measured) + " bound=" + plain(bound)
                    + (isMet ? " ok" : " short");
        }
    }

    private final List<Goal> goals = new ArrayList<>();

    // What is no number meets no bound.

    void atMost(String name, double measured, double bound) {
        goals.add(new Goal(name, measured, bound, measured <= bound));
    }

    void below(String name, double measured, double bound) {
        goals.add(new Goal(name, measured, bound, measured < bound));
    }

    void atLeast(String name, double measured, double bound) {
        goals.add(new Goal(name, measured, bound, measured >= bound));
    }

    List<String> lines() {
        return goals.stream().map(Goal::line).toList();
    }

    boolean areMet() {
        return goals.stream().allMatch(Goal::isMet);
    }

    /**
     * Prints the lines.
     *
     * @param isSmoke whether the run was too short for its figures to mean anything
     * @return the exit code: 1 if a goal is short, but never in a smoke test
     */
    int report(PrintStream out, boolean isSmoke) {
        out.println();
        lines().forEach(out::println);
        if (isSmoke) {
            out.println(
                    "smoke: so short a run measures nothing, so a short goal does not fail it; only what does not work does");
        }
        return isSmoke || areMet() ? 0 : 1;
    }

    /** Four digits, which no bound here is finer than. */
    private static String plain(double figure) {
        return Double.isFinite(figure)
                ? new BigDecimal(figure)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString()
                : String.valueOf(figure);
    }
}
