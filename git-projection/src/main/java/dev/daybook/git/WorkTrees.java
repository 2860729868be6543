package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Repository;

/** Knows the work trees that share a repository; each of them may have a cache of DVC's with data of its experiments. */
final class WorkTrees {

    private WorkTrees() {}

    /** The other ones than the one that was opened, as far as they can be found. */
    static List<Path> others(Repository repository) throws IOException {
        var common = repository.getCommonDirectory().toPath().toRealPath();
        var own = repository.getWorkTree().toPath().toRealPath();
        var found = new ArrayList<Path>();
        if (String.valueOf(common.getFileName()).equals(".git")) {
            found.add(common.resolveSibling(""));
        }
        var linked = common.resolve("worktrees");
        if (Files.isDirectory(linked)) {
            try (var folders = Files.newDirectoryStream(linked)) {
                for (var folder : folders) {
                    var pointer = folder.resolve("gitdir");
                    if (Files.isRegularFile(pointer)) {
                        found.add(folder.resolve(Files.readString(pointer).strip())
                                .resolveSibling(""));
                    }
                }
            }
        }
        var others = new ArrayList<Path>();
        for (var each : found) {
            if (Files.isDirectory(each) && !Files.isSameFile(each, own)) {
                others.add(each.toAbsolutePath().normalize());
            }
        }
        return others;
    }
}
