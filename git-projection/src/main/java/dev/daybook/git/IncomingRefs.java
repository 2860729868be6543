package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Fetches commits of a remote, each under a ref for the time being that keeps it from gc; closing it deletes these refs. */
final class IncomingRefs implements AutoCloseable {

    /** So many objects are named on a command line. */
    static final int MOST_AT_ONCE = 2_000;

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final String folder;
    private int count;
    private RemoteGit.Result result = new RemoteGit.Result(0, "", "");

    IncomingRefs(Repository repository, ExperimentRefs refs, Remote remote) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.folder = refs.incoming();
    }

    /**
     * Gets them, at most {@link #MOST_AT_ONCE}.
     *
     * @return those that are here by now, on disk, with all that they need: git has looked
     */
    Set<ObjectId> fetch(List<ObjectId> commits) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "fetch",
                "--progress",
                "--no-tags",
                "--no-prune",
                "--no-write-fetch-head",
                "--no-auto-gc",
                "--no-recurse-submodules",
                "--no-show-forced-updates",
                // a partial clone would get experiments without their contents
                "--no-filter",
                // else git would move the refs that follow the remote's branches
                "--refmap=",
                "--",
                remote.address()));
        for (var commit : commits) {
            arguments.add(commit.name() + ":" + folder + count);
            count++;
        }
        result = remote.run(arguments, Map.of());
        var came = refs.inFolder(folder);
        if (!came.isEmpty()) {
            Durable.force(repository.getCommonDirectory().toPath().resolve("objects/pack"));
        }
        return came;
    }

    /** How the last fetch ended. */
    RemoteGit.Result result() {
        return result;
    }

    @Override
    public void close() throws IOException {
        refs.deleteIncoming(folder);
    }
}
