package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.IndexTrees.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * The tree of {@code git add -u} and {@code git write-tree} without git: one look at each file of the index, and at the content only of
 * those that are not surely unchanged.
 *
 * <p>For repositories that are known to be plain. Whatever else is met on the way ends in a {@link NotPlainException}, perhaps after objects
 * were written that nobody names.
 */
final class IndexSnapshot {

    private IndexSnapshot() {}

    /**
     * Writes the tree and what of it was not in the index.
     *
     * @throws NotPlainException if only git knows
     * @throws RepositoryException if git would refuse too
     */
    static ObjectId take(Repository repository, GitSettings settings, NewObjects objects)
            throws IOException, NotPlainException {
        settings.requireUsualWorkTree();
        var index = IndexFile.read(repository.getIndexFile().toPath());
        var suspects = new WorkTreeScan(repository.getWorkTree().toPath(), index).suspects();
        var plain = new PlainContent(repository, settings, index, objects);
        var changes = new TreeMap<Integer, Optional<Content>>();
        for (var suspect : suspects) {
            var now = plain.of(suspect);
            if (now.isEmpty() || !now.get().isSame(indexed(suspect.entry()))) {
                changes.put(suspect.index(), now);
            }
        }
        var remembered = changes.isEmpty() ? rememberedTree(repository, index) : Optional.<ObjectId>empty();
        if (remembered.isPresent()) {
            return remembered.get();
        }
        var contents = new ArrayList<Optional<Content>>(index.entries().size());
        index.entries().forEach(entry -> contents.add(Optional.of(indexed(entry))));
        boolean[] isChanged = new boolean[contents.size()];
        changes.forEach((i, content) -> {
            contents.set(i, content);
            isChanged[i] = true;
        });
        return new IndexTrees(index.entries(), contents, isChanged, objects.reader(), objects::tree)
                .write(index.trees());
    }

    private static Optional<ObjectId> rememberedTree(Repository repository, IndexFile index) throws IOException {
        var tree = index.trees().filter(IndexFile.CachedTree::isValid).map(IndexFile.CachedTree::id);
        return tree.isPresent() && Repositories.has(repository, tree.get()) ? tree : Optional.empty();
    }

    private static Content indexed(IndexEntry entry) {
        return new Content(FileMode.fromBits(entry.mode()), entry.id());
    }
}
