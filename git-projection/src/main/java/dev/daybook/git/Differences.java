package dev.daybook.git;

import dev.daybook.ExperimentSummary;
import dev.daybook.git.Difference.Side;
import dev.daybook.port.SavedRecord;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Compares commits, and commits with the work tree. */
final class Differences {

    private final Repository repository;
    private final WorkTreeSnapshot snapshots;

    Differences(Repository repository, WorkTreeSnapshot snapshots) {
        this.repository = repository;
        this.snapshots = snapshots;
    }

    Difference between(Revisions.Found from, Revisions.Found to) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var a = record(from);
            var b = record(to);
            var changes = TreeChanges.between(
                    walk.getObjectReader(),
                    from.commit(),
                    walk.parseCommit(to.commit()).getTree());
            return difference(a, b, Optional.of(to.commit().name()), changes);
        }
    }

    /** Untracked files of the work tree count where they are the experiment's: what its commit has, and parameters and metrics. */
    Difference withWorkTree(Revisions.Found from) throws IOException {
        try (var objects = new PackedObjects(repository)) {
            var a = record(from);
            var b = SavedReader.readWorkTree(repository, from.baseline(), near(from.commit()));
            var tree = snapshots.take(SnapshotScope.TRACKED, objects).tree();
            try (var reader = objects.readerOfAll()) {
                var changes = TreeChanges.between(reader, from.commit(), tree);
                lookAtUntracked(changes, reader, from.commit());
                return difference(a, b, Optional.empty(), changes);
            }
        }
    }

    /** Whose experiment may stand in the work tree: the commit that was applied last, which may be gone, and the one that is asked for. */
    private List<ObjectId> near(ObjectId asked) throws IOException {
        var near = new ArrayList<ObjectId>();
        WorkTreeChange.lastApplied(repository.getDirectory().toPath())
                .filter(ObjectId::isId)
                .map(ObjectId::fromString)
                .ifPresent(near::add);
        near.add(asked);
        return near;
    }

    /** What git does not track may be there nevertheless: an experiment that was applied leaves the index alone. */
    private void lookAtUntracked(Map<String, Character> changes, ObjectReader reader, ObjectId commit)
            throws IOException {
        var top = repository.getWorkTree().toPath();
        try (var walk = new RevWalk(reader)) {
            var files = new TreeFiles(reader, walk.parseCommit(commit).getTree());
            for (var change : Map.copyOf(changes).entrySet()) {
                if (change.getValue() == 'D') {
                    var path = change.getKey();
                    now(top, path, files)
                            .ifPresentOrElse(how -> changes.replace(path, how), () -> changes.remove(path));
                }
            }
        }
    }

    /** How a file of the work tree differs from that of a commit; empty if it does not. */
    private static Optional<Character> now(Path top, String path, TreeFiles commit) throws IOException {
        var stat = WorkTreeFiles.stat(top, path);
        var before = commit.find(path);
        if (stat.isEmpty() || stat.get().isFolder() || before.isEmpty()) {
            return Optional.of('D');
        }
        if (FileBlobs.isSame(
                top.resolve(path), stat.get(), before.get().mode(), before.get().content())) {
            return Optional.empty();
        }
        return Optional.of(stat.get().isFile() && TreeFiles.isFile(before.get().mode()) ? 'M' : 'T');
    }

    private SavedRecord record(Revisions.Found found) {
        return SavedReader.read(repository, found.commit(), found.baseline());
    }

    private static Difference difference(
            SavedRecord from, SavedRecord to, Optional<String> toCommit, Map<String, Character> changes) {
        var a = ExperimentSummary.of(from);
        var b = ExperimentSummary.of(to);
        return new Difference(
                new Side(
                        Optional.of(from.commit()),
                        otherwise(a.params(), b.params()),
                        otherwise(a.metrics(), b.metrics()),
                        a.problems()),
                new Side(
                        toCommit, otherwise(b.params(), a.params()), otherwise(b.metrics(), a.metrics()), b.problems()),
                files(changes));
    }

    /** What one has that the other one has not, or not so. */
    private static Map<String, Object> otherwise(Map<String, Object> values, Map<String, Object> others) {
        var all = new LinkedHashMap<String, Object>();
        values.forEach((key, value) -> {
            if (!others.containsKey(key) || !Objects.equals(others.get(key), value)) {
                all.put(key, value);
            }
        });
        return all;
    }

    private static List<FileChange> files(Map<String, Character> changes) {
        var files = new ArrayList<FileChange>();
        changes.forEach((path, how) -> files.add(new FileChange(path, how)));
        return files;
    }
}
