package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.file.PackIndex;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one pack of fifteen, so that a thousand saves are not a thousand packs: reading would become slow, and git would collect garbage all the
 * time. As git's geometric repacking does, it takes packs of about the same size, so that an object is written again a few times at most.
 *
 * <p>Nothing is lost, whoever else packs or collects meanwhile: only Daybook's own packs are taken, only such as are released, and none is
 * deleted before all it holds is in the new one, on disk.
 */
final class SmallPacks {

    private static final Logger LOG = LoggerFactory.getLogger(SmallPacks.class);

    /** In each of three sizes: git collects garbage by itself when there are more than fifty packs. */
    private static final int TOGETHER = 15;

    private static final long SMALLEST = 64 << 10;
    private static final long LARGEST = 16 << 20;
    private static final int FACTOR = 16;

    private SmallPacks() {}

    /** Merges what there is to merge. A failure costs room and nothing else. */
    static void merge(Repository repository) {
        var objects = repository.getCommonDirectory().toPath().resolve("objects");
        try {
            // it names packs that must not go then
            if (!Files.exists(objects.resolve("pack/multi-pack-index"))) {
                for (var packs : bySize(PackName.released(objects)).values()) {
                    if (packs.size() >= TOGETHER) {
                        merge(repository, packs);
                        return; // merging the merged one is up to its own release
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("small packs in {} are not merged this time: {}", objects, e.toString());
        }
    }

    private static Map<Long, List<PackName>> bySize(List<PackName> packs) throws IOException {
        var all = new TreeMap<Long, List<PackName>>();
        for (var pack : packs) {
            try {
                long size = Files.size(pack.pack());
                long bound = SMALLEST;
                while (bound < size) {
                    bound *= FACTOR;
                }
                if (bound <= LARGEST) {
                    all.computeIfAbsent(bound, any -> new ArrayList<>()).add(pack);
                }
            } catch (NoSuchFileException e) {
                // somebody else has merged it
            }
        }
        return all;
    }

    private static void merge(Repository repository, List<PackName> packs) throws IOException {
        try (var all = new PackedObjects(repository)) {
            var contents = new LinkedHashMap<PackName, List<ObjectId>>();
            for (var pack : packs) {
                var ids = ids(pack);
                contents.put(pack, ids);
                for (var id : ids) {
                    all.take(id);
                }
            }
            all.force();
            var merged = Set.copyOf(ids(all.name()));
            for (var each : contents.entrySet()) {
                if (merged.containsAll(each.getValue())) {
                    each.getKey().delete();
                }
            }
        }
    }

    private static List<ObjectId> ids(PackName pack) throws IOException {
        var ids = new ArrayList<ObjectId>();
        PackIndex.open(pack.index().toFile()).forEach(entry -> ids.add(entry.toObjectId()));
        return ids;
    }
}
