package dev.daybook.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/** Exchanges experiments with other repositories: puts {@link Remote}, {@link Push} and {@link Pull} together. */
final class Remotes {

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Revisions revisions;
    private final GitCommand.Program git;
    private final Sentences sentences;

    Remotes(Repository repository, ExperimentRefs refs, Revisions revisions, GitCommand.Program git) {
        this.repository = repository;
        this.refs = refs;
        this.revisions = revisions;
        this.git = git;
        this.sentences = new Sentences(repository);
    }

    TransferReport push(Optional<String> remote, Collection<String> names, TransferOptions options) {
        return sentences.of("push experiments", () -> {
            var outside = new RemoteGit(repository, git, options);
            try (var asking = Meanwhile.begin("daybook-remote", () -> {
                        var push =
                                new Push(repository, refs, Remote.choose(outside, repository, remote, true), options);
                        push.ask();
                        return push;
                    });
                    var outgoing = new OutgoingExperiments(repository, experiments(names), options.isWithData())) {
                return asking.result().run(outgoing);
            }
        });
    }

    TransferReport pull(Optional<String> remote, Collection<String> names, TransferOptions options) {
        return sentences.of("pull experiments", () -> {
            var from = Remote.choose(new RemoteGit(repository, git, options), repository, remote, false);
            return new Pull(repository, refs, from, options).run(names);
        });
    }

    private List<Ref> experiments(Collection<String> names) throws IOException {
        if (names.isEmpty()) {
            return refs.experiments();
        }
        var found = new LinkedHashMap<String, Ref>();
        for (var name : names) {
            var ref = revisions.experiment(name);
            found.put(ref.getName(), ref);
        }
        return new ArrayList<>(found.values());
    }
}
