package dev.daybook.git;

import dev.daybook.port.Projection;
import dev.daybook.port.SavedRecord;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/** All saved experiments of a repository: what is in the cache from there, the rest out of their commits. */
final class SavedRecords {

    private final Repository repository;
    private final SavedRecordCache cache;

    SavedRecords(Repository repository) {
        this(repository, SavedRecordCache.of(repository));
    }

    SavedRecords(Repository repository, SavedRecordCache cache) {
        this.repository = repository;
        this.cache = cache;
    }

    /**
     * In the order of the refs.
     *
     * @param counter is told of those that have to be read
     */
    List<SavedRecord> of(List<Ref> refs, Projection.Counter counter) {
        var known = cache.read();
        var used = new ArrayList<SavedName>(refs.size());
        var fresh = new ArrayList<SavedRecord>();
        var records = new ArrayList<SavedRecord>(refs.size());
        try (var reading = new SavedReading(repository)) {
            for (var ref : refs) {
                var saved = SavedName.of(ref);
                var found = known.find(saved);
                if (found.isPresent()) {
                    used.add(saved);
                    records.add(found.get());
                } else {
                    counter.at(records.size(), refs.size());
                    var read = SavedReader.read(reading, saved);
                    records.add(read.record());
                    if (read.isForEver()) {
                        fresh.add(read.record());
                    }
                }
            }
        }
        cache.keep(known, used, fresh);
        return records;
    }
}
