package dev.daybook.git;

import dev.daybook.git.IndexFile.CachedTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * Writes the trees of an index as {@code git write-tree} does. Of a folder in which nothing has changed, the tree that the index remembers
 * is taken.
 */
final class IndexTrees {

    /** What a path of the index has become. */
    record Content(FileMode mode, ObjectId id) {

        /** As {@code equals}, which the JVM puts together for a record when it is first asked: that takes a short command ten milliseconds. */
        boolean isSame(Content other) {
            return mode.equals(other.mode) && id.equals(other.id);
        }
    }

    private final List<IndexEntry> entries;
    private final List<Optional<Content>> contents;
    private final boolean[] isChanged;
    private final ObjectReader reader;
    private final TreeEditor.TreeSink sink;

    /**
     * @param contents one for each entry; empty if the path is gone
     * @param isChanged for each entry, whether it is not what the index says
     */
    IndexTrees(
            List<IndexEntry> entries,
            List<Optional<Content>> contents,
            boolean[] isChanged,
            ObjectReader reader,
            TreeEditor.TreeSink sink) {
        this.entries = entries;
        this.contents = contents;
        this.isChanged = isChanged;
        this.reader = reader;
        this.sink = sink;
    }

    /** @throws NotPlainException if an object is not there that a tree has to name */
    ObjectId write(Optional<CachedTree> root) throws IOException, NotPlainException {
        var tree = folder(0, entries.size(), 0, root);
        return tree.isPresent() ? tree.get() : sink.insert(new TreeFormatter());
    }

    /** The tree of a range of entries, whose paths have their folder in common; empty if no file is left. */
    private Optional<ObjectId> folder(int from, int to, int prefix, Optional<CachedTree> known)
            throws IOException, NotPlainException {
        var remembered = known.filter(CachedTree::isValid)
                .filter(tree -> tree.entryCount() == to - from && !isAnyChanged(from, to))
                .map(CachedTree::id);
        if (remembered.isPresent() && reader.has(remembered.get())) {
            return remembered;
        }
        var tree = new TreeFormatter();
        boolean isEmpty = true;
        for (int i = from; i < to; ) {
            var path = entries.get(i).path();
            int slash = slash(path, prefix);
            if (slash < 0) {
                isEmpty &= contents.get(i).isEmpty();
                appendFile(tree, i, prefix);
                i++;
                continue;
            }
            int end = endOfFolder(i, to, slash + 1);
            var name = new String(path, prefix, slash - prefix, StandardCharsets.ISO_8859_1);
            var inner = folder(
                    i,
                    end,
                    slash + 1,
                    known.flatMap(folder -> Optional.ofNullable(folder.folders().get(name))));
            if (inner.isPresent()) {
                tree.append(path, prefix, slash - prefix, FileMode.TREE, inner.get());
                isEmpty = false;
            }
            i = end;
        }
        return isEmpty ? Optional.empty() : Optional.of(sink.insert(tree));
    }

    private boolean isAnyChanged(int from, int to) {
        for (int i = from; i < to; i++) {
            if (isChanged[i]) {
                return true;
            }
        }
        return false;
    }

    private void appendFile(TreeFormatter tree, int index, int prefix) throws IOException, NotPlainException {
        if (contents.get(index).isEmpty()) {
            return;
        }
        var content = contents.get(index).get();
        if (!isChanged[index] && !reader.has(content.id())) {
            throw new NotPlainException("the object of '" + entries.get(index).name() + "' is not there");
        }
        var path = entries.get(index).path();
        tree.append(path, prefix, path.length - prefix, content.mode(), content.id());
    }

    private int endOfFolder(int from, int to, int prefix) {
        var path = entries.get(from).path();
        int end = from + 1;
        while (end < to && hasPrefix(entries.get(end).path(), path, prefix)) {
            end++;
        }
        return end;
    }

    private static boolean hasPrefix(byte[] path, byte[] other, int length) {
        return path.length > length && Arrays.mismatch(path, 0, length, other, 0, length) < 0;
    }

    private static int slash(byte[] path, int from) {
        for (int i = from; i < path.length; i++) {
            if (path[i] == '/') {
                return i;
            }
        }
        return -1;
    }
}
