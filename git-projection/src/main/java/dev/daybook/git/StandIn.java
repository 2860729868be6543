package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A work tree of one file, with an index of what git goes by when it converts that file: what git records of the file there it would record
 * of it in its place. {@code git hash-object} does not look at the index, as {@code git add} does.
 */
final class StandIn {

    private final GitSnapshot snapshot;
    private final Path workTree;
    private final String path;
    private final List<String> attributes = new ArrayList<>();

    /** Mode and object of each of these paths that is in the index. */
    private final Map<String, String> indexed = new LinkedHashMap<>();

    private boolean isNeeded;

    StandIn(GitSnapshot snapshot, Path workTree, String path) throws GitMissingException {
        this.snapshot = snapshot;
        this.workTree = workTree;
        this.path = path;
        int slash = path.length();
        do {
            slash = path.lastIndexOf('/', slash - 1);
            attributes.add(path.substring(0, slash + 1) + Constants.DOT_GIT_ATTRIBUTES);
        } while (slash > 0);
        var arguments = new ArrayList<>(List.of("ls-files", "-s", "--eol", "-z", "--", ":(top,literal)" + path));
        attributes.forEach(file -> arguments.add(":(top,literal)" + file));
        var listed = snapshot.reading().run(arguments.toArray(String[]::new));
        for (var entry : GitCommand.utf8(listed).split("\0", -1)) {
            // mode, object, stage, a tab, line ends in the index and elsewhere, a tab, path
            var parts = entry.split("[ \t]", 4);
            if (parts.length == 4) {
                read(parts[0] + "," + parts[1], parts[3], parts[3].substring(parts[3].indexOf('\t') + 1));
            }
        }
    }

    private void read(String object, String lineEnds, String name) {
        indexed.put(name, object);
        isNeeded |= name.equals(path) ? lineEnds.startsWith("i/crlf") || lineEnds.startsWith("i/mixed") : !isFile(name);
    }

    /** Git reads attributes through no link. */
    private boolean isFile(String name) {
        return Files.isRegularFile(workTree.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether git may go by the index: by the line ends that the file has there, or by attributes that are there alone. */
    boolean isNeeded() {
        return isNeeded;
    }

    /** Makes it, and lets git write the object of a content. */
    ObjectId blob(Path content, NewObjects objects) throws IOException, GitMissingException {
        var folder = objects.quarantine().resolve("stand-in");
        var top = folder.resolve("tree");
        try {
            Files.createDirectories(top.resolve(path).resolveSibling(""));
            for (var file : attributes) {
                if (isFile(file)) {
                    Files.copy(workTree.resolve(file), top.resolve(file));
                }
            }
            Files.copy(content, top.resolve(path), StandardCopyOption.REPLACE_EXISTING);
            var git = snapshot.elsewhere(top, folder.resolve("index"), objects.gitEnvironment());
            // an entry with the flag that this setting gives it would be taken for unchanged
            var arguments = new ArrayList<>(List.of("-c", "core.ignoreStat=false"));
            arguments.addAll(filters());
            arguments.addAll(List.of("update-index", "--add"));
            indexed.forEach((name, object) -> arguments.addAll(List.of("--cacheinfo", object + "," + name)));
            arguments.addAll(List.of("--", path));
            git.run(arguments.toArray(String[]::new));
            var entry = git.run("ls-files", "-s", "-z", "--", ":(top,literal)" + path);
            return ObjectId.fromString(entry.split(" ", 3)[1]);
        } finally {
            PackOwner.delete(folder);
        }
    }

    /** Settings with which the file's filter runs in the true work tree, where it finds what it needs. */
    private List<String> filters() throws GitMissingException {
        var git = snapshot.reading();
        var name = git.run("check-attr", "-z", "filter", "--", path).split("\0", -1)[2];
        var place = "'" + workTree.toString().replace("'", "'\\''") + "'";
        var settings = new ArrayList<String>();
        for (var way : List.of("clean", "process")) {
            var setting = GitCommand.utf8("filter." + name + "." + way);
            var command = git.tryRun("", "config", "-z", "--get", setting);
            if (command.status() == 0 && command.output().length() > 1) {
                settings.add("-c");
                settings.add(setting + "=cd " + (way.equals("clean") ? place.replace("%", "%%") : place)
                        + " && export GIT_WORK_TREE=\"$PWD\" && "
                        + GitCommand.utf8(command.output()).replace("\0", ""));
            }
        }
        return settings;
    }
}
