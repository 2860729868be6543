package dev.daybook.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * Changes a few paths of a tree at the cost of these paths: only the trees on them are read and written, however large the repository is.
 *
 * <p>Entries are put in Git's canonical order, a folder that loses its last entry goes, and what stands in the way of a new path (a file
 * where a folder is needed) is replaced. Names of untouched entries are kept as bytes, whatever their encoding. Not thread-safe.
 */
final class TreeEditor {

    /** Where a finished tree goes. */
    interface TreeSink {
        ObjectId insert(TreeFormatter tree) throws IOException;
    }

    /** What stands at a path. */
    record Found(FileMode mode, ObjectId id) {}

    /** Folders of one tree: an entry is either what it was (folder empty) or was opened for editing. */
    private static final class Folder {
        /** By name: its bytes as ISO 8859-1, which loses nothing and sorts like bytes. */
        final Map<String, Entry> entries = new HashMap<>();
    }

    private record Entry(FileMode mode, ObjectId id, Optional<Folder> folder) {}

    /** A tree that is deeper was made to harm. */
    private static final int MOST_LEVELS = 500;

    private final ObjectReader reader;
    private final Folder root;

    /** Begins with a tree; that tree is never changed, only followed by a new one. */
    TreeEditor(ObjectReader reader, AnyObjectId base) throws IOException {
        this.reader = reader;
        this.root = read(base);
    }

    /** Whether a path can be in a tree on every system: no empty part, no {@code .}, {@code ..} or {@code .git} in any disguise. */
    static boolean isSafe(String path) {
        try {
            new ObjectChecker().setSafeForMacOS(true).checkPath(path);
            return true;
        } catch (CorruptObjectException e) {
            return false;
        }
    }

    /** What stands at a path; empty also where a file stands in its way. */
    Optional<Found> find(String path) throws IOException {
        var segments = segments(path);
        var folder = root;
        for (var segment : segments.subList(0, segments.size() - 1)) {
            var entry = folder.entries.get(segment);
            if (entry == null || !isTree(entry)) {
                return Optional.empty();
            }
            folder = open(folder, segment, entry);
        }
        return Optional.ofNullable(folder.entries.get(segments.get(segments.size() - 1)))
                .map(entry -> new Found(entry.mode, entry.id));
    }

    /** Takes the files of a folder one by one, links and submodules too. */
    interface Visitor {
        /** @return whether to go on */
        boolean visit(String path, Found found) throws IOException;
    }

    /**
     * Visits all that is below a folder, in no particular order; nothing if there is no folder. Opens nothing for editing.
     *
     * @param folder empty for the root
     */
    void visit(String folder, Visitor visitor) throws IOException {
        if (folder.isEmpty()) {
            visit(root, "", visitor, 0);
            return;
        }
        var found = find(folder);
        if (found.isPresent() && found.get().mode().equals(FileMode.TREE)) {
            var at = root;
            for (var segment : segments(folder)) {
                at = inside(Objects.requireNonNull(at.entries.get(segment)));
            }
            visit(at, folder + "/", visitor, 0);
        }
    }

    private boolean visit(Folder folder, String prefix, Visitor visitor, int level) throws IOException {
        if (level > MOST_LEVELS) {
            throw new IOException("'" + prefix + "' lies deeper than " + MOST_LEVELS + " folders");
        }
        for (var each : folder.entries.entrySet()) {
            var entry = each.getValue();
            var path = prefix + text(each.getKey());
            boolean isGoingOn = isTree(entry)
                    ? visit(inside(entry), path + "/", visitor, level + 1)
                    : visitor.visit(path, new Found(entry.mode, entry.id));
            if (!isGoingOn) {
                return false;
            }
        }
        return true;
    }

    private Folder inside(Entry entry) throws IOException {
        return entry.folder.isPresent() ? entry.folder.get() : read(entry.id);
    }

