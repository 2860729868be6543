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
    private final Set<ExperimentId> experiments = new HashSet<>();

    /** Those that commits record, as the journal has them; of all others nothing is kept. */
    private final Map<Place, Optional<Chain>> links = new HashMap<>();

    private long events;
    private long records;

    /** Behind so many events of an experiment. */
    private record Place(ExperimentId id, long events) {}

    /** A commit, and the link that it records. */
    private record Claim(SavedRecord commit, Place place, Chain chain) {}

    Verifier(Journal journal, Projection projection, Progress progress) {
        this.journal = journal;
        this.projection = projection;
        this.progress = progress;
    }

    Verification verify() {
        // asked first: what a commit records is in the journal before it
        var claims = claims(Daybook.saved(projection, progress));
        var generations = afresh();
        var catalog = new Catalog(() -> generations, new Counting(generations.size()));
        catalog.catchUp();
        var problems = new ArrayList<>(catalog.damage());
        long commits = compare(catalog, claims, problems);
        return new Verification(generations.size(), experiments.size(), events, records, commits, problems);
    }

    /** One experiment: the same, as far as it has a part in it. */
    Verification verify(ExperimentId id) {
        var claims = claims(Daybook.saved(projection, progress).stream()
                .filter(record -> record.id().equals(Optional.of(id)))
                .toList());
        var generations = afresh();
        var catalog = new Catalog(() -> generations, id, new Counting(generations.size()));
        catalog.catchUp();
        var problems = new ArrayList<String>();
        catalog.find(id)
                .filter(stream -> !catalog.isPartlyDeleted(id))
                .ifPresent(stream -> problems.addAll(stream.damage()));
        long commits = compare(catalog, claims, problems);
        long parts = catalog.find(id).stream()
                .flatMap(stream -> stream.stretches().stream())
                .map(Stream.Stretch::generation)
                .distinct()
                .count();
        return new Verification(parts, experiments.size(), events, records, commits, problems);
    }

    private List<Generation> afresh() {
        return journal.generations().stream().map(Generation::afresh).toList();
    }

    /** What the commits record, read before the journal is: so that it is known which links to keep. */
    private List<Claim> claims(List<SavedRecord> saved) {
        var claims = new ArrayList<Claim>();
        long done = 0;
        for (var record : saved) {
            progress.at("checking commits", done++, saved.size(), Progress.Unit.ITEMS);
            if (record.id().isPresent()) {
                projection
                        .witness(record)
                        .map(witness -> new Claim(record, new Place(witness.id(), witness.events()), witness.chain()))
                        .ifPresent(claims::add);
            }
        }
        claims.forEach(claim -> links.put(claim.place(), Optional.empty()));
        return claims;
    }

    /** How many commits there was something to compare with. */
    private long compare(Catalog catalog, List<Claim> claims, List<String> problems) {
        long compared = 0;
        for (var claim : claims) {
            var place = claim.place();
            if (experiments.contains(place.id()) && !catalog.isPartlyDeleted(place.id())) {
                compared++;
                if (!Optional.of(claim.chain()).equals(links.get(place))) {
                    problems.add("experiment '" + claim.commit().name() + "': its commit "
                            + claim.commit().commit() + " records " + place.events()
                            + " events with another chain than the journal has");
                }
            }
        }
        return compared;
    }

    /** Counts, and remembers the links that are asked for. */
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
            experiments.add(entry.id());
            links.replace(new Place(entry.id(), entry.tail().events()), Optional.of(entry.chain()));
        }

        @Override
        public void metric(Position position, int slot, int metric, long step, double value, long epochMilli) {
            records++;
        }
    }
}
