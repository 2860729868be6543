package dev.daybook.git;

import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.git.dvc.ListedParams;
import dev.daybook.git.dvc.SavedFiles;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.NullValue;
import dev.daybook.port.Projection.Witness;
import dev.daybook.port.SavedRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Reads one saved experiment, Daybook's or DVC's. Whatever is damaged becomes a sentence in the record, never an exception. */
final class SavedReader {

    private static final String DEFAULT_FOLDER = "dvclive";

    private final String name;
    private final String ref;
    private final String commit;
    private final String baseline;
    private final Map<ParamKey, ParamValue> params = new LinkedHashMap<>();
    private final Map<String, ParamValue> metrics = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<DaybookJson.Head> head = Optional.empty();
    private Optional<byte[]> daybookJson = Optional.empty();
    private String folder = DEFAULT_FOLDER;

    private SavedReader(String name, String ref, String commit, String baseline) {
        this.name = name;
        this.ref = ref;
        this.commit = commit;
        this.baseline = baseline;
    }

    private static SavedReader of(Ref ref) {
        var matcher = ExperimentRefs.EXPERIMENT.matcher(ref.getName());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(ref.getName() + " is no experiment's ref");
        }
        return new SavedReader(
                matcher.group(3), ref.getName(), ref.getObjectId().name(), matcher.group(1) + matcher.group(2));
    }

    static SavedRecord read(Repository repository, Ref ref) {
        var saved = of(ref);
        return saved.record(saved.read(repository, ref.getObjectId()));
    }

    /** Any commit, as if it were the experiment of a baseline. */
    static SavedRecord read(Repository repository, ObjectId commit, String baseline) {
        var saved = new SavedReader("", "", commit.name(), baseline);
        return saved.record(saved.read(repository, commit));
    }

    /** What the work tree says, in the same files. */
    static SavedRecord readWorkTree(FileSource files, SavedRecord like) {
        var saved = new SavedReader("", "", "", like.baseline());
        saved.readFiles(files);
        return saved.record(Instant.EPOCH);
    }

    private SavedRecord record(Instant time) {
        return new SavedRecord(
                name,
                ref,
                commit,
                baseline,
                time,
                head.map(DaybookJson.Head::id),
                params,
                metrics,
                head.flatMap(DaybookJson.Head::failure),
                problems);
    }

    /** What the commit says of the experiment's journal; empty if nothing, or nothing that can be read. */
    static Optional<Witness> witness(Repository repository, SavedRecord record) {
        var commit = ObjectId.fromString(record.commit());
        var saved = of(new ObjectIdRef.PeeledNonTag(Ref.Storage.LOOSE, record.ref(), commit));
        try (var walk = new RevWalk(repository)) {
            saved.findDaybookJson(walk, walk.parseCommit(commit));
            return saved.daybookJson.isEmpty()
                    ? Optional.empty()
                    : Optional.of(DaybookJson.witness(saved.daybookJson.get()));
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either; the record has it among its problems
            return Optional.empty();
        }
    }

    /** The id that Daybook gave an experiment; empty if it did not, or what it wrote cannot be read. */
    static Optional<ExperimentId> id(Repository repository, Ref ref) {
        var saved = new SavedReader(ref);
        try (var walk = new RevWalk(repository)) {
            saved.findDaybookJson(walk, walk.parseCommit(ref.getObjectId()));
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either; the record has it among its problems
            return Optional.empty();
        }
        return saved.head.map(DaybookJson.Head::id);
    }

    private Instant read(Repository repository, AnyObjectId id) {
        var time = Instant.EPOCH;
        try (var walk = new RevWalk(repository)) {
            var parsed = walk.parseCommit(id);
            time = parsed.getCommitterIdent().getWhenAsInstant();
            findDaybookJson(walk, parsed);
            readFiles(new TreeFiles(walk.getObjectReader(), parsed.getTree()));
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            problems.add("commit " + commit + " cannot be read: " + reason(e));
        }
        return time;
    }

    /** Only one that the baseline does not have speaks of this experiment: another may have been applied and committed. */
    private void findDaybookJson(RevWalk walk, RevCommit parsed) throws IOException {
        try (var trees = new TreeWalk(walk.getObjectReader())) {
            trees.setRecursive(true);
            if (parsed.getParentCount() > 0) {
                trees.addTree(walk.parseCommit(parsed.getParent(0)).getTree());
            } else {
                trees.addTree(new EmptyTreeIterator());
            }
            trees.addTree(parsed.getTree());
            trees.setFilter(AndTreeFilter.create(PathSuffixFilter.create("/" + DaybookJson.FILE), TreeFilter.ANY_DIFF));
            while (trees.next() && head.isEmpty()) {
                if (TreeFiles.isFile(trees.getFileMode(1))) {
                    readDaybookJson(walk, trees);
                }
            }
        }
    }

    private void readDaybookJson(RevWalk walk, TreeWalk trees) {
        var path = trees.getPathString();
        try {
            var files = new TreeFiles(walk.getObjectReader(), trees.getObjectId(1));
            var content = files.content(trees.getFileMode(1), trees.getObjectId(1));
            var read = DaybookJson.read(content);
            // else: DVC saved a work tree to which an experiment of Daybook had been applied
            if (read.baseline().equals(baseline)) {
                head = Optional.of(read);
                daybookJson = Optional.of(content);
                folder = path.substring(0, path.length() - DaybookJson.FILE.length() - 1);
            }
        } catch (IOException e) {
            problems.add(path + " cannot be read: " + reason(e));
        }
    }

    private void readFiles(FileSource files) {
        var paramFiles = new LinkedHashSet<String>();
        var metricFiles = new LinkedHashSet<String>();
        paramFiles.add("params.yaml");
        paramFiles.add(folder + "/params.yaml");
        metricFiles.add(folder + "/metrics.json");
        var optional = Set.of("params.yaml", folder + "/params.yaml", folder + "/metrics.json");
        for (var list : new LinkedHashSet<>(List.of("", folder + "/", DEFAULT_FOLDER + "/"))) {
            var dvcYaml = values(files, list + "dvc.yaml", true);
            ListedParams.of(list, dvcYaml).stream()
                    .filter(file -> !ListedParams.isTemplate(file))
                    .forEach(paramFiles::add);
            SavedFiles.listed(dvcYaml, "metrics").forEach(file -> metricFiles.add(ListedParams.resolve(list, file)));
        }
        for (var file : paramFiles) {
            values(files, file, optional.contains(file))
                    .forEach((key, value) -> param(new ParamKey(Optional.of(file), List.of(key)), value));
        }
        for (var file : metricFiles) {
            boolean isOurs = file.equals(folder + "/metrics.json");
            values(files, file, optional.contains(file)).forEach((key, value) -> {
                if (!isOurs || !key.equals("step")) {
                    metric(file, key, value);
                }
            });
        }
        head.ifPresent(ours ->
                ours.notNumbers().forEach((metric, value) -> metrics.putIfAbsent(metric, ParamValue.of(value))));
    }

    private Map<String, ParamValue> values(FileSource files, String file, boolean isOptional) {
        try {
            var content = files.read(file);
            if (content.isPresent()) {
                return SavedFiles.values(file, content.get());
            }
            if (!isOptional) {
                problems.add(file + " is listed in a dvc.yaml and not in the commit");
            }
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + reason(e));
        }
        return Map.of();
    }

    private void param(ParamKey key, ParamValue value) {
        if (value instanceof MapValue map && !map.entries().isEmpty()) {
            map.entries().forEach((segment, child) -> param(key.child(segment), child));
        } else {
            params.put(key, value);
        }
    }

    /** Two files may have one name; the later one's gets its file in front. */
    private void metric(String file, String key, ParamValue value) {
        if (value instanceof MapValue map) {
            map.entries().forEach((segment, child) -> metric(file, key + "/" + segment, child));
        } else if (!(value instanceof ListValue) && !(value instanceof NullValue)) {
            metrics.put(metrics.containsKey(key) ? file + ":" + key : key, value);
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
