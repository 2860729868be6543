package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.lifecycle.Event.ExperimentDiscarded;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.ExperimentPersisted;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.JournalProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the experiments of a repository, as its journal has them from the first byte on, and looks for each of them. What Daybook itself
 * lists as saved comes from refs: an experiment without one would be missed by nobody.
 */
final class Census {

    private final Map<ExperimentId, String> begun = new LinkedHashMap<>();
    private final Map<ExperimentId, ExperimentPersisted> persisted = new LinkedHashMap<>();
    private final Set<ExperimentId> discarded = new LinkedHashSet<>();

    private Census() {}

    /**
     * Each experiment that was begun is in one place: unfinished, saved under one ref, or discarded; and the journal agrees with the commits.
     *
     * @param repo where nothing was renamed, removed, replaced or fetched
     * @param daybook is open on it
     * @param begun names of experiments of which is known that they were begun, perhaps not of all
     */
    static void assertEachIsInOnePlace(GitRepo repo, Daybook daybook, Collection<String> begun, String where) {
        assertEachIsInOnePlace(repo, daybook, begun, Set.of(), where);
    }

    /** @param collected names of saved experiments that have no journal any more */
    static void assertEachIsInOnePlace(
            GitRepo repo, Daybook daybook, Collection<String> begun, Set<String> collected, String where) {
        var census = of(repo);
        assertThat(census.begun.values()).as(where).containsAll(begun);
        assertThat(census.kept()).as(where).doesNotHaveDuplicates();

        var refs = refs(repo);
        var recorded = new TreeMap<>(refs);
        recorded.keySet().removeIf(ref -> collected.contains(ExperimentRefs.name(ref)));
        assertThat(census.refs())
                .as(where + ": what is saved, as journal and refs have it")
                .isEqualTo(recorded);
        assertThat(refs.values()).as(where + ": the commits of the refs").doesNotHaveDuplicates();

        var listed = new ArrayList<String>();
        var found = new ArrayList<String>();
        for (var each : daybook.experiments()) {
            if (each.status() == Status.PERSISTED) {
                listed.add(each.ref().orElseThrow());
            } else {
                found.add(each.name());
            }
        }
        assertThat(listed).as(where + ": what is listed as saved").containsExactlyInAnyOrderElementsOf(refs.keySet());
        census.persisted.keySet().forEach(id -> found.add(census.begun.get(id)));
        census.discarded.forEach(id -> found.add(census.begun.get(id)));
        assertThat(found)
                .as(where + ": where what was begun is")
                .containsExactlyInAnyOrderElementsOf(census.begun.values());

        var verification = daybook.verify();
        assertThat(verification.problems()).as(where).isEmpty();
        assertThat(verification.commits())
                .as(where + ": commits of what is in the journal")
                .isEqualTo(recorded.size());
    }

    private static Census of(GitRepo repo) {
        var census = new Census();
        var provider = ServiceLoader.load(JournalProvider.class).findFirst().orElseThrow();
        try (var journal = provider.open(repo.top.resolve(".git/daybook/journal"), true)) {
            for (var generation : journal.generations()) {
                generation.afresh().read(0, census.new Counting());
            }
        }
        return census;
    }

    private final class Counting implements EntrySink {

        @Override
        public boolean event(Entry entry) {
            if (entry.event() instanceof ExperimentInitialized event) {
                assertThat(begun.put(entry.id(), event.name()))
                        .as("begun twice")
                        .isNull();
            } else if (entry.event() instanceof ExperimentPersisted event) {
                assertThat(persisted.put(entry.id(), event))
                        .as("saved twice: " + event)
                        .isNull();
            } else if (entry.event() instanceof ExperimentDiscarded) {
                assertThat(discarded.add(entry.id())).as("discarded once").isTrue();
            }
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {}

        @Override
        public void released(ExperimentId id) {}
    }

    /** The names of those that were not discarded: what was gives its name back. */
    private Collection<String> kept() {
        var kept = new LinkedHashMap<>(begun);
        kept.keySet().removeAll(discarded);
        return kept.values();
    }

    /** Commits by the refs that are to have them. */
    private Map<String, String> refs() {
        var refs = new TreeMap<String, String>();
        persisted
                .values()
                .forEach(event -> assertThat(refs.put(event.ref(), event.commit()))
                        .as("two are saved as " + event.ref())
                        .isNull());
        return refs;
    }

    /** The same, as git has them. */
    static Map<String, String> refs(GitRepo repo) {
        var refs = new TreeMap<String, String>();
        for (var line : repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/exps")
                .lines()
                .toList()) {
            var parts = line.split(" ", -1);
            refs.put(parts[0], parts[1]);
        }
        return refs;
    }
}
