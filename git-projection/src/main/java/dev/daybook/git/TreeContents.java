package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/**
 * Writes files of a tree as git would check them out: byte for byte where the repository is known to be plain, else by the installed git,
 * which knows its filters and line ends.
 */
final class TreeContents implements WorkTreeChange.Contents {

    private static final String ATTRIBUTES = ".gitattributes";
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Repository repository;
    private final GitCommand.Program program;
    private final ObjectReader reader;
    private final AnyObjectId tree;

    TreeContents(Repository repository, GitCommand.Program program, ObjectReader reader, AnyObjectId tree) {
        this.repository = repository;
        this.program = program;
        this.reader = reader;
        this.tree = tree;
    }

    @Override
    public void write(List<WorkTreeStep> steps, Path folder) throws IOException {
        var why = whyByGit(steps);
        if (why.isPresent()) {
            writeByGit(steps, folder, why.get());
            return;
        }
        for (int i = 0; i < steps.size(); i++) {
            var blob = steps.get(i).blob();
            if (blob.isPresent()) {
                write(blob.get(), folder.resolve(String.valueOf(i)));
            }
        }
    }

    /** Why only git knows; empty if it is not needed. */
    private Optional<String> whyByGit(List<WorkTreeStep> steps) throws IOException {
        try {
            var settings = GitSettings.read(repository, program.additions());
            settings.requireUsualWorkTree();
            settings.requireUsualContent();
            for (var file :
                    settings.attributeFiles(repository.getCommonDirectory().toPath())) {
                if (Files.exists(file)) {
                    return Optional.of(file + " may convert files");
                }
            }
        } catch (NotPlainException e) {
            return Optional.of(e.reason());
        }
        // those that git asks: beside the files, and in each folder on the way to them
        var attributes = new TreeSet<String>();
        for (var step : steps) {
            var path = step.path();
            for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
                attributes.add(path.substring(0, slash + 1) + ATTRIBUTES);
            }
            attributes.add(ATTRIBUTES);
        }
        if (attributes.isEmpty()) {
            return Optional.empty();
        }
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setRecursive(true);
            walk.setFilter(PathFilterGroup.createFromStrings(attributes));
            return walk.next() ? Optional.of(walk.getPathString() + " may convert files") : Optional.empty();
        }
    }

    private void write(WorkTreeStep.Blob blob, Path file) throws IOException {
        var loader = reader.open(blob.id());
        if (blob.mode().equals(FileMode.SYMLINK)) {
            var target = new String(loader.getBytes(), StandardCharsets.UTF_8);
            Files.createSymbolicLink(file, Path.of(target));
            return;
        }
        try (var out = Files.newOutputStream(file)) {
            loader.copyTo(out);
        }
        if (blob.mode().equals(FileMode.EXECUTABLE_FILE)) {
            var permissions = new HashSet<>(Files.getPosixFilePermissions(file));
            permissions.addAll(Set.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
            Files.setPosixFilePermissions(file, permissions);
        }
    }

    private void writeByGit(List<WorkTreeStep> steps, Path folder, String why) throws IOException {
        var out = Files.createDirectories(folder.resolveSibling("tree"));
        var git = new GitCommand(
                program,
                repository.getWorkTree().toPath(),
                repository.getDirectory().toPath(),
                folder.resolveSibling("index"),
                Map.of(),
                PATIENCE);
        var paths = new StringBuilder();
        steps.stream()
                .filter(step -> step.blob().isPresent())
                .forEach(step -> paths.append(
                                new String(step.path().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                        .append('\0'));
        try {
            git.run("read-tree", tree.name());
            git.runWith(paths.toString(), "checkout-index", "-f", "-z", "--stdin", "--prefix=" + out + "/");
        } catch (GitMissingException e) {
            throw new RepositoryException(
                    "the files cannot be written without git, because " + why + ", and " + e.getMessage()
                            + "; install git, or put it on the PATH",
                    e);
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).blob().isPresent()) {
                var written = out.resolve(steps.get(i).path());
                if (!Files.exists(written, LinkOption.NOFOLLOW_LINKS)) {
                    throw new RepositoryException(
                            "git did not write '" + steps.get(i).path() + "'; is it left out by a sparse checkout?");
                }
                Files.move(written, folder.resolve(String.valueOf(i)), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
