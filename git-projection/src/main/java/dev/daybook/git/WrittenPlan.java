package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a change of the work tree does, in a file that outlives the process:
 *
 * <pre>
 *   COMMIT NUL
 *   D PATH NUL BEFORE NUL    the file goes
 *   W PATH NUL BEFORE NUL    another one comes; steps count from 0
 *   K REF NUL NUL            at the end, so that a Daybook that does not know it takes it for a file that has come already
 * </pre>
 *
 * @param commit what is applied
 * @param kept the ref that holds what is overwritten and is nowhere else; empty also in plans of Daybooks that did not write it
 */
record WrittenPlan(String commit, List<Step> steps, Optional<String> kept) {

    private static final char DELETE = 'D';
    private static final char WRITE = 'W';
    private static final char KEPT = 'K';
    private static final char END = '\0';

    /**
     * A file that comes or goes.
     *
     * @param before what stood there, as {@link WorkTreeChange#text} says it
     */
    record Step(int number, boolean isDeletion, String path, String before) {}

    /** The file is there at once, and on disk. */
    static void write(Path file, String commit, List<WorkTreeStep> steps, Optional<String> kept) throws IOException {
        var plan = new StringBuilder(commit).append(END);
        for (var step : steps) {
            plan.append(step.isDeletion() ? DELETE : WRITE).append(step.path()).append(END);
            plan.append(WorkTreeChange.text(step.before())).append(END);
        }
        kept.ifPresent(ref -> plan.append(KEPT).append(ref).append(END).append(END));
        var draft = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), plan, StandardCharsets.UTF_8);
        Durable.force(draft);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static WrittenPlan read(Path file) throws IOException {
        var plan = words(file);
        var steps = new ArrayList<Step>();
        var kept = Optional.<String>empty();
        for (int at = 1; at + 1 < plan.length; at += 2) {
            char kind = plan[at].charAt(0);
            var what = plan[at].substring(1);
            if (kind == KEPT) {
                kept = Optional.of(what);
            } else {
                steps.add(new Step(steps.size(), kind == DELETE, what, plan[at + 1]));
            }
        }
        return new WrittenPlan(plan[0], steps, kept);
    }

    /** What a plan applies, whatever else it says. */
    static String commit(Path file) throws IOException {
        return words(file)[0];
    }

    private static String[] words(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).split(String.valueOf(END), -1);
    }
}
