package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Fetches commits of a remote, each under a ref for the time being that keeps it from gc; closing it deletes these refs. */
final class IncomingRefs implements AutoCloseable {

    /** So often it is tried to find those that keep the others away. */
    private static final int MOST_TRIES = 100;

    /** So many objects are named on a command line. */
    static final int MOST_AT_ONCE = 2_000;

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Remote remote;
    private final String folder;
    private final Map<ObjectId, String> reasons = new HashMap<>();
    private int count;
    private int tries;

    IncomingRefs(Repository repository, ExperimentRefs refs, Remote remote) {
        this.repository = repository;
        this.refs = refs;
        this.remote = remote;
        this.folder = refs.incoming();
    }

    /**
     * Gets them, at most {@link #MOST_AT_ONCE}. Git brings all or none: those that it cannot bring are looked for by halves.
     *
     * @return those that are here by now, on disk, with all that they need: git has looked
     */
    Set<ObjectId> fetch(List<ObjectId> commits) throws IOException {
        tries = 0;
        var result = fetchAll(commits);
        if (!result.isDone()) {
            var unused = remote.refs(); // it can be reached
            goOn(commits, result);
        }
        var came = refs.inFolder(folder);
        if (!came.isEmpty()) {
            Durable.force(repository.getCommonDirectory().toPath().resolve("objects/pack"));
        }
        return came;
    }

    private void goOn(List<ObjectId> commits, RemoteGit.Result failure) {
        if (commits.size() == 1 || tries >= MOST_TRIES) {
            commits.forEach(commit -> reasons.put(commit, failure.complaint()));
            return;
        }
        int half = commits.size() / 2;
        for (var some : List.of(commits.subList(0, half), commits.subList(half, commits.size()))) {
            var result = fetchAll(some);
            if (!result.isDone()) {
                goOn(some, result);
            }
        }
    }

    private RemoteGit.Result fetchAll(List<ObjectId> commits) {
        tries++;
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
        return remote.run(arguments, Map.of());
    }

    /** Why one did not come. */
    String reason(ObjectId commit) {
        return reasons.getOrDefault(commit, "it gave no reason");
    }

    @Override
    public void close() throws IOException {
        refs.deleteIncoming(folder);
    }
}
