package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.ParamFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The data that a tree refers to: what its {@code .dvc} files and {@code dvc.lock}s name, and Git does not hold itself.
 *
 * @param outputs by their paths from the root
 * @param problems sentences about what cannot be read
 */
record TreeData(Map<String, Output> outputs, List<String> problems) {

    static TreeData of(ObjectReader reader, AnyObjectId tree) throws IOException {
        var pointers = new TreeSet<String>();
        var held = new TreeSet<String>();
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setRecursive(true);
            while (walk.next()) {
                var path = walk.getPathString();
                held.add(path);
                var name = path.substring(path.lastIndexOf('/') + 1);
                if (DvcOutputs.isPointer(name) && TreeFiles.isFile(walk.getFileMode(0))) {
                    pointers.add(path);
                }
            }
        }
        var found = new TreeData(new LinkedHashMap<>(), new ArrayList<>());
        var files = new TreeFiles(reader, tree);
        pointers.forEach(pointer -> found.read(files, pointer, held));
        return found;
    }

    private void read(TreeFiles files, String pointer, NavigableSet<String> held) {
        var folder = pointer.substring(0, pointer.lastIndexOf('/') + 1);
        try {
            var content = files.read(pointer).orElse(new byte[0]);
            for (var output : DvcOutputs.of(pointer, content, files.read(folder + "dvc.yaml"))) {
                var path = output.path();
                if (path.startsWith("/") || path.contains("://") || !TreeEditor.isSafe(path)) {
                    problems.add(pointer + " names '" + path + "', which is not inside the repository");
                } else if (!isHeld(held, path)) {
                    outputs.put(path, output);
                }
            }
        } catch (IOException | ParamFileException e) {
            problems.add(pointer + " cannot be read: " + e.getMessage());
        }
    }

    private static boolean isHeld(NavigableSet<String> held, String path) {
        var inside = held.ceiling(path + "/");
        return held.contains(path) || inside != null && inside.startsWith(path + "/");
    }
}
