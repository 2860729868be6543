package dev.daybook.git;

import dev.daybook.git.dvc.ParamFile;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.git.dvc.ParamText;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.ExperimentSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Compares what a save claims with what the work tree says, so that nobody takes a commit for a run that never was. */
final class WorkTreeWarnings {

    private static final long MAX_BYTES = 1 << 20;

    private final Path workTree;
    private final Map<String, Optional<ParamFile>> files = new HashMap<>();

    private WorkTreeWarnings(Path workTree) {
        this.workTree = workTree;
    }

    static List<String> of(Collection<ExperimentSource> sources, Path workTree, ObjectId head) {
        var sentences = new ArrayList<String>();
        var warnings = new WorkTreeWarnings(workTree);
        for (var source : sources) {
            var data = source.data();
            var baseline = data.facts().code().head();
            if (!head.name().equals(baseline)) {
                sentences.add("HEAD is now " + head.name() + ", and experiment '" + data.name()
                        + "' stays on the commit it began with, " + baseline);
            }
            data.overrides()
                    .forEach((key, value) -> warnings.compare(key, value).ifPresent(sentences::add));
        }
        return sentences;
    }

    private Optional<String> compare(ParamKey key, ParamValue value) {
        return key.file()
                .flatMap(file -> files.computeIfAbsent(file, this::read))
                .flatMap(params -> params.get(key.path()))
                .filter(now -> !ParamText.isSame(now, value))
                .map(now -> key.file().orElseThrow() + " says " + key.dotted() + " is " + ParamText.of(now)
                        + ", and the experiment says it is " + ParamText.of(value)
                        + ": the commit holds the experiment's value");
    }

    private Optional<ParamFile> read(String file) {
        try {
            // no link, which may lead out of the repository, and no FIFO, which would never end
            var path = WorkTreeFiles.place(workTree, file);
            if (path.isEmpty()
                    || !Files.isRegularFile(path.get(), LinkOption.NOFOLLOW_LINKS)
                    || Files.size(path.get()) > MAX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(ParamFile.parse(file, Files.readAllBytes(path.get())));
        } catch (IOException | ParamFileException | InvalidPathException e) {
            // what cannot be read says nothing
            return Optional.empty();
        }
    }
}
