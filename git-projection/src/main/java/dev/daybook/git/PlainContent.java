package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.IndexTrees.Content;
import dev.daybook.git.WorkTreeScan.Suspect;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;

/**
 * What Git records of a file where it records the bytes that are there: where neither a setting nor an attribute converts them. Opens
 * regular files only. Used once, by one thread.
 */
final class PlainContent {

    private static final String ATTRIBUTES = ".gitattributes";

    /** Words of an attributes file that may change what is recorded of a file; it does no harm to take one for another. */
    private static final List<String> CONVERSIONS =
            List.of("text", "eol", "crlf", "ident", "filter", "encoding", "[attr]");

    private static final long MAX_ATTRIBUTES_BYTES = 1 << 20;

    private final Path workTree;
    private final Path commonDir;
    private final GitSettings settings;
    private final IndexFile index;
    private final NewObjects objects;
    private final Set<String> foldersWithoutConversion = new HashSet<>();
    private boolean isEverywhereChecked;

    PlainContent(Repository repository, GitSettings settings, IndexFile index, NewObjects objects) {
        this.workTree = repository.getWorkTree().toPath();
        this.commonDir = repository.getCommonDirectory().toPath();
        this.settings = settings;
        this.index = index;
        this.objects = objects;
    }

    /**
     * Writes it.
     *
     * @return empty if nothing is there that Git could record under this path
     * @throws NotPlainException if git may record something else than the bytes
     * @throws RepositoryException if git would refuse it
     */
    Optional<Content> of(Suspect suspect) throws IOException, NotPlainException {
        if (suspect.stat().isEmpty()) {
            return Optional.empty();
        }
        var stat = suspect.stat().get();
        var path = suspect.path();
        if (stat.isFolder()) {
            if (Files.exists(path.resolve(Constants.DOT_GIT), LinkOption.NOFOLLOW_LINKS)) {
                throw new NotPlainException("the folder " + path + " is a repository of its own");
            }
            return Optional.empty();
        }
        if (!TreeEditor.isSafe(suspect.entry().name())) {
            throw new NotPlainException("the path '" + suspect.entry().name() + "' is not safe");
        }
        if (stat.isLink()) {
            return Optional.of(content(stat, objects.blob(target(path))));
        }
        if (!stat.isFile()) {
            throw new RepositoryException(path + " is a pipe, a socket or a device, which Git cannot record; "
                    + "move it away, or take it out of the index with git rm --cached");
        }
        requireNoConversion(suspect.entry().name());
        return Optional.of(content(stat, blob(path, suspect.entry().id())));
    }

    /**
     * Writes a content that is somewhere else as it would be recorded at a path.
     *
     * @throws NotPlainException if git may record something else than the bytes
     */
    ObjectId of(String name, Path content) throws IOException, NotPlainException {
        requireNoConversion(name);
        return FileBlobs.write(objects, content);
    }

    private static Content content(FileStat stat, ObjectId blob) {
        return new Content(FileMode.fromBits(stat.gitMode()), blob);
    }

    /** A file that only looks as if it had changed is read and not written, and so is one whose content is kept as it is. */
    private ObjectId blob(Path file, ObjectId indexed) throws IOException, NotPlainException {
        // one file from its size to its last byte, whatever takes its place meanwhile
        try (var hasher = new ObjectInserter.Formatter();
                var open = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long size = open.size();
            var id = hasher.idFor(Constants.OBJ_BLOB, size, Channels.newInputStream(open));
            return id.equals(indexed) || objects.isKept(id)
                    ? id
                    : objects.blob(size, Channels.newInputStream(open.position(0)));
        } catch (EOFException | NoSuchFileException e) {
            throw new NotPlainException(file + " changes while it is read");
        } catch (AccessDeniedException e) {
            throw new RepositoryException(
                    file + " is tracked by Git and cannot be read; let this user read it, or take it out of the"
                            + " index with git rm --cached",
                    e);
        }
    }

    private static byte[] target(Path link) throws IOException, NotPlainException {
        var target = Files.readSymbolicLink(link).toString();
        boolean isAscii = target.chars().allMatch(c -> c < 0x80);
        if (!isAscii && (!IndexEntry.NAMES_ARE_UTF8 || target.indexOf('\ufffd') >= 0)) {
            throw new NotPlainException("the link " + link + " leads to a name that is not UTF-8");
        }
        return target.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Refuses a path whose content Git may convert.
     *
     * @throws NotPlainException if it may
     */
    void requireNoConversion(String name) throws IOException, NotPlainException {
        if (!isEverywhereChecked) {
            settings.requireUsualContent();
            for (var file : settings.attributeFiles(commonDir)) {
                requireHarmless(file);
            }
            isEverywhereChecked = true;
        }
        for (int slash = name.lastIndexOf('/'); ; slash = name.lastIndexOf('/', slash - 1)) {
            var folder = name.substring(0, slash + 1);
            if (!foldersWithoutConversion.add(folder)) {
                return;
            }
            requireHarmless(folder);
            if (slash < 0) {
                return;
            }
        }
    }

    /** Where the file is missing, git takes the one of the index. */
    private void requireHarmless(String folder) throws IOException, NotPlainException {
        var file = workTree.resolve(folder + ATTRIBUTES);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && index.has((folder + ATTRIBUTES).getBytes(StandardCharsets.UTF_8))) {
            throw new NotPlainException(file + " is in the index only");
        }
        requireHarmless(file);
    }

    private static void requireHarmless(Path file) throws IOException, NotPlainException {
        var stat = FileStat.of(file);
        if (stat.isEmpty()) {
            return;
        }
        if (!stat.get().isFile() || Files.size(file) > MAX_ATTRIBUTES_BYTES) {
            throw new NotPlainException(file + " is not a small file");
        }
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (var word : CONVERSIONS) {
            if (text.contains(word)) {
                throw new NotPlainException(file + " may convert what is recorded, with '" + word + "'");
            }
        }
    }
}
