package dev.daybook.git;

import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.FileSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.ignore.IgnoreNode;

/** What DVC leaves out of data: the rules of {@code .dvcignore}, which are Git's, in the folders above them. */
final class DvcIgnore {

    static final String FILE = ".dvcignore";

    /** @param folder empty for the root, else with a {@code /} at the end */
    private record Rules(String folder, IgnoreNode node) {}

    /** The innermost first. */
    private final List<Rules> rules = new ArrayList<>();

    private DvcIgnore() {}

    /**
     * What holds for a path and all below it, but for rules that are below it themselves.
     *
     * @param project the folder in which DVC begins to look: empty for the root, else with a {@code /} at the end
     */
    static DvcIgnore above(String path, String project, FileSource files) throws IOException {
        var ignore = new DvcIgnore();
        for (int slash = path.lastIndexOf('/'); ; slash = path.lastIndexOf('/', slash - 1)) {
            var folder = path.substring(0, slash + 1);
            var rules = files.read(folder + FILE);
            if (rules.isPresent()) {
                var node = new IgnoreNode();
                node.parse(new ByteArrayInputStream(rules.get()));
                ignore.rules.add(new Rules(folder, node));
            }
            if (folder.equals(project) || folder.isEmpty()) {
                return ignore;
            }
        }
    }

    /** The same in a project of a work tree. */
    static DvcIgnore above(String path, Path workTree, DvcProject project, FileSource files) throws IOException {
        var folder = ArtifactFolder.path(workTree, project.folder());
        return above(path, folder.isEmpty() ? "" : folder + "/", files);
    }

    /** The rules as they stand in the work tree. */
    static FileSource rules(Path workTree) {
        return file -> {
            var rules = workTree.resolve(file);
            return Files.isRegularFile(rules) ? Optional.of(Files.readAllBytes(rules)) : Optional.empty();
        };
    }

    /** Whether the path is ignored, or a folder above it: DVC does not go into that. */
    boolean ignores(String path, boolean isFolder) {
        if (rules.isEmpty()) {
            return false;
        }
        int from = rules.get(rules.size() - 1).folder().length();
        for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (matches(path.substring(0, slash), true)) {
                return true;
            }
        }
        return matches(path, isFolder);
    }

    private boolean matches(String path, boolean isFolder) {
        for (var each : rules) {
            if (!path.startsWith(each.folder)) {
                continue;
            }
            var decision = each.node.checkIgnored(path.substring(each.folder.length()), isFolder);
            if (decision != null) {
                return decision;
            }
        }
        return false;
    }
}