    private static String text(String name) {
        return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The shortest beginning of a path at which something stands that is no folder; the path itself does not count. */
    Optional<String> obstacle(String path) throws IOException {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            var found = find(path.substring(0, slash));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (!found.get().mode().equals(FileMode.TREE)) {
                return Optional.of(path.substring(0, slash));
            }
        }
        return Optional.empty();
    }

    /** Puts a file at a path; one that is there keeps its executable bit. */
    void put(String path, ObjectId blob) throws IOException {
        boolean isExecutable = find(path)
                .filter(found -> found.mode().equals(FileMode.EXECUTABLE_FILE))
                .isPresent();
        put(path, blob, isExecutable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
    }

    /** Puts a file or link at a path. */
    void put(String path, ObjectId blob, FileMode mode) throws IOException {
        var segments = segments(path);
        var folder = root;
        for (var segment : segments.subList(0, segments.size() - 1)) {
            var entry = folder.entries.get(segment);
            if (entry == null || !isTree(entry)) {
                entry = new Entry(FileMode.TREE, ObjectId.zeroId(), Optional.of(new Folder()));
                folder.entries.put(segment, entry);
            }
            folder = open(folder, segment, entry);
        }
        folder.entries.put(segments.get(segments.size() - 1), new Entry(mode, blob, Optional.empty()));
    }

    /** Removes what stands at a path, a folder with all that is in it; nothing if there is nothing. */
    void remove(String path) throws IOException {
        var segments = segments(path);
        var folder = root;
        for (var segment : segments.subList(0, segments.size() - 1)) {
            var entry = folder.entries.get(segment);
            if (entry == null || !isTree(entry)) {
                return;
            }
            folder = open(folder, segment, entry);
        }
        folder.entries.remove(segments.get(segments.size() - 1));
    }

    /** Writes the trees that were edited, the innermost first. */
    ObjectId write(TreeSink sink) throws IOException {
        return write(root, sink);
    }

    private static ObjectId write(Folder folder, TreeSink sink) throws IOException {
        var sorted = new TreeMap<String, Entry>();
        folder.entries.forEach((name, entry) -> sorted.put(isTree(entry) ? name + "/" : name, entry));
        var tree = new TreeFormatter();
        for (var each : sorted.entrySet()) {
            var entry = each.getValue();
            var name = isTree(entry) ? each.getKey().substring(0, each.getKey().length() - 1) : each.getKey();
            if (entry.folder.isEmpty()) {
                append(tree, name, entry.mode, entry.id);
            } else if (hasFiles(entry.folder.get())) {
                append(tree, name, FileMode.TREE, write(entry.folder.get(), sink));
            }
        }
        return sink.insert(tree);
    }

    private static boolean hasFiles(Folder folder) {
        return folder.entries.values().stream()
                .anyMatch(entry -> entry.folder.map(TreeEditor::hasFiles).orElse(true));
    }

    private static void append(TreeFormatter tree, String name, FileMode mode, ObjectId id) {
        tree.append(name.getBytes(StandardCharsets.ISO_8859_1), mode, id);
    }

    private Folder open(Folder parent, String name, Entry entry) throws IOException {
        if (entry.folder.isPresent()) {
            return entry.folder.get();
        }
        var folder = read(entry.id);
        parent.entries.put(name, new Entry(FileMode.TREE, entry.id, Optional.of(folder)));
        return folder;
    }

    private Folder read(AnyObjectId tree) throws IOException {
        var folder = new Folder();
        var parser = new CanonicalTreeParser(null, reader, tree);
        for (; !parser.eof(); parser.next()) {
            var name = new byte[parser.getNameLength()];
            parser.getName(name, 0);
            folder.entries.put(
                    new String(name, StandardCharsets.ISO_8859_1),
                    new Entry(parser.getEntryFileMode(), parser.getEntryObjectId(), Optional.empty()));
        }
        return folder;
    }

    private static boolean isTree(Entry entry) {
        return entry.mode.equals(FileMode.TREE);
    }

    private static List<String> segments(String path) {
        if (!isSafe(path)) {
            throw new IllegalArgumentException("'" + path + "' is no path that a Git tree may hold");
        }
        return List.of(new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).split("/", -1));
    }
}
