package dev.daybook.git;

import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.DvcPipeline.Found;
import dev.daybook.git.dvc.ListedFiles;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * What DVC will find at the paths of a commit that is being made, once it is checked out: files of Git, and data that pointers and locks name.
 * Contents are hashed up to a size. Not thread-safe: the commit is not changed meanwhile.
 */
final class CommitData {

    private static final long MAX_BYTES = 64 << 20;
    private static final int MOST_FILES = 100_000;
    private static final int MAX_BYTES_OF_LINK = 1 << 16;

    /** What stands where bytes are no UTF-8. */
    private static final char NO_TEXT = '\ufffd';

    private final EditedFiles files;
    private final ObjectId head;
    private final String outputFolder;
    private final DvcProjects projects;
    private final List<Output> outputs;
    private final Map<String, Found> known = new HashMap<>();
    private Optional<PointedData> pointed = Optional.empty();

    /**
     * @param head the commit that the code began with
     * @param outputFolder which is not finished yet
     * @param outputs of stages: artifacts of which locks will say something else than they do now
     */
    CommitData(
            EditedFiles files,
            ObjectId head,
            String outputFolder,
            DvcProjects projects,
            Collection<ArtifactAdded> outputs) {
        this.files = files;
        this.head = head;
        this.outputFolder = outputFolder;
        this.projects = projects;
        this.outputs = outputs.stream().map(CommitData::output).toList();
    }

    private static Output output(ArtifactAdded added) {
        return new Output(
                added.path(),
                added.hash(),
                added.bytes(),
                added.isFolder() ? added.files() : 0,
                Optional.empty(),
                false,
                added.traits().isExecutable(),
                true);
    }

    /** Why something is not known. */
    private static final class NotKnown extends Exception {
        private static final long serialVersionUID = 1L;

