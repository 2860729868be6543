package dev.daybook.git;

import dev.daybook.git.dvc.DataOutput;
import dev.daybook.git.dvc.SavedFiles;
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
record TreeData(Map<String, DataOutput> outputs, List<String> problems) {

    private static final String POINTER = ".dvc";
    private static final String LOCK = "dvc.lock";

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
                boolean isPointer = name.endsWith(POINTER) && !name.equals(POINTER) || name.equals(LOCK);
                if (isPointer && TreeFiles.isFile(walk.getFileMode(0))) {
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
            // YAML, whatever their names end with
            var content = files.read(pointer).orElse(new byte[0]);
            var values = SavedFiles.values("pointer.yaml", content);
            List<DataOutput> all;
            if (pointer.endsWith(LOCK)) {
                var stages = files.read(folder + "dvc.yaml").orElse(new byte[0]);
                all = DataOutput.ofLock(values, SavedFiles.values("dvc.yaml", stages));
            } else {
                all = DataOutput.ofPointer(values);
            }
            for (var output : all) {
                var path = output.path().startsWith("/") ? "" : fromRoot(folder + output.path());
                if (path.isEmpty()) {
                    problems.add(pointer + " names '" + output.path() + "', which is not inside the repository");
                } else if (!isHeld(held, path)) {
                    outputs.put(path, output);
                }
            }
        } catch (IOException e) {
            problems.add(pointer + " cannot be read: " + e.getMessage());
        }
    }

    private static boolean isHeld(NavigableSet<String> held, String path) {
        var inside = held.ceiling(path + "/");
        return held.contains(path) || inside != null && inside.startsWith(path + "/");
    }

    /** Without dots; nothing if it leads outside. */
    private static String fromRoot(String path) {
        var segments = new ArrayList<String>();
        for (var segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.isEmpty()) {
                    return "";
                }
                segments.remove(segments.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        var joined = String.join("/", segments);
        return path.contains("://") || !TreeEditor.isSafe(joined) ? "" : joined;
    }
}
