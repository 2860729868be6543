package dev.daybook.git;

import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.git.dvc.DvcOutputs;
import dev.daybook.git.dvc.DvcOutputs.Output;
import dev.daybook.git.dvc.ParamFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/** The pipelines of one commit, wherever in it, and the data that they and pointers name. Not thread-safe. */
final class SavedPipelines {

    private final SavedReading reading;
    private final TreeFiles files;
    private final Problems problems;
    private final List<DvcFiles.Place> places;
    private Optional<PointedData> data = Optional.empty();

    /** Takes sentences on what cannot be read. */
    interface Problems {
        /** @param isForEver whether another reading will find the same */
        void add(String what, Exception reason, boolean isForEver);
    }

    SavedPipelines(SavedReading reading, ObjectId tree, Problems problems) {
        this.reading = reading;
        this.files = new TreeFiles(reading.objects(), tree);
        this.problems = problems;
        this.places = places(tree);
    }

    private List<DvcFiles.Place> places(ObjectId tree) {
        try {
            return reading.dvcFiles().of(reading.objects(), tree);
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            problems.add("which pipelines there are in folders is not known", e, false);
            return List.of();
        }
    }

    /**
     * The folders of each {@code dvc.yaml}, but for those that DVC ignores, and those that other experiments have written.
     *
     * @return each empty for the root, else with a {@code /} at its end
     */
    Set<String> folders() {
        var folders = new LinkedHashSet<String>();
        for (var place : places) {
            if (place.name().equals(DvcFiles.PIPELINE)) {
                try {
                    boolean isOfExperiment =
                            files.find(place.folder() + DaybookJson.FILE).isPresent();
                    if (!isOfExperiment
                            && !DvcIgnore.above(place.path(), "", files).ignores(place.path(), false)) {
                        folders.add(place.folder());
                    }
                } catch (IOException | RuntimeException e) {
                    // JGit meets damage with either
                    problems.add("whether DVC ignores " + place.path() + " is not known", e, false);
                }
            }
        }
        return folders;
    }

    /**
     * The content of a file that DVC keeps instead of Git; empty if it is none.
     *
     * @throws IOException if it is not in DVC's cache, or cannot be read there
     */
    Optional<byte[]> data(String file) throws IOException {
        if (data.isEmpty()) {
            var projects = reading.projects()
                    .orElseThrow(() -> new IOException("DVC's cache is beside a work tree, and there is none"));
            var outputs = new ArrayList<Output>();
            for (var place : places) {
                if (DvcOutputs.isPointer(place.name())) {
                    addOutputs(place, outputs);
                }
            }
            data = Optional.of(new PointedData(outputs, projects));
        }
        var found = data.get().file(file);
        return found.isPresent() ? Optional.of(data.get().content(found.get())) : Optional.empty();
    }

    private void addOutputs(DvcFiles.Place pointer, List<Output> outputs) {
        try {
            outputs.addAll(reading.outputs(pointer, files));
        } catch (ParamFileException e) {
            problems.add(pointer.path() + " cannot be read", e, true);
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            problems.add(pointer.path() + " cannot be read", e, false);
        }
    }
}
