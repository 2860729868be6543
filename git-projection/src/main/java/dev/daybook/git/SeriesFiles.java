package dev.daybook.git;

import dev.daybook.git.dvc.DvcPointer;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.MetricPlots;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the large series of an experiment, whole, into DVC's cache, and pointers to them into the commit's tree: {@code
 * series/<metric>.tsv.gz.dvc} in the output folder.
 */
final class SeriesFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SeriesFiles.class);

    private final NewObjects objects;
    private final TreeEditor editor;
    private final Path workTree;
    private final String folder;

    /** What each folder's {@code .gitignore} says. */
    private final Map<String, byte[]> ignored = new TreeMap<>();

    /** @param folder the output folder, whose old content is not in the tree any more */
    SeriesFiles(NewObjects objects, TreeEditor editor, Path workTree, String folder) {
        this.objects = objects;
        this.editor = editor;
        this.workTree = workTree;
        this.folder = folder;
    }

    void write(MetricPlots plots) throws IOException {
        plots.writeSeriesTo((path, length, content) -> write(folder + "/" + path, content));
        for (var each : ignored.entrySet()) {
            editor.put(each.getKey() + ".gitignore", objects.blob(each.getValue()));
        }
    }

    private void write(String path, InputStream content) throws IOException {
        var project = DvcProject.around(workTree.resolve(path), workTree);
        if (ignored.isEmpty()) {
            initialize(project);
        }
        var stored = project.cache().store(content);
        var series = new ArtifactAdded(path, "md5", stored.hash(), stored.bytes(), 1);
        editor.put(DvcPointer.pathOf(path), objects.blob(DvcPointer.write(series)));
        int name = path.lastIndexOf('/') + 1;
        ignored.merge(
                path.substring(0, name),
                DvcPointer.ignoring(new byte[0], path.substring(name)),
                (before, line) -> DvcPointer.ignoring(before, path.substring(name)));
    }

    /** The same commit is made whatever DVC's state is: what there is to say of it goes into the log. */
    private void initialize(DvcProject project) throws IOException {
        if (!project.isInitialized()) {
            project.initialize();
        }
        var dvc =
                workTree.relativize(project.folder().resolve(".dvc")).toString().replace('\\', '/');
        if (editor.find(dvc + "/.gitignore").isEmpty()) {
            LOG.warn(
                    "the folder {} is not in Git, and 'dvc exp apply' deletes what is in an untracked one, the cache with"
                            + " all data included; run 'daybook dvc-init', which says what to commit",
                    dvc);
        }
    }
}
