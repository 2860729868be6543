package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The data that a tree refers to: what its {@code .dvc} files and {@code dvc.lock}s name, and Git does not hold itself.
 *
 * @param outputs by their paths from the root
 * @param problems sentences about what cannot be read, here or before
 */
record TreeData(Map<String, Output> outputs, List<String> problems) {

    /** @param files those that were read already are not read again */
    static TreeData of(PointerFiles files, ObjectReader reader, ObjectId tree) throws IOException {
        var outputs = new LinkedHashMap<String, Output>();
        var problems = new ArrayList<String>();
        for (var output : files.outputs(reader, tree)) {
            var path = output.path();
            if (path.startsWith("/") || path.contains("://") || !TreeEditor.isSafe(path)) {
                problems.add("the data '" + path + "' is not inside the repository");
            } else if (!isInGit(reader, path, tree)) {
                if (output.isKnown()) {
                    outputs.put(path, output);
                } else {
                    problems.add("the data '" + path + "' are left out, because DVC lists files of them without an MD5;"
                            + " 'dvc pull' may get them from its remote");
                }
            }
        }
        problems.addAll(files.problems());
        return new TreeData(outputs, problems);
    }

    /** Whether Git has what stands there, such as metrics that a stage makes. */
    static boolean isInGit(ObjectReader reader, String path, ObjectId tree) throws IOException {
        try (var found = TreeWalk.forPath(reader, path, tree)) {
            return found != null;
        }
    }
}
