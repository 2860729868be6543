package dev.daybook.git;

import dev.daybook.git.IndexFile.CachedTree;
import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.ParamFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * Reads the files in trees that refer to data. Each tree, and each file, is read once, whatever number of experiments have it; and ahead of
 * the question by several threads, while others wait for the remote. Thread-safe.
 */
final class PointerFiles {

    private static final Pattern LFS = Pattern.compile("(?m)^[^#\\n]*\\bfilter=lfs\\b");
    private static final byte[] POINTER = ".dvc".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOCK = "dvc.lock".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ATTRIBUTES = ".gitattributes".getBytes(StandardCharsets.US_ASCII);

    /** A tree that is deeper was made to harm. */
    private static final int MOST_LEVELS = 500;

    private static final int MOST_THREADS = 4;

    private final Map<ObjectId, List<Place>> places = new ConcurrentHashMap<>();
    private final Map<Place, List<Output>> outputs = new ConcurrentHashMap<>();
    private final Set<ObjectId> attributes = ConcurrentHashMap.newKeySet();
    private final Set<String> problems = ConcurrentHashMap.newKeySet();
    private volatile boolean isWithLfs;

    /** Where a file stands in a tree, and its blob. */
    private record Place(String path, ObjectId blob) {

        Place under(String folder) {
            return new Place(folder + "/" + path, blob);
        }
    }

    /** Sentences about what could not be read. */
    Set<String> problems() {
        return problems;
    }

    /** Whether some files are kept in Git LFS. */
    boolean isWithLfs() {
        return isWithLfs;
    }

    /** Takes from an index in which folders no such file is: the trees that it remembers of those need not be read. */
    void know(IndexFile index) {
        var folders = new HashSet<String>();
        for (var entry : index.entries()) {
            var path = entry.path();
            if (endsWith(path, path.length, POINTER)
                    || endsWith(path, path.length, LOCK)
                    || endsWith(path, path.length, ATTRIBUTES)) {
                var folder = new String(path, StandardCharsets.ISO_8859_1);
                for (int slash = folder.lastIndexOf('/'); slash >= 0; slash = folder.lastIndexOf('/', slash - 1)) {
                    folders.add(folder.substring(0, slash + 1));
                }
            }
        }
        index.trees().ifPresent(tree -> know(tree, "", folders));
    }

    /** @param folder one character for each byte */
    private void know(CachedTree tree, String folder, Set<String> withFiles) {
        tree.folders().forEach((name, inner) -> {
            var path = folder + name + "/";
            if (inner.isValid() && !withFiles.contains(path)) {
                places.put(inner.id(), List.of());
            }
            know(inner, path, withFiles);
        });
    }

    /** Begins to read what commits hold; whatever fails is met again when it is asked for. */
    CompletableFuture<Void> readAhead(Repository repository, List<ObjectId> commits) {
        var next = new AtomicInteger();
        int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < count; i++) {
            var done = new CompletableFuture<Void>();
            var thread = new Thread(
                    () -> {
                        try {
                            read(repository, commits, next);
                        } catch (IOException | RuntimeException e) {
                            next.set(commits.size());
                        } finally {
                            done.complete(null);
                        }
                    },
                    "daybook-pointers");
            thread.setDaemon(true);
            thread.start();
            all.add(done);
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private void read(Repository repository, List<ObjectId> commits, AtomicInteger next) throws IOException {
        try (var reader = repository.newObjectReader();
                var walk = new RevWalk(reader)) {
            for (int i = next.getAndIncrement(); i < commits.size(); i = next.getAndIncrement()) {
                outputs(reader, walk.parseCommit(commits.get(i)).getTree());
            }
        }
    }

    /** All that the files of a tree refer to. */
    List<Output> outputs(ObjectReader reader, ObjectId tree) throws IOException {
        var all = new ArrayList<Output>();
        for (var place : places(reader, tree, 0)) {
            var known = outputs.get(place);
            all.addAll(known == null ? read(reader, place, tree) : known);
        }
        return all;
    }

    private List<Output> read(ObjectReader reader, Place place, ObjectId tree) {
        var beside = place.path().substring(0, place.path().lastIndexOf('/') + 1) + "dvc.yaml";
        var others = new HashSet<String>();
        try {
            var found = DvcOutputs.of(place.path(), content(reader, place.blob()), file -> {
                others.add(file);
                return new TreeFiles(reader, tree).read(file);
            });
            // else values of a template may have come from elsewhere
            if (Set.of(beside).containsAll(others)) {
                outputs.put(place, found);
            }
            return found;
        } catch (ParamFileException | IOException e) {
            outputs.put(place, List.of());
            problems.add("which data " + place.path() + " refers to is not known, because it cannot be read ("
                    + e.getMessage() + "); they are left out");
            return List.of();
        }
    }

    private List<Place> places(ObjectReader reader, ObjectId tree, int level) throws IOException {
        var known = places.get(tree);
        if (known != null) {
            return known;
        }
        if (level > MOST_LEVELS) {
            throw new IOException("the tree " + tree.name() + " lies deeper than " + MOST_LEVELS + " folders");
        }
        List<Place> found = List.of();
        var parser = new CanonicalTreeParser();
        for (parser.reset(reader, tree); !parser.eof(); parser.next()) {
            int mode = parser.getEntryRawMode();
            boolean isFile = (mode & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
            if ((mode & FileMode.TYPE_MASK) == FileMode.TYPE_TREE) {
                var below = places(reader, parser.getEntryObjectId(), level + 1);
                if (!below.isEmpty() && !parser.getEntryPathString().equals(".dvc")) {
                    var name = parser.getEntryPathString();
                    found = new ArrayList<>(found);
                    found.addAll(below.stream().map(place -> place.under(name)).toList());
                }
            } else if (isFile && (endsWith(parser, POINTER) || endsWith(parser, LOCK))) {
                var name = parser.getEntryPathString();
                if (DvcOutputs.isPointer(name)) {
                    found = new ArrayList<>(found);
                    found.add(new Place(name, parser.getEntryObjectId()));
                }
            } else if (isFile
                    && endsWith(parser, ATTRIBUTES)
                    && attributes.add(parser.getEntryObjectId())
                    && LFS.matcher(text(reader, parser.getEntryObjectId())).find()) {
                isWithLfs = true;
            }
        }
        places.put(tree.copy(), found);
        return found;
    }

    private static boolean endsWith(CanonicalTreeParser parser, byte[] end) {
        return parser.getNameLength() >= end.length
                && endsWith(parser.getEntryPathBuffer(), parser.getEntryPathLength(), end);
    }

    private static boolean endsWith(byte[] path, int length, byte[] end) {
        int from = length - end.length;
        return from >= 0 && Arrays.equals(path, from, length, end, 0, end.length);
    }

    private static String text(ObjectReader reader, ObjectId blob) {
        try {
            return new String(content(reader, blob), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static byte[] content(ObjectReader reader, ObjectId blob) throws IOException {
        return new TreeFiles(reader, ObjectId.zeroId()).content(FileMode.REGULAR_FILE, blob);
    }
}
