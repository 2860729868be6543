package dev.daybook.git;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** The experiments that are to be sent, as they are here: several threads read them while the remote is being asked what it has. */
final class OutgoingExperiments implements AutoCloseable {

    private static final int MOST_THREADS = 4;

    private final Repository repository;
    private final List<Ref> refs;
    private final boolean isWithData;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<ObjectId, RevCommit> commits = new ConcurrentHashMap<>();
    private final Map<ObjectId, String> flaws = new ConcurrentHashMap<>();
    private final PointerFiles files = new PointerFiles();
    private final List<Meanwhile<Boolean>> readers;

    /** @param isWithData whether the data that they refer to are sent too */
    OutgoingExperiments(Repository repository, List<Ref> refs, boolean isWithData) {
        this.repository = repository;
        this.refs = refs;
        this.isWithData = isWithData;
        int count = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        this.readers = Stream.generate(() -> Meanwhile.begin("daybook-outgoing", this::read))
                .limit(count)
                .toList();
    }

    private boolean read() {
        try (var walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            for (int i = next.getAndIncrement(); i < refs.size(); i = next.getAndIncrement()) {
                read(walk, refs.get(i).getObjectId());
            }
        }
        return true;
    }

    private void read(RevWalk walk, ObjectId id) {
        var flaw = Pedigree.flaw(walk, id);
        if (flaw.isPresent()) {
            flaws.put(id, flaw.get());
            return;
        }
        var commit = walk.lookupCommit(id);
        commits.put(id, commit);
        if (isWithData) {
            files.readAhead(walk.getObjectReader(), commit.getTree());
        }
    }

    /** Waits until all have been read. */
    void await() throws IOException {
        for (var reader : readers) {
            reader.result();
        }
    }

    List<Ref> refs() {
        return refs;
    }

    /** What a ref names, where that is no commit that can be read here. */
    Optional<String> flaw(Ref ref) {
        return Optional.ofNullable(flaws.get(ref.getObjectId()));
    }

    /** What a ref names, where that has no flaw. */
    RevCommit commit(Ref ref) {
        return Objects.requireNonNull(commits.get(ref.getObjectId()));
    }

    /** The files in their trees that refer to data. */
    PointerFiles files() {
        return files;
    }

    @Override
    public void close() {
        // none is interrupted, because JGit's files are not theirs alone
        next.set(refs.size());
    }
}
