package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Projection.Published;
import dev.daybook.port.SaveBatch;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves as one pack and one batch of refs. */
final class PackedBatch implements SaveBatch {

    private static final Logger LOG = LoggerFactory.getLogger(PackedBatch.class);

    private final Repository repository;
    private final Sentences sentences;
    private final PackedObjects objects;
    private final ExperimentCommits commits;
    private final Publisher publisher;

    /** What is in the pack and not published yet, by commit. */
    private final Map<String, Prepared> kept = new LinkedHashMap<>();

    private boolean isForced;

    /** Commits. */
    private final Set<String> published = new HashSet<>();

    /** Beside the events of those that are published: each has a file to delete, for its code as for its name. */
    private CompletableFuture<Void> dropping = CompletableFuture.completedFuture(null);

    PackedBatch(Repository repository, Sentences sentences, ExperimentCommits commits, Publisher publisher) {
        this.repository = repository;
        this.sentences = sentences;
        this.objects = new PackedObjects(repository);
        this.commits = commits;
        this.publisher = publisher;
    }

    @Override
    public SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code) {
        return sentences.of("write the experiment " + name, () -> {
            var used = code.orElseGet(() -> source.data().lastCode());
            var written = Persistently.write(() -> commits.save(objects, source, name, used));
            var prepared = Publisher.prepared(source, name, written, code);
            kept.put(prepared.commit(), new Prepared(source, prepared));
            return prepared;
        });
    }

    @Override
    public void force() {
        sentences.of("write experiments", () -> {
            objects.force();
            isForced = true;
            return objects;
        });
    }

    @Override
    public void publishTogether(List<Prepared> saves) {
        var done = publisher.publishTogether(saves.stream()
                .filter(each -> kept.containsKey(each.save().commit()))
                .toList());
        done.forEach(each -> published.add(each.save().commit()));
        var ids = done.stream().map(each -> each.source().id()).toList();
        dropping = dropping.thenRunAsync(() -> publisher.dropCode(ids));
    }

    @Override
    public Published publish(Prepared prepared) {
        return sentences.of("publish " + prepared.save().ref(), () -> publish(prepared.source(), prepared.save()));
    }

    private Published publish(ExperimentSource source, SavePrepared save) throws IOException {
        if (!kept.containsKey(save.commit())) {
            // of another batch: it may be gone by now
            return publisher.publish(source, save);
        }
        var how = published.contains(save.commit()) ? Published.DONE : publisher.publishKept(source, save);
        kept.remove(save.commit());
        return how;
    }

    /** What is not published is kept by refs from now on. What cannot be tidied up costs some room; the saves are what they are. */
    @Override
    public void close() {
        try (objects) {
            dropping.join();
            for (var each : isForced ? kept.values() : List.<Prepared>of()) {
                try (var link = new PackedObjects(repository)) {
                    publisher.keep(each.source(), each.save(), link);
                }
            }
        } catch (IOException | RepositoryException e) {
            LOG.warn("what a sweep has used could not be tidied up, and is not needed any more: {}", e.getMessage());
        }
    }
}
