package dev.daybook.git;

import dev.daybook.ChildProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Renames, replaces, removes, brings back, branches off and notes experiments until it is killed; says beforehand what, and afterwards that it is done. */
final class VerbCrashChild {

    /** What is collected is older; what the child removes is not. */
    static final Duration AGE = Duration.ofDays(1);

    private static final int FEW = 5;

    private static final List<String> VERBS = List.of(
            "rename", "rename", "replace", "replace", "remove", "remove", "restore", "restore", "restore", "branch",
            "tag", "untag", "note", "gc");

    private final SavedExperiments saved;
    private final Path log;
    private final Random random;
    private final Map<String, String> names = new HashMap<>();
    private final List<String> removed = new ArrayList<>();

    /** Tags by commits. */
    private final Map<String, List<String>> tags = new HashMap<>();

    private VerbCrashChild(SavedExperiments saved, Path log, Random random) {
        this.saved = saved;
        this.log = log;
        this.random = random;
    }

    /** {@code REPOSITORY LOG SEED}. */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        try (var saved = SavedExperiments.open(Path.of(args[0]))) {
            new VerbCrashChild(saved, Path.of(args[1]), new Random(Long.parseLong(args[2]))).run();
        }
    }

    private void run() throws IOException {
        saved.all().forEach(each -> names.put(each.name(), each.commit().orElseThrow()));
        saved.removed().stream()
                .map(RemovedExperiment::name)
                .filter(name -> !name.startsWith("gone"))
                .forEach(removed::add);
        for (int i = 0; ; i++) {
            step(VERBS.get(random.nextInt(VERBS.size())), i + "-" + random.nextInt(1_000_000));
        }
    }

    /** @param fresh a word that was never used */
    private void step(String verb, String fresh) throws IOException {
        var present = List.copyOf(names.keySet());
        var all = verb.equals("restore") ? removed : present;
        if (all.isEmpty()) {
            return;
        }
        var name = all.get(random.nextInt(all.size()));
        var tagged = tags.getOrDefault(names.getOrDefault(name, ""), List.of());
        var other = present.get(random.nextInt(present.size()));
        boolean isIdle = switch (verb) {
            // of few experiments none is taken away, and of one name one at most
            case "remove" -> isScarce(name);
            case "replace" -> other.equals(name) || isScarce(other);
            case "restore" -> names.containsKey(name);
            case "untag" -> tagged.isEmpty();
            default -> false;
        };
        if (isIdle) {
            return;
        }
        var word = switch (verb) {
            case "rename" -> "n" + fresh;
            case "replace" -> other;
            case "untag" -> tagged.get(random.nextInt(tagged.size()));
            default -> fresh;
        };
        log("begin " + verb + " " + name + " " + word);
        run(verb, name, word);
        log("done");
    }

    private boolean isScarce(String name) {
        return names.size() < FEW || removed.contains(name);
    }

    private void run(String verb, String name, String word) {
        switch (verb) {
            case "rename" -> {
                saved.rename(name, word, false);
                names.put(word, names.remove(name));
            }
            case "replace" -> {
                saved.rename(name, word, true);
                names.put(word, names.remove(name));
                removed.add(word);
            }
            case "remove" -> {
                saved.remove(name);
                names.remove(name);
                removed.add(name);
            }
            case "restore" -> {
                names.put(name, saved.restore(name).commit());
                removed.remove(name);
            }
            case "branch" -> saved.branch(name, "b/" + word);
            case "tag" -> {
                saved.tag(name, word);
                tags.computeIfAbsent(names.get(name), none -> new ArrayList<>()).add(word);
            }
            case "untag" -> {
                saved.untag(name, word);
                tags.values().forEach(each -> each.remove(word));
            }
            case "note" -> saved.note(name, word);
            default -> saved.collect(AGE, false);
        }
    }

    private void log(String line) throws IOException {
        Files.writeString(
                log, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
