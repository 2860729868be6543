package dev.daybook.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** How a tree differs from that of a commit, as {@code git diff-tree -r --no-renames --name-status} has it. */
final class TreeChanges {

    private TreeChanges() {}

    /** By path, in Git's order: {@code M}, {@code A}, {@code D}, or {@code T} where a file has become a link, say. */
    static Map<String, Character> between(ObjectReader reader, ObjectId commit, ObjectId tree) throws IOException {
        var changes = new LinkedHashMap<String, Character>();
        try (var commits = new RevWalk(reader.newReader());
                var walk = new TreeWalk(commits.getObjectReader())) {
            walk.addTree(commits.parseCommit(commit).getTree());
            walk.addTree(tree);
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next()) {
                changes.put(text(walk.getRawPath()), how(walk.getFileMode(0), walk.getFileMode(1)));
            }
        }
        return changes;
    }

    private static char how(FileMode before, FileMode now) {
        if (before.equals(FileMode.MISSING)) {
            return 'A';
        }
        if (now.equals(FileMode.MISSING)) {
            return 'D';
        }
        return TreeFiles.isFile(before) == TreeFiles.isFile(now) && (TreeFiles.isFile(now) || before.equals(now))
                ? 'M'
                : 'T';
    }

    /** A path as text: what is not UTF-8 has the bytes beyond ASCII as {@code \ooo}, as git prints them. */
    static String text(byte[] path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString();
        } catch (CharacterCodingException e) {
            var text = new StringBuilder();
            for (byte each : path) {
                text.append(each >= 0 ? String.valueOf((char) each) : String.format("\\%03o", each & 0xff));
            }
            return text.toString();
        }
    }
}
