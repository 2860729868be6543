package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * Finds in trees what says where data are: DVC's {@code dvc.yaml}, {@code dvc.lock} and {@code *.dvc}, and {@code .gitattributes}. Each tree is
 * read once, whatever number of experiments have it. Thread-safe.
 */
final class DvcFiles {

    static final String PIPELINE = "dvc.yaml";
    static final String LOCK = "dvc.lock";
    static final String ATTRIBUTES = ".gitattributes";

    /** A tree that is deeper was made to harm. */
    private static final int MOST_LEVELS = 500;

    private static final int SHORTEST = ".dvc".length();

    private final Map<ObjectId, List<Place>> places = new ConcurrentHashMap<>();

    /** Where a file stands in a tree, and its blob. */
    record Place(String path, ObjectId blob) {

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** Empty for the root, else with a {@code /} at the end. */
        String folder() {
            return path.substring(0, path.lastIndexOf('/') + 1);
        }

        /** The path of what says more of the data that this refers to, if it is a {@code dvc.lock}. */
        Optional<String> pipeline() {
            return name().equals(LOCK) ? Optional.of(folder() + PIPELINE) : Optional.empty();
        }

        private Place under(String folder) {
            return new Place(folder + "/" + path, blob);
        }
    }

    /** What the data are known by that a file refers to: beside a {@code dvc.lock} stands what says more of it. */
    record Pointer(Place file, Optional<ObjectId> dvcYaml) {}

    /** Spares the reading of a tree in which nothing is that the caller wants. */
    void skip(ObjectId tree) {
        places.put(tree, List.of());
    }

    /**
     * Those of a tree, in Git's order.
     *
     * @throws org.eclipse.jgit.errors.MissingObjectException if a folder is not here, as in a partial clone
     */
    List<Place> of(ObjectReader reader, ObjectId tree) throws IOException {
        return of(reader, tree, 0);
    }

    private List<Place> of(ObjectReader reader, ObjectId tree, int level) throws IOException {
        var known = places.get(tree);
        if (known != null) {
            return known;
        }
        if (level > MOST_LEVELS) {
            throw new IOException("the tree " + tree.name() + " lies deeper than " + MOST_LEVELS + " folders");
        }
        var found = new ArrayList<Place>();
        var parser = new CanonicalTreeParser();
        for (parser.reset(reader, tree); !parser.eof(); parser.next()) {
            int type = parser.getEntryRawMode() & FileMode.TYPE_MASK;
            if (type == FileMode.TYPE_TREE) {
                var below = of(reader, parser.getEntryObjectId(), level + 1);
                if (!below.isEmpty() && !parser.getEntryPathString().equals(".dvc")) {
                    var name = parser.getEntryPathString();
                    below.forEach(place -> found.add(place.under(name)));
                }
            } else if (type == FileMode.TYPE_FILE && mayBeOne(parser)) {
                var name = parser.getEntryPathString();
                if (name.equals(PIPELINE) || name.equals(ATTRIBUTES) || DvcOutputs.isPointer(name)) {
                    found.add(new Place(name, parser.getEntryObjectId()));
                }
            }
        }
        var all = List.copyOf(found);
        places.put(tree.copy(), all);
        return all;
    }

    /** By its end alone, which is quicker than its name. */
    private static boolean mayBeOne(CanonicalTreeParser parser) {
        int length = parser.getNameLength();
        if (length <= SHORTEST) {
            return false;
        }
        var path = parser.getEntryPathBuffer();
        int end = parser.getEntryPathLength();
        byte last = path[end - 1];
        return last == 'c' && path[end - 2] == 'v' && path[end - 3] == 'd'
                || last == 'k' && path[end - 2] == 'c' && path[end - 3] == 'o'
                || last == 'l' && path[end - 2] == 'm' && path[end - 3] == 'a'
                || last == 's' && path[end - 2] == 'e' && path[end - 3] == 't';
    }
}
