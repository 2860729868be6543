package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes files of the work tree that are to be overwritten as blobs that git checks out as the files were: what it would record of them, so
 * that what a filter hides or takes elsewhere stays there, else their bytes. Used once, by one thread.
 */
final class ReplacedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ReplacedFiles.class);

    private final Repository repository;
    private final GitCommand.Program program;
    private final PackedObjects objects;
    private final List<String> converted = new ArrayList<>();

    /** Until one is found to be converted. */
    private Optional<PlainContent> plain;

    ReplacedFiles(Repository repository, GitCommand.Program program, PackedObjects objects) throws IOException {
        this.repository = repository;
        this.program = program;
        this.objects = objects;
        this.plain = plain();
    }

    private Optional<PlainContent> plain() throws IOException {
        try {
            var settings = GitSettings.read(repository, program.additions());
            settings.requireUsualWorkTree();
            var index = IndexFile.read(repository.getIndexFile().toPath());
            return Optional.of(new PlainContent(repository, settings, index, objects));
        } catch (NotPlainException e) {
            LOG.debug("what git would record in {} is left to git: {}", repository, e.reason());
            return Optional.empty();
        }
    }

    /** Those that git would check out otherwise, whatever their blob is: it is their bytes. */
    List<String> converted() {
        return converted;
    }

    /** The tree of them alone. */
    ObjectId write(List<String> paths) throws IOException {
        var top = repository.getWorkTree().toPath().toRealPath();
        var empty = objects.tree(new TreeFormatter());
        try (var reader = objects.readerOfAll()) {
            var editor = new TreeEditor(reader, empty);
            for (var path : paths) {
                var file = top.resolve(path);
                editor.put(path, write(path, file), FileBlobs.mode(file));
            }
            return editor.write(objects::tree);
        }
    }

    private ObjectId write(String path, Path file) throws IOException {
        if (Files.isSymbolicLink(file) || isPlain(path)) {
            return FileBlobs.write(objects, file);
        }
        var same = writeByGit(path, file);
        if (same.isEmpty()) {
            converted.add(path);
            return FileBlobs.write(objects, file);
        }
        return same.get();
    }

    private boolean isPlain(String path) throws IOException {
        if (plain.isEmpty()) {
            return false;
        }
        try {
            plain.get().requireNoConversion(path);
            return true;
        } catch (NotPlainException e) {
            plain = Optional.empty();
            return false;
        }
    }

    /** Empty if git makes something else of both, or if there is no git: then nobody knows. */
    private Optional<ObjectId> writeByGit(String path, Path file) throws IOException {
        var git = new GitSnapshot(repository, program).writing(objects.gitEnvironment());
        try {
            // a filter that takes something away for good may bring it back if it is in the blob
            for (var how : List.of("--path=" + path, "--no-filters")) {
                var written = git.tryRun("", "hash-object", "-w", how, "--", file.toString());
                var blob = written.output().strip();
                if (written.status() == 0 && git.gives(file, "cat-file", "--filters", "--path=" + path, blob)) {
                    objects.take(ObjectId.fromString(blob));
                    return Optional.of(ObjectId.fromString(blob));
                }
            }
        } catch (GitMissingException e) {
            LOG.debug("{} is kept as it is: {}", file, e.getMessage());
        }
        return Optional.empty();
    }
}
