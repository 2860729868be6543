package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;

/**
 * The files of a pack that Daybook has written.
 *
 * @param base the path without an extension
 */
record PackName(Path base) {

    /** No hash of anything, so that one knows whose it is; 40 digits in all, as git's own names of packs have. */
    private static final String PREFIX = "pack-da7ab00cda7ab00c";

    /** Drawn by lot: a pack with the same objects would have the same name otherwise, and may be being deleted. */
    static PackName random(Path objects) {
        var digits = UUID.randomUUID().toString().replace("-", "");
        int length = "pack-".length() + Constants.OBJECT_ID_STRING_LENGTH - PREFIX.length();
        return new PackName(objects.resolve("pack").resolve(PREFIX + digits.substring(0, length)));
    }

    static boolean isOurs(Path file) {
        return file.getFileName().toString().startsWith(PREFIX);
    }

    /** All that are whole and were released. */
    static List<PackName> released(Path objects) throws IOException {
        return unkept(objects, true);
    }

    /** All that have no index, and nothing that tells of a process that is about to give them one. */
    static List<PackName> halves(Path objects) throws IOException {
        return unkept(objects, false);
    }

    private static List<PackName> unkept(Path objects, boolean isWhole) throws IOException {
        var folder = objects.resolve("pack");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var all = new ArrayList<PackName>();
        try (var packs = Files.newDirectoryStream(folder, PREFIX + "*.pack")) {
            for (var pack : packs) {
                var file = pack.toString();
                var name = new PackName(Path.of(file.substring(0, file.length() - ".pack".length())));
                // in this order: the index is there before the other goes
                if (!Files.exists(name.keep()) && Files.exists(name.index()) == isWhole) {
                    all.add(name);
                }
            }
        }
        return all;
    }

    Path pack() {
        return file(".pack");
    }

    Path index() {
        return file(".idx");
    }

    Path keep() {
        return file(".keep");
    }

    private Path file(String extension) {
        return base.resolveSibling(base.getFileName() + extension);
    }

    void createFolder() throws IOException {
        Files.createDirectories(base.resolveSibling(""));
    }

    void forceFolder() throws IOException {
        Durable.force(base.resolveSibling(""));
    }

    /** Pack and index; the index first: without it the rest is no pack. */
    void delete() throws IOException {
        for (var extension : List.of(".idx", ".rev", ".pack")) {
            Files.deleteIfExists(file(extension));
        }
    }
}
