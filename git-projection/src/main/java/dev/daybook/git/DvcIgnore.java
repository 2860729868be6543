package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.ignore.IgnoreNode;

/** What DVC leaves out of data: the rules of {@code .dvcignore}, which are Git's, in the folders above them. */
final class DvcIgnore {

    private record Rules(Path folder, IgnoreNode node) {}

    /** The innermost first. */
    private final List<Rules> rules = new ArrayList<>();

    private DvcIgnore() {}

    /** @param project the folder in which DVC begins to look */
    static DvcIgnore above(Path file, Path project) throws IOException {
        var ignore = new DvcIgnore();
        for (var folder = file.getParent(); folder != null && folder.startsWith(project); folder = folder.getParent()) {
            var rules = folder.resolve(".dvcignore");
            if (Files.isRegularFile(rules)) {
                var node = new IgnoreNode();
                try (var in = Files.newInputStream(rules)) {
                    node.parse(in);
                }
                ignore.rules.add(new Rules(folder, node));
            }
        }
        return ignore;
    }

    /** Whether the path is ignored, or a folder above it: DVC does not go into that. */
    boolean ignores(Path path, boolean isFolder) {
        if (rules.isEmpty()) {
            return false;
        }
        var outermost = rules.get(rules.size() - 1).folder();
        for (var above = path.getParent();
                above != null && !above.equals(outermost) && above.startsWith(outermost);
                above = above.getParent()) {
            if (matches(above, true)) {
                return true;
            }
        }
        return matches(path, isFolder);
    }

    private boolean matches(Path path, boolean isFolder) {
        for (var each : rules) {
            if (!path.startsWith(each.folder)) {
                continue;
            }
            var relative = each.folder
                    .relativize(path)
                    .toString()
                    .replace(path.getFileSystem().getSeparator(), "/");
            var decision = each.node.checkIgnored(relative, isFolder);
            if (decision != null) {
                return decision;
            }
        }
        return false;
    }
}
