package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.ParamFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Collects the data that experiments and their checkpoints refer to. Each tree, and each file of it, is read once, whatever number of
 * experiments have it.
 */
final class DataNeeds implements AutoCloseable {

    private static final Pattern CHECKPOINT = Pattern.compile("daybook: checkpoint \\d+ of ");
    private static final Pattern LFS = Pattern.compile("(?m)^[^#\\n]*\\bfilter=lfs\\b");

    /** A tree that is deeper was made to harm. */
    private static final int MOST_LEVELS = 500;

    private final ObjectReader reader;
    private final RevWalk walk;
    private final Path workTree;
    private final Map<ObjectId, List<Place>> places = new HashMap<>();
    private final Map<Place, List<Output>> outputs = new HashMap<>();
    private final Map<Key, Need> needs = new LinkedHashMap<>();
    private final Set<ObjectId> seen = new LinkedHashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<ObjectId> checkpoints = new ArrayList<>();
    private final Set<ObjectId> attributes = new LinkedHashSet<>();
    private final Map<String, Path> projects = new HashMap<>();
    private boolean isWithLfs;

    DataNeeds(Repository repository) {
        this.reader = repository.newObjectReader();
        this.walk = new RevWalk(reader);
        this.workTree = repository.getWorkTree().toPath().toAbsolutePath().normalize();
    }

    /** Where a file stands in a tree, and its blob. */
    private record Place(String path, ObjectId blob) {

        Place under(String folder) {
            return new Place(folder + "/" + path, blob);
        }
    }

    private record Key(Path project, Optional<String> remote, String hash) {}

    /**
     * Data that are needed.
     *
     * @param project whose cache holds them
     * @param remote of DVC's, if the data have one of their own
     * @param experiment one that needs them
     * @param isOfCheckpoint whether only checkpoints do, as far as is known
     */
    record Need(
            Path project,
            Optional<String> remote,
            String hash,
            long bytes,
            String path,
            String experiment,
            boolean isOfCheckpoint) {}

    Collection<Need> needs() {
        return needs.values();
    }

    /** Sentences about what could not be read. */
    Set<String> problems() {
        return problems;
    }

    Set<String> warnings() {
        return warnings;
    }

    /** Those whose data are needed beside those of the experiments. */
    List<ObjectId> checkpoints() {
        return checkpoints;
    }

    /** Whether some files are kept in Git LFS. */
    boolean isWithLfs() {
        return isWithLfs;
    }

    /** Adds what an experiment needs. */
    void add(String experiment, ObjectId tip) throws IOException {
        var commit = walk.parseCommit(tip);
        addCommit(experiment, commit, false);
        if (commit.getParentCount() < 2) {
            return;
        }
        try {
            var next = commit.getParent(1);
            walk.parseHeaders(next);
            while (CHECKPOINT.matcher(next.getShortMessage()).lookingAt() && !seen.contains(next)) {
                addCommit(experiment, next, true);
                checkpoints.add(next.copy());
                if (next.getParentCount() == 0) {
                    return;
                }
                next = next.getParent(0);
                walk.parseHeaders(next);
            }
        } catch (MissingObjectException e) {
            warnings.add("of the checkpoints of experiment '" + experiment
                    + "' some are not in this repository, and their data are left out; is it a shallow clone?");
        }
    }

    private void addCommit(String experiment, RevCommit commit, boolean isCheckpoint) throws IOException {
        if (!seen.add(commit.copy())) {
            return;
        }
        var tree = commit.getTree();
        try {
            for (var place : places(tree, 0)) {
                for (var output : outputs(place, tree)) {
                    add(experiment, tree, output, isCheckpoint);
                }
            }
        } catch (MissingObjectException e) {
            problems.add("which data experiment '" + experiment + "' needs is not known, because the object "
                    + e.getObjectId().name() + " is not in this repository; fetch it with git");
        }
    }

    private void add(String experiment, ObjectId tree, Output output, boolean isCheckpoint) throws IOException {
        var project = project(output.path());
        var key = new Key(project, output.remote(), output.hash());
        if (needs.containsKey(key) || isInGit(tree, output.path())) {
            return;
        }
        if (output.isLegacy()) {
            warnings.add("the data '" + output.path() + "' of experiment '" + experiment
                    + "' were written by DVC 2, whose cache is laid out otherwise, and are left out; use 'dvc push'"
                    + " and 'dvc pull' for them");
            return;
        }
        needs.put(
                key,
                new Need(
                        project,
                        output.remote(),
                        output.hash(),
                        output.bytes(),
                        output.path(),
                        experiment,
                        isCheckpoint));
    }

    private Path project(String path) {
        return projects.computeIfAbsent(
                path,
                each -> TreeEditor.isSafe(each)
                        ? DvcProject.around(workTree.resolve(each), workTree).folder()
                        : workTree);
    }

    /** Such as metrics that a stage makes and Git keeps. */
    private boolean isInGit(ObjectId tree, String path) throws IOException {
        if (!TreeEditor.isSafe(path)) {
            return false;
        }
        try (var found = TreeWalk.forPath(reader, path, tree)) {
            return found != null;
        }
    }

    private List<Place> places(ObjectId tree, int level) throws IOException {
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
            var mode = parser.getEntryFileMode();
            var name = parser.getEntryPathString();
            if (mode == FileMode.TREE && !name.equals(".dvc")) {
                places(parser.getEntryObjectId(), level + 1).forEach(place -> found.add(place.under(name)));
            } else if (TreeFiles.isFile(mode) && DvcOutputs.isPointer(name)) {
                found.add(new Place(name, parser.getEntryObjectId()));
            } else if (name.equals(".gitattributes")
                    && TreeFiles.isFile(mode)
                    && attributes.add(parser.getEntryObjectId())) {
                isWithLfs |= LFS.matcher(text(parser.getEntryObjectId())).find();
            }
        }
        places.put(tree, found);
        return found;
    }

    private String text(ObjectId blob) {
        try {
            return new String(content(blob), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private byte[] content(ObjectId blob) throws IOException {
        return new TreeFiles(reader, ObjectId.zeroId()).content(FileMode.REGULAR_FILE, blob);
    }

    private List<Output> outputs(Place place, ObjectId tree) {
        var known = outputs.get(place);
        if (known != null) {
            return known;
        }
        List<Output> read = List.of();
        try {
            // what of a lock is cached is said beside it; one lock has one such file, or the difference is none that
            // counts
            var beside = place.path().substring(0, place.path().lastIndexOf('/') + 1) + "dvc.yaml";
            var dvcYaml = place.path().endsWith("dvc.lock")
                    ? new TreeFiles(reader, tree).read(beside)
                    : Optional.<byte[]>empty();
            read = DvcOutputs.of(place.path(), content(place.blob()), dvcYaml);
        } catch (ParamFileException | IOException e) {
            problems.add("which data " + place.path() + " refers to is not known, because it cannot be read ("
                    + e.getMessage() + "); they are left out");
        }
        outputs.put(place, read);
        return read;
    }

    @Override
    public void close() {
        walk.close();
        reader.close();
    }
}
