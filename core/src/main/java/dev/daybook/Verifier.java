package dev.daybook;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Chain;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.Position;
import dev.daybook.port.Projection;
import dev.daybook.port.SavedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the journal from its first byte on, trusting nothing that was noted about it, and the saved commits against it. */
final class Verifier {

    private final Journal journal;
    private final Projection projection;
    private final Progress progress;
    private final Map<ExperimentId, Map<Long, Chain>> chains = new HashMap<>();
    private long events;
    private long records;

    Verifier(Journal journal, Projection projection, Progress progress) {
        this.journal = journal;
        this.projection = projection;
        this.progress = progress;
    }

    Verification verify() {
        // asked first: what a commit records is in the journal before it
        var saved = Daybook.saved(projection, progress);
        var generations = afresh();
        var catalog = new Catalog(() -> generations, new Counting(generations.size()));
        catalog.catchUp();
        var problems = new ArrayList<>(catalog.damage());
        long commits = compare(catalog, saved, problems);
        return new Verification(generations.size(), chains.size(), events, records, commits, problems);
    }

    /** One experiment: the same, as far as it has a part in it. */
    Verification verify(ExperimentId id) {
        var saved = Daybook.saved(projection, progress).stream()
                .filter(record -> record.id().equals(Optional.of(id)))
                .toList();
        var generations = afresh();
        var catalog = new Catalog(() -> generations, id, new Counting(generations.size()));
        catalog.catchUp();
        var problems = new ArrayList<String>();
        catalog.find(id)
                .filter(stream -> !catalog.isPartlyDeleted(id))
                .ifPresent(stream -> problems.addAll(stream.damage()));
        long commits = compare(catalog, saved, problems);
        long parts = catalog.find(id).stream()
                .flatMap(stream -> stream.stretches().stream())
                .map(Stream.Stretch::generation)
                .distinct()
                .count();
        return new Verification(parts, chains.size(), events, records, commits, problems);
    }

    private List<Generation> afresh() {
        return journal.generations().stream().map(Generation::afresh).toList();
    }

    /** How many commits there was something to compare with. */
    private long compare(Catalog catalog, List<SavedRecord> saved, List<String> problems) {
        long compared = 0;
        long done = 0;
        for (var record : saved) {
            progress.at("checking commits", done++, saved.size(), Progress.Unit.ITEMS);
            var witness = record.id().isPresent() ? projection.witness(record) : Optional.<Projection.Witness>empty();
            var links = witness.map(Projection.Witness::id).map(chains::get);
            if (witness.isPresent()
                    && links.isPresent()
                    && !catalog.isPartlyDeleted(witness.get().id())) {
                compared++;
                var link = links.get().get(witness.get().events());
                if (!witness.get().chain().equals(link)) {
                    problems.add("experiment '" + record.name() + "': its commit " + record.commit() + " records "
                            + witness.get().events() + " events with another chain than the journal has");
                }
            }
        }
        return compared;
    }

    /** Counts, and remembers the links. */
    private final class Counting implements Catalog.Observer {

        private final int generations;
        private final Set<String> begun = new HashSet<>();

        private Counting(int generations) {
            this.generations = generations;
        }

        @Override
        public void reads(Generation generation) {
            if (begun.add(generation.name())) {
                progress.at("checking the journal", begun.size() - 1L, generations, Progress.Unit.ITEMS);
            }
        }

        @Override
        public void event(Entry entry) {
            events++;
            chains.computeIfAbsent(entry.id(), id -> new HashMap<>())
                    .put(entry.tail().events(), entry.chain());
        }

        @Override
        public void metric(Position position, int slot, int metric, long step, double value, long epochMilli) {
            records++;
        }
    }
}