        NotKnown(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    Found find(String path) throws IOException {
        if (!TreeEditor.isSafe(path)) {
            return new Found.Nothing();
        }
        var before = known.get(path);
        if (before != null) {
            return before;
        }
        Found found;
        try {
            found = look(path);
        } catch (NotKnown e) {
            found = new Found.Unknown(e.reason(), isAsCommitted(path));
        }
        known.put(path, found);
        return found;
    }

    private Found look(String path) throws IOException, NotKnown {
        if (isIn(outputFolder, path) || isIn(path, outputFolder)) {
            throw new NotKnown("the experiment's own files stand there");
        }
        var inGit = files.editor().find(path);
        if (inGit.isPresent() && !inGit.get().mode().equals(FileMode.TREE)) {
            return ofFile(path, inGit.get());
        }
        try {
            var data = pointed();
            var at = data.at(path);
            if (at.isPresent() && inGit.isEmpty()) {
                return at.get().isFolder()
                        ? ofFolder(at.get())
                        : ofFile(at.get(), at.get().isExecutable());
            }
            var inside = data.file(path);
            return inside.isPresent() ? ofFile(inside.get(), false) : ofFolder(path);
        } catch (IOException e) {
            throw new NotKnown(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isIn(String folder, String path) {
        return path.equals(folder) || path.startsWith(folder + "/");
    }

    private Found ofFile(String path, TreeEditor.Found inGit) throws IOException, NotKnown {
        try (var reader = files.reader()) {
            var target = target(reader, path, inGit);
            if (target.isEmpty()) {
                throw new NotKnown("it is a link to a folder");
            }
            boolean isExecutable = target.get().found.mode().equals(FileMode.EXECUTABLE_FILE);
            return new Found.Data(hashed(reader, target.get(), MAX_BYTES), isExecutable);
        }
    }

    private Found ofFile(Output file, boolean isExecutable) throws IOException {
        return new Found.Data(pointed().stored(file), isExecutable);
    }

    /** A folder that DVC keeps as a whole. */
    private Found ofFolder(Output folder) throws IOException {
        if (!folder.isLegacy() && folder.bytes() > 0 && folder.files() > 0) {
            return new Found.Data(new Stored(folder.hash(), folder.bytes(), folder.files()), false);
        }
        return new Found.Data(DvcCache.folder(stored(pointed().below(folder.path()), folder.path())), false);
    }

    private Map<String, Stored> stored(Map<String, Output> data, String folder) throws IOException {
        var stored = new LinkedHashMap<String, Stored>();
        for (var file : data.entrySet()) {
            stored.put(file.getKey().substring(folder.length() + 1), pointed().stored(file.getValue()));
        }
        return stored;
    }

    /** A folder of Git's, in which data may lie, or a part of data. */
    private Found ofFolder(String path) throws IOException, NotKnown {
        var inGit = inGit(files.editor(), path);
        var data = pointed().below(path);
        if (inGit.isEmpty() && data.isEmpty()) {
            return new Found.Nothing();
        }
        var ignore = DvcIgnore.above(path, project(path), this::read);
        if (ignore.ignores(path, true)) {
            throw new NotKnown("DVC ignores it, through a .dvcignore");
        }
        var projectsInside = projectsInside(inGit.keySet(), path);
        Set<String> left = new LinkedHashSet<>(inGit.keySet());
        left.addAll(data.keySet());
        left.removeIf(file -> ignore.ignores(file, false)
                || file.startsWith(".hg/", path.length() + 1)
                || file.contains("/.hg/")
                || projectsInside.stream().anyMatch(file::startsWith));
        if (left.size() > MOST_FILES) {
            throw new NotKnown("it has more than " + MOST_FILES + " files");
        }
        var mine = new LinkedHashMap<>(inGit);
        mine.keySet().retainAll(left);
        var others = new LinkedHashMap<>(data);
        others.keySet().retainAll(left);
        others.keySet().removeAll(mine.keySet());
        var stored = hashed(mine, path);
        stored.putAll(stored(others, path));
        return new Found.Data(DvcCache.folder(stored), false);
    }

    /** All that Git has at and below a path. */
    private static Map<String, TreeEditor.Found> inGit(TreeEditor editor, String path) throws IOException, NotKnown {
        var all = new LinkedHashMap<String, TreeEditor.Found>();
        var at = editor.find(path);
        if (at.isPresent() && !at.get().mode().equals(FileMode.TREE)) {
            all.put(path, at.get());
            return all;
        }
        editor.visit(path, (file, found) -> {
            all.put(file, found);
            return all.size() <= MOST_FILES;
        });
        if (all.size() > MOST_FILES) {
            throw new NotKnown("it has more than " + MOST_FILES + " files");
        }
        return all;
    }

    /** DVC does not look into the projects of others: below these, its own folder included. */
    private static List<String> projectsInside(Set<String> paths, String folder) {
        var inside = new LinkedHashSet<String>();
        for (var path : paths) {
            int at = path.indexOf("/.dvc/", folder.length());
            if (at >= 0) {
                inside.add(path.substring(0, at == folder.length() ? at + "/.dvc/".length() : at + 1));
            }
        }
        return List.copyOf(inside);
    }

    /** The folder of the DVC project around a path. */
    private String project(String path) throws IOException {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (files.editor().find(path.substring(0, slash) + "/.dvc").isPresent()) {
                return path.substring(0, slash + 1);
            }
        }
        return "";
    }

    private Optional<byte[]> read(String path) throws IOException {
        return Optional.of(files.read(path)).filter(content -> content.length > 0);
    }

    /** A file, to which a link may have led. */
    private record Target(String path, TreeEditor.Found found) {}

    private Map<String, Stored> hashed(Map<String, TreeEditor.Found> inGit, String folder)
            throws IOException, NotKnown {
        var stored = new LinkedHashMap<String, Stored>();
        long left = MAX_BYTES;
        try (var reader = files.reader()) {
            for (var file : inGit.entrySet()) {
                if (name(file.getKey()).equals(DvcIgnore.FILE)) {
                    throw new NotKnown("DVC allows no .dvcignore in it");
                }
                if (file.getKey().indexOf(NO_TEXT) >= 0) {
                    throw new NotKnown("'" + file.getKey() + "' has a name that is no UTF-8");
                }
                var target = target(reader, file.getKey(), file.getValue());
                if (target.isPresent()) {
                    var hashed = hashed(reader, target.get(), left);
                    left -= hashed.bytes();
                    stored.put(file.getKey().substring(folder.length() + 1), hashed);
                }
            }
        }
        return stored;
    }

    private Stored hashed(ObjectReader reader, Target file, long mostBytes) throws IOException, NotKnown {
        try {
            if (files.size(reader, file.path, file.found) > mostBytes) {
                throw new NotKnown("it has more than " + MAX_BYTES + " bytes");
            }
            return DvcCache.file(files.content(reader, file.path, file.found));
        } catch (MissingObjectException e) {
            throw new NotKnown("'" + file.path + "' is not in this repository");
        }
    }

    /** The file that DVC reads; empty for a link to a folder, into which it does not look. */
    private Optional<Target> target(ObjectReader reader, String path, TreeEditor.Found found)
            throws IOException, NotKnown {
        if (TreeFiles.isFile(found.mode())) {
            return Optional.of(new Target(path, found));
        }
        if (!found.mode().equals(FileMode.SYMLINK)) {
            throw new NotKnown("'" + path + "' is a submodule");
        }
        var to = new String(
                reader.open(found.id(), Constants.OBJ_BLOB).getBytes(MAX_BYTES_OF_LINK), StandardCharsets.UTF_8);
        var target = to.startsWith("/") ? to : ListedFiles.resolve(path.substring(0, path.lastIndexOf('/') + 1), to);
        var inGit = TreeEditor.isSafe(target) ? files.editor().find(target) : Optional.<TreeEditor.Found>empty();
        if (inGit.isPresent() && inGit.get().mode().equals(FileMode.TREE)) {
            return Optional.empty();
        }
        return Optional.of(new Target(
                target,
                inGit.filter(file -> TreeFiles.isFile(file.mode()))
                        .orElseThrow(() -> new NotKnown("the link '" + path + "' leads to no file that Git has"))));
    }

    private PointedData pointed() throws IOException {
        if (pointed.isEmpty()) {
            var pointers = new TreeSet<String>();
            files.editor().visit("", (path, found) -> {
                boolean isOfDvc = path.startsWith(".dvc/") || path.contains("/.dvc/");
                if (TreeFiles.isFile(found.mode()) && DvcOutputs.isPointer(name(path)) && !isOfDvc) {
                    pointers.add(path);
                }
                return true;
            });
            var all = new ArrayList<Output>();
            for (var pointer : pointers) {
                all.addAll(outputs(pointer));
            }
            all.addAll(outputs);
            pointed = Optional.of(new PointedData(all, projects));
        }
        return pointed.get();
    }

    private List<Output> outputs(String pointer) throws IOException {
        try {
            return DvcOutputs.of(pointer, files.read(pointer), this::read);
        } catch (ParamFileException e) {
            // DVC cannot read it either
            return List.of();
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether Git has the same there as the commit with which the code began. */
    private boolean isAsCommitted(String path) {
        try (var reader = files.reader();
                var walk = new RevWalk(reader)) {
            var before = inGit(new TreeEditor(reader, walk.parseTree(head)), path);
            return !before.isEmpty() && before.equals(inGit(files.editor(), path));
        } catch (IOException | NotKnown e) {
            return false;
        }
    }
}
