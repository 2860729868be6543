package dev.daybook.git;

import dev.daybook.git.dvc.Plots;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.Origin;
import java.io.IOException;
import java.util.Arrays;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/** The plots of the checkpoint that an experiment began with, out of its commit. */
final class PastPlots implements Plots.Past {

    private final TreeFiles files;
    private final String folder;

    private PastPlots(TreeFiles files, String folder) {
        this.files = files;
        this.folder = folder;
    }

    /** Those of an experiment; none if it began by itself, or if the commit is gone. */
    static Plots.Past of(ExperimentData data, ObjectReader reader) throws IOException {
        var origin = data.facts().origin().map(Origin::commit).map(ObjectId::fromString);
        if (origin.isEmpty() || !reader.has(origin.get())) {
            return Plots.Past.NONE;
        }
        try (var walk = new RevWalk(reader)) {
            var tree = walk.parseCommit(origin.get()).getTree();
            return new PastPlots(new TreeFiles(reader, tree), data.facts().outputFolder());
        }
    }

    @Override
    public byte[] rows(String path) throws IOException {
        var content = files.read(folder + "/" + path).orElse(new byte[0]);
        int rows = 0;
        while (rows < content.length && content[rows] != '\n') {
            rows++;
        }
        return Arrays.copyOfRange(content, Math.min(rows + 1, content.length), content.length);
    }
}
