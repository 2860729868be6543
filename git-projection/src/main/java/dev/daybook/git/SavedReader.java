package dev.daybook.git;

import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.git.dvc.FileSource;
import dev.daybook.git.dvc.ListedFiles;
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
import org.eclipse.jgit.lib.ObjectId;
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

    private final SavedReading reading;
    private final SavedName saved;
    private final Map<ParamKey, ParamValue> params = new LinkedHashMap<>();
    private final Map<String, ParamValue> metrics = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private boolean isForEver = true;
    private Optional<DaybookJson.Head> head = Optional.empty();
    private Optional<byte[]> daybookJson = Optional.empty();
    private String folder = DEFAULT_FOLDER;
    private Optional<SavedPipelines> pipelines = Optional.empty();

    private SavedReader(SavedReading reading, SavedName saved) {
        this.reading = reading;
        this.saved = saved;
    }

    /**
     * What was read of an experiment.
     *
     * @param isForEver whether another reading will find the same: not where an object is missing that may be fetched some day
     */
    record Result(SavedRecord record, boolean isForEver) {}

    static SavedRecord read(Repository repository, Ref ref) {
        try (var reading = new SavedReading(repository)) {
            return read(reading, SavedName.of(ref)).record();
        }
    }

    /** Any commit, as if it were the experiment of a baseline. */
    static SavedRecord read(Repository repository, ObjectId commit, String baseline) {
        try (var reading = new SavedReading(repository)) {
            return read(reading, new SavedName("", "", commit, baseline)).record();
        }
    }

    /**
     * What the work tree says, in the same files.
     *
     * @param near commits whose experiments may have left their output folder there, the likeliest first
     */
    static SavedRecord readWorkTree(Repository repository, String baseline, List<ObjectId> near) {
        try (var reading = new SavedReading(repository)) {
            var saved = new SavedReader(reading, new SavedName("", "", ObjectId.zeroId(), baseline));
            var files = new WorkTreeFiles(repository.getWorkTree().toPath());
            var folders = new LinkedHashSet<String>();
            var pipelines = new LinkedHashSet<String>();
            saved.look(near, folders, pipelines);
            folders.add(DEFAULT_FOLDER);
            saved.findDaybookJson(files, folders);
            saved.readFiles(files, pipelines);
            return saved.record(Instant.EPOCH);
        }
    }

    /**
     * Where the files of commits are; what cannot be read is a problem.
     *
     * @param folders gets the output folders of their experiments
     * @param pipelines gets the folders of their {@code dvc.yaml} files
     */
    private void look(List<ObjectId> commits, Set<String> folders, Set<String> pipelines) {
        try (var walk = new RevWalk(reading.objects())) {
            for (var commit : commits) {
                try {
                    var parsed = walk.parseCommit(commit);
                    daybookJsons(walk, parsed).keySet().forEach(path -> folders.add(folder(path)));
                    pipelines.addAll(new SavedPipelines(reading, parsed.getTree(), this::problem).folders());
                } catch (IOException | RuntimeException e) {
                    // JGit meets damage with either
                    problem("commit " + commit.name() + " cannot be read", e, true);
                }
            }
        }
    }

    /** The first that there is, whosever it is: the files beside it are its. */
    private void findDaybookJson(FileSource files, Set<String> folders) {
        folder = folders.iterator().next();
        for (var each : folders) {
            var path = each + "/" + DaybookJson.FILE;
            var content = read(files, path);
            if (content.isPresent()) {
                head = head(path, content.get());
                folder = each;
                return;
            }
        }
    }

    static Result read(SavedReading reading, SavedName name) {
        var saved = new SavedReader(reading, name);
        var time = saved.read();
        return new Result(saved.record(time), saved.isForEver);
    }

    private SavedRecord record(Instant time) {
        return new SavedRecord(
                saved.name(),
                saved.ref(),
                saved.commit().name(),
                saved.baseline(),
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
        try (var reading = new SavedReading(repository);
                var walk = new RevWalk(reading.objects())) {
            var saved = new SavedReader(reading, SavedName.of(record.ref(), commit));
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
        return id(repository, SavedName.of(ref));
    }

    /** As {@link #id(Repository, Ref)}, of one that may have lost its ref. */
    static Optional<ExperimentId> id(Repository repository, SavedName name) {
        try (var reading = new SavedReading(repository);
                var walk = new RevWalk(reading.objects())) {
            var saved = new SavedReader(reading, name);
            saved.findDaybookJson(walk, walk.parseCommit(name.commit()));
            return saved.head.map(DaybookJson.Head::id);
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either; the record has it among its problems
            return Optional.empty();
        }
    }

    private Instant read() {
        var time = Instant.EPOCH;
        try (var walk = new RevWalk(reading.objects())) {
            var parsed = walk.parseCommit(saved.commit());
            time = parsed.getCommitterIdent().getWhenAsInstant();
            findDaybookJson(walk, parsed);
            var files = new TreeFiles(reading.objects(), parsed.getTree());
            var all = new SavedPipelines(reading, parsed.getTree(), this::problem);
            pipelines = Optional.of(all);
            readFiles(files, all.folders());
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            problem("commit " + saved.commit().name() + " cannot be read", e, false);
        }
        return time;
    }

    /** Only one that the baseline does not have speaks of this experiment: another may have been applied and committed. */
    private void findDaybookJson(RevWalk walk, RevCommit parsed) throws IOException {
        for (var found : daybookJsons(walk, parsed).entrySet()) {
            if (head.isEmpty()) {
                var files = new TreeFiles(reading.objects(), ObjectId.zeroId());
                content(files, found.getKey(), found.getValue())
                        .ifPresent(content -> takeDaybookJson(parsed.getShortMessage(), found.getKey(), content));
            }
        }
    }

    /** Those that a commit's first parent has not, or not so. */
    private static Map<String, TreeFiles.Found> daybookJsons(RevWalk walk, RevCommit parsed) throws IOException {
        var all = new LinkedHashMap<String, TreeFiles.Found>();
        try (var trees = new TreeWalk(walk.getObjectReader())) {
            trees.setRecursive(true);
            if (parsed.getParentCount() > 0) {
                trees.addTree(walk.parseCommit(parsed.getParent(0)).getTree());
            } else {
                trees.addTree(new EmptyTreeIterator());
            }
            trees.addTree(parsed.getTree());
            trees.setFilter(AndTreeFilter.create(PathSuffixFilter.create("/" + DaybookJson.FILE), TreeFilter.ANY_DIFF));
            while (trees.next()) {
                if (TreeFiles.isFile(trees.getFileMode(1))) {
                    all.put(
                            trees.getPathString(),
                            new TreeFiles.Found(
                                    trees.getFileMode(1), trees.getObjectId(1).copy()));
                }
            }
        }
        return all;
    }

    private void takeDaybookJson(String subject, String path, byte[] content) {
        // else: a work tree was saved to which another experiment had been applied
        head(path, content)
                .filter(read -> read.baseline().equals(saved.baseline()))
                .filter(read -> subject.equals(ExperimentCommits.subject(read.name())))
                .ifPresent(read -> {
                    head = Optional.of(read);
                    daybookJson = Optional.of(content);
                    folder = folder(path);
                });
    }

    private Optional<DaybookJson.Head> head(String path, byte[] content) {
        try {
            return Optional.of(DaybookJson.read(content));
        } catch (IOException | RuntimeException e) {
            problem(path + " cannot be read", e, true);
            return Optional.empty();
        }
    }

    private static String folder(String daybookJson) {
        return daybookJson.substring(0, daybookJson.length() - DaybookJson.FILE.length() - 1);
    }

    /** What is known of a file before it is looked for. */
    private enum Listing {
        /** Read where there is one. */
        USUAL,
        /** Made by a stage, which need not have run; data by default. */
        OF_STAGE,
        /** To be there. */
        LISTED
    }

    /** @param pipelines folders of more {@code dvc.yaml} files, each empty or with a {@code /} at its end */
    private void readFiles(FileSource files, Set<String> pipelines) {
        var paramFiles = new LinkedHashMap<String, Listing>();
        var metricFiles = new LinkedHashMap<String, Listing>();
        paramFiles.put("params.yaml", Listing.USUAL);
        paramFiles.put(folder + "/params.yaml", Listing.USUAL);
        metricFiles.put(folder + "/metrics.json", Listing.USUAL);
        var folders = new LinkedHashSet<>(List.of("", folder + "/", DEFAULT_FOLDER + "/"));
        folders.addAll(pipelines);
        for (var each : folders) {
            var dvcYaml = values(files, each + DvcFiles.PIPELINE, Listing.USUAL);
            addTo(paramFiles, ListedFiles.params(each, dvcYaml), Listing.LISTED);
            addTo(metricFiles, ListedFiles.metrics(each, dvcYaml), Listing.LISTED);
            addTo(metricFiles, ListedFiles.stageMetrics(each, dvcYaml), Listing.OF_STAGE);
        }
        paramFiles.forEach((file, listing) -> values(files, file, listing)
                .forEach((key, value) -> param(new ParamKey(Optional.of(file), List.of(key)), value)));
        metricFiles.forEach((file, listing) -> {
            boolean isOurs = file.equals(folder + "/metrics.json");
            values(files, file, listing).forEach((key, value) -> {
                if (!isOurs || !key.equals("step")) {
                    metric(file, key, value);
                }
            });
        });
        head.ifPresent(ours ->
                ours.notNumbers().forEach((metric, value) -> metrics.putIfAbsent(metric, ParamValue.of(value))));
    }

    private static void addTo(Map<String, Listing> files, Set<String> listed, Listing listing) {
        for (var file : listed) {
            if (!ListedFiles.isTemplate(file)) {
                // in two ways: it may be data, and need not be there
                files.merge(file, listing, (before, now) -> before == now ? now : Listing.OF_STAGE);
            }
        }
    }

    private Map<String, ParamValue> values(FileSource files, String file, Listing listing) {
        return files instanceof TreeFiles tree
                ? ofTree(tree, file, listing)
                : read(files, file).map(content -> parsed(file, content)).orElse(Map.of());
    }

    private Optional<byte[]> read(FileSource files, String file) {
        try {
            return files.read(file);
        } catch (IOException e) {
            problem(file + " cannot be read", e, true);
            return Optional.empty();
        }
    }

    /** What many trees have is parsed once. */
    private Map<String, ParamValue> ofTree(TreeFiles files, String file, Listing listing) {
        Optional<TreeFiles.Found> found;
        try {
            found = files.find(file);
        } catch (IOException | RuntimeException e) {
            problem(file + " cannot be read", e, false);
            return Map.of();
        }
        if (found.isEmpty()) {
            return listing == Listing.USUAL ? Map.of() : ofData(file, listing);
        }
        var id = found.get().content();
        var known = reading.known(file, id);
        if (known.isPresent()) {
            return known.get();
        }
        var content = content(files, file, found.get());
        var values = content.map(bytes -> parsed(file, bytes)).orElse(Map.of());
        if (!values.isEmpty()) {
            reading.remember(file, id, values);
        }
        return values;
    }

    /** Of a file that DVC keeps instead of Git. */
    private Map<String, ParamValue> ofData(String file, Listing listing) {
        try {
            var content = pipelines.isEmpty()
                    ? Optional.<byte[]>empty()
                    : pipelines.get().data(file);
            if (content.isPresent()) {
                return parsed(file, content.get());
            }
            if (listing == Listing.LISTED) {
                problems.add(file + " is listed in a dvc.yaml and not in the commit");
            }
        } catch (IOException | RuntimeException e) {
            // what is not in the cache today may be there tomorrow
            problem(file + " cannot be read", e, false);
        }
        return Map.of();
    }

    private Optional<byte[]> content(TreeFiles files, String file, TreeFiles.Found found) {
        try {
            return Optional.of(files.content(found.mode(), found.content()));
        } catch (IOException | RuntimeException e) {
            problem(file + " cannot be read", e, false);
            return Optional.empty();
        }
    }

    /** Whatever is wrong with one file is no reason not to read the others. */
    private Map<String, ParamValue> parsed(String file, byte[] content) {
        try {
            return SavedFiles.values(file, content);
        } catch (IOException | RuntimeException e) {
            problem(file + " cannot be read", e, true);
            return Map.of();
        }
    }

    private void param(ParamKey key, ParamValue value) {
        if (value instanceof MapValue map && !map.entries().isEmpty()) {
            map.entries().forEach((segment, child) -> param(key.child(segment), child));
        } else {
            params.put(key, value);
        }
    }

    /** Two files may have one name, and a file may have one in two ways; the later one's gets its file in front. */
    private void metric(String file, String key, ParamValue value) {
        if (value instanceof MapValue map) {
            map.entries().forEach((segment, child) -> metric(file, key + "/" + segment, child));
        } else if (!(value instanceof ListValue) && !(value instanceof NullValue)) {
            var name = key;
            while (metrics.containsKey(name)) {
                name = file + ":" + name;
            }
            metrics.put(name, value);
        }
    }

    private void problem(String what, Exception reason, boolean isSoForEver) {
        isForEver &= isSoForEver;
        problems.add(
                what + ": " + (reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage()));
    }
}
