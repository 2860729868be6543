package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.Params;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The experiments of a Daybook as the commands look them up. */
final class Experiments {

    /** What still needs somebody first, then the newest. */
    private static final Comparator<ExperimentSummary> ORDER = Comparator.comparing(
                    Status::isUnfinished, Comparator.reverseOrder())
            .thenComparing(ExperimentSummary::time, Comparator.reverseOrder())
            .thenComparing(ExperimentSummary::name);

    private static final int MOST_NAMES = 3;

    private Experiments() {}

    static List<ExperimentSummary> sorted(Daybook daybook) {
        return daybook.experiments().stream().sorted(ORDER).toList();
    }

    /** By name, or the saved one by its whole ref. */
    static List<ExperimentSummary> named(Daybook daybook, String name) {
        return sorted(daybook).stream()
                .filter(summary -> summary.name().equals(name)
                        || summary.ref().filter(name::equals).isPresent())
                .toList();
    }

    /** An experiment to save or discard. */
    static Experiment requireUnfinished(Daybook daybook, String name) {
        return daybook.find(name).orElseThrow(() -> noSuch(daybook, name));
    }

    private static NoSuchExperimentException noSuch(Daybook daybook, String name) {
        var saved = named(daybook, name).stream()
                .flatMap(summary -> summary.ref().stream())
                .findFirst();
        return new NoSuchExperimentException(saved.map(ref -> "experiment '" + name + "' is saved already, as " + ref)
                        .orElse("there is no unfinished experiment '" + name + "' in this repository")
                + unfinished(sorted(daybook)));
    }

    /** The end of a sentence about a name that did not fit. */
    static String unfinished(List<ExperimentSummary> experiments) {
        var names = experiments.stream()
                .filter(Status::isUnfinished)
                .map(summary -> "'" + summary.name() + "'")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "; none is unfinished" : "; unfinished are " + names;
    }

    /** Where parameters come from, by key, as far as that is known. */
    static Map<String, Params.Origin> origins(Params params, Collection<String> keys) {
        var origins = new LinkedHashMap<String, Params.Origin>();
        keys.forEach(key -> params.origin(key).ifPresent(origin -> origins.put(key, origin)));
        return origins;
    }

    /** Says what cannot be read, of the journal and of these experiments, each thing once. */
    static void warnOfDamage(Daybook daybook, List<ExperimentSummary> experiments, Terminal terminal) {
        warnOfDamage(daybook.damage(), experiments.stream().map(Row::of).toList(), terminal);
    }

    /**
     * As {@link #warnOfDamage(Daybook, List, Terminal)}.
     *
     * @param damage what is damaged in the journal
     */
    static void warnOfDamage(List<String> damage, List<Row> rows, Terminal terminal) {
        new LinkedHashSet<>(damage).forEach(terminal::warning);
        var named = new LinkedHashMap<String, List<String>>();
        for (var row : rows) {
            for (var problem : row.problems()) {
                if (!damage.contains(problem)) {
                    named.computeIfAbsent(problem, first -> new ArrayList<>()).add(row.name());
                }
            }
        }
        named.forEach((problem, names) -> terminal.warning(subject(names) + ": " + problem));
    }

    /** A file that everybody has may be wrong for everybody. */
    private static String subject(List<String> names) {
        int shown = Math.min(names.size(), MOST_NAMES);
        var quoted =
                names.subList(0, shown).stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return (names.size() == 1 ? "experiment " : "experiments ")
                + quoted
                + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }
}
