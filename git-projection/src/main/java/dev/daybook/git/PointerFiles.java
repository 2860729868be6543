package dev.daybook.git;

import dev.daybook.git.DvcFiles.Place;
import dev.daybook.git.DvcFiles.Pointer;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads the files in trees that refer to data. Each tree, and each file, is read once, whatever number of experiments have it.
 * Thread-safe.
 */
final class PointerFiles {

    private static final Pattern LFS = Pattern.compile("(?m)^[^#\\n]*\\bfilter=lfs\\b");
    private static final byte[] POINTER = ".dvc".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOCK = DvcFiles.LOCK.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ATTRIBUTES = DvcFiles.ATTRIBUTES.getBytes(StandardCharsets.US_ASCII);

    private final DvcFiles files = new DvcFiles();
    private final Map<Pointer, List<Output>> outputs = new ConcurrentHashMap<>();
    private final Set<ObjectId> attributes = ConcurrentHashMap.newKeySet();
    private final Set<String> problems = ConcurrentHashMap.newKeySet();
    private volatile boolean isWithLfs;

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
                files.skip(inner.id());
            }
            know(inner, path, withFiles);
        });
    }

    /** Reads what the files of a tree refer to, before it is asked for; whatever fails is met again then. */
    void readAhead(ObjectReader reader, ObjectId tree) {
        try {
            var unused = outputs(reader, tree);
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
        }
    }

    /** All that the files of a tree refer to. */
    List<Output> outputs(ObjectReader reader, ObjectId tree) throws IOException {
        var all = new ArrayList<Output>();
        var places = files.of(reader, tree);
        for (var place : places) {
            if (DvcOutputs.isPointer(place.name())) {
                var pointer = pointer(place, places);
                var known = outputs.get(pointer);
                all.addAll(known == null ? read(reader, pointer, tree) : known);
            } else if (place.name().equals(DvcFiles.ATTRIBUTES)
                    && attributes.add(place.blob())
                    && LFS.matcher(text(reader, place.blob())).find()) {
                isWithLfs = true;
            }
        }
        return all;
    }

    private static Pointer pointer(Place place, List<Place> places) {
        return new Pointer(
                place,
                place.pipeline()
                        .flatMap(path -> places.stream()
                                .filter(each -> each.path().equals(path))
                                .map(Place::blob)
                                .findFirst()));
    }

    private List<Output> read(ObjectReader reader, Pointer pointer, ObjectId tree) {
        var place = pointer.file();
        var around = new NotedFiles(new TreeFiles(reader, tree));
        try {
            var found = DvcOutputs.of(place.path(), content(reader, place.blob()), around);
            // else values of a template may have come from elsewhere
            if (around.isNoneBut(place.folder() + DvcFiles.PIPELINE)) {
                outputs.put(pointer, found);
            }
            return found;
        } catch (ParamFileException | IOException e) {
            outputs.put(pointer, List.of());
            problems.add("which data " + place.path() + " refers to is not known, because it cannot be read ("
                    + e.getMessage() + "); they are left out");
            return List.of();
        }
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
