package dev.daybook.git;

import dev.daybook.git.dvc.CustomPlots;
import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.git.dvc.DvcYaml;
import dev.daybook.git.dvc.MetricPlots;
import dev.daybook.git.dvc.MetricsJson;
import dev.daybook.git.dvc.ParamFile;
import dev.daybook.git.dvc.ParamFiles;
import dev.daybook.git.dvc.Plots;
import dev.daybook.git.dvc.SamplePlots;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.ExperimentSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Lays an experiment over its code: overrides edited into the parameter files, and the output folder with exactly this experiment's files.
 * The same source, name and code give the same tree.
 */
final class ExperimentTree {

    private final NewObjects objects;
    private final WorkTreeGit git;
    private final ParsedParams parsed;
    private final ExperimentSource source;
    private final Code code;
    private final String folder;
    private final TreeEditor editor;
    private final List<String> warnings = new ArrayList<>();

    /** On data that are gone; not in the commit. */
    private List<String> lost = List.of();

    /** What was written so far, but for streams: new objects cannot be read again in all cases. */
    private final Map<String, byte[]> written = new LinkedHashMap<>();

    ExperimentTree(NewObjects objects, WorkTreeGit git, ParsedParams parsed, ExperimentSource source, Code code)
            throws IOException {
        this.objects = objects;
        this.git = git;
        this.parsed = parsed;
        this.source = source;
        this.code = code;
        this.folder = source.data().facts().outputFolder();
        this.editor = new TreeEditor(objects.reader(), ObjectId.fromString(code.tree()));
    }

    /**
     * Writes the blobs of a saved experiment, then the trees.
     *
     * @param notices sentences of the caller that go into {@code daybook.json} with those of this class
     */
    ObjectId save(String name, MetricPlots plots, List<String> notices) throws IOException {
        warnings.addAll(notices);
        clearFolder();
        new SeriesFiles(objects, editor, git.workTree(), folder).write(plots);
        return write(name, plots, Optional.empty());
    }

    /**
     * The same for a checkpoint, with samples of the series.
     *
     * @param past what an experiment that begins with it takes over
     */
    ObjectId checkpoint(SamplePlots plots, Optional<byte[]> past) throws IOException {
        if (past.isEmpty()) {
            warnings.add("no experiment can begin with this checkpoint: its parameters and metrics are more than"
                    + " an event takes");
        }
        clearFolder();
        return write(source.data().name(), plots, past);
    }

    /** Sentences on what is otherwise than it was asked for; they stand in {@code daybook.json} too, but for those on data that are gone. */
    List<String> warnings() {
        var all = new ArrayList<>(warnings);
        all.addAll(lost);
        return all;
    }

    private ObjectId write(String name, Plots plots, Optional<byte[]> past) throws IOException {
        var params = ParamFiles.edit(overrides(), source.data().ownParamsFile(), this::read);
        warnings.addAll(params.warnings());
        for (var file : params.edited().entrySet()) {
            editor.put(file.getKey(), objects.blob(file.getValue()));
            written.put(file.getKey(), file.getValue());
        }
        writeFolder(params, plots);
        if (!source.data().artifacts().isEmpty()) {
            var files = new EditedFiles(objects, editor, written);
            var edited = params.edited().keySet();
            lost = new ArtifactFiles(objects, git, files, code, folder, edited, warnings)
                    .write(source.data().artifacts().asJava());
        }
        put(DaybookJson.FILE, DaybookJson.write(source, name, code, warnings, past));
        return editor.write(objects::tree);
    }

    private Map<ParamKey, ParamValue> overrides() {
        var overrides = new LinkedHashMap<ParamKey, ParamValue>();
        source.data().overrides().forEach((key, value) -> overrides.put(key, value));
        return overrides;
    }

    private void clearFolder() throws IOException {
        var obstacle = editor.obstacle(folder);
        var inPlace = editor.find(folder)
                .filter(found -> !found.mode().equals(FileMode.TREE))
                .map(found -> folder);
        obstacle.or(() -> inPlace)
                .ifPresent(path -> warnings.add("the code's " + path + " is not in the commit: the experiment's folder "
                        + folder + " stands in its place"));
        editor.remove(folder);
    }

    private void writeFolder(ParamFiles.Edited params, Plots plots) throws IOException {
        var metrics = MetricPlots.withRecords(source.metrics());
        plots.writeTo(this::put);
        CustomPlots.writeTo(this::put, source.data());
        if (!metrics.isEmpty()) {
            put("metrics.json", MetricsJson.write(metrics));
        }
        if (params.own().isPresent()) {
            put("params.yaml", params.own().get());
        }
        var dvcYaml = DvcYaml.write(listed(params), !metrics.isEmpty(), plots, source.data());
        if (dvcYaml.isPresent()) {
            put("dvc.yaml", dvcYaml.get());
        }
    }

    /** Parameter files by their paths from the folder; the one that DVC always looks at needs no entry. */
    private List<String> listed(ParamFiles.Edited params) {
        var files = new ArrayList<String>();
        params.own().ifPresent(own -> files.add("params.yaml"));
        var toRoot = "../".repeat(folder.split("/", -1).length);
        params.edited().keySet().stream()
                .filter(file -> !file.equals("params.yaml"))
                .forEach(file -> files.add(toRoot + file));
        return files;
    }

    private void put(String file, long length, InputStream content) throws IOException {
        editor.put(folder + "/" + file, objects.blob(length, content));
    }

    private void put(String file, byte[] content) throws IOException {
        editor.put(folder + "/" + file, objects.blob(content));
        written.put(folder + "/" + file, content);
    }

    private Optional<ParamFile> read(String file) throws IOException {
        if (!TreeEditor.isSafe(file)) {
            throw new IOException("it is no path that a commit may hold");
        }
        if (file.startsWith(folder + "/")) {
            throw new IOException("the experiment's own files stand there");
        }
        var obstacle = editor.obstacle(file);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get() + " is no folder in the code");
        }
        var found = editor.find(file);
        return found.isEmpty() ? Optional.empty() : Optional.of(parsed.of(file, found.get(), objects.reader()));
    }
}
