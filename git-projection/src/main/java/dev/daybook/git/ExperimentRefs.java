package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.SavedRef;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Projection.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.LockFile;
import org.eclipse.jgit.internal.storage.file.RefDirectory;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and moves Daybook's refs: loose, forced to disk, without reflogs, and only by compare-and-set.
 *
 * <p>JGit checks no ref's name and calls every failure of a compare-and-set {@code LOCK_FAILURE}: names are checked here, and after each try
 * the ref is read again to see what happened.
 */
final class ExperimentRefs {

    static final String EXPERIMENTS = "refs/exps/";
    static final String CHECKPOINTS = "refs/daybook/checkpoints/";

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentRefs.class);

    /** With the slash between. */
    private static final int BASELINE_CHARACTERS = 41;

    /** A single one JGit would write loose, and not force. */
    private static final int LEAST_TOGETHER = 2;

    private static final int MOST_TRIES = 10;

    /** Refs that nobody else has a reason to write. */
    private static final String OWN = "refs/daybook/";

    private static final String CODE = "refs/daybook/code/";

    /** What a pull has fetched and not yet given its name: {@code <milliseconds>-<uuid>/<number>}. */
    private static final String INCOMING = "refs/daybook/incoming/";

    /** No pull takes so long. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private static final Pattern AGE = Pattern.compile("(" + INCOMING + "(\\d{1,18})-[^/]+/)");

    private final Repository repository;
    private final RefFiles files;
    private final RefLocks locks;

    /** @param patience how long a lock that somebody else holds is waited for */
    ExperimentRefs(Repository repository, Duration patience) {
        this.repository = repository;
        this.files = new RefFiles(repository.getCommonDirectory().toPath());
        this.locks = new RefLocks(files, patience);
    }

    static String experiment(String baseline, String name) {
        return SavedRef.of(baseline, name);
    }

    /**
     * Whether DVC takes a ref for an experiment, {@code refs/exps/<2 hex digits>/<38>/<name>}; its own helper refs (exec, apply, celery, temp,
     * stash) have another shape. No regular expression: in a list of ten thousand refs it is seen.
     */
    static boolean isExperiment(String ref) {
        int hex = EXPERIMENTS.length();
        int name = hex + BASELINE_CHARACTERS + 1;
        if (ref.length() <= name || !ref.startsWith(EXPERIMENTS) || ref.indexOf('/', name) >= 0) {
            return false;
        }
        for (int i = hex; i < name; i++) {
            char c = ref.charAt(i);
            boolean isSlash = i == hex + 2 || i == name - 1;
            if (isSlash ? c != '/' : (c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** That of an experiment's ref, or of one that ends with an experiment's. */
    static String name(String ref) {
        return SavedRef.name(ref);
    }

    /** That of an experiment's ref. */
    static String baseline(String ref) {
        int hex = EXPERIMENTS.length();
        return ref.substring(hex, hex + 2) + ref.substring(hex + 3, hex + BASELINE_CHARACTERS);
    }

    static String code(ExperimentId id) {
        return CODE + id;
    }

    static String checkpoints(ExperimentId id) {
        return CHECKPOINTS + id;
    }

    /** A folder for refs that nobody else has, with {@code /} at its end. */
    String incoming() {
        return INCOMING + System.currentTimeMillis() + "-" + UUID.randomUUID() + "/";
    }

    /** The commits that refs in a folder name, read anew. */
    Set<ObjectId> inFolder(String folder) throws IOException {
        try (var fresh = Repositories.fresh(repository)) {
            return Set.copyOf(named(fresh, folder).values());
        }
    }

    void deleteIncoming(String folder) throws IOException {
        deleteIncoming(Set.of(folder));
    }

    private void deleteIncoming(Set<String> folders) throws IOException {
        try (var fresh = Repositories.fresh(repository)) {
            deleteOwn(named(fresh, INCOMING).keySet().stream()
                    .filter(name -> folders.contains(name.substring(0, name.lastIndexOf('/') + 1)))
                    .toList());
        }
        for (var folder : folders) {
            try {
                Files.deleteIfExists(files.file(folder));
            } catch (DirectoryNotEmptyException e) {
                // a lock of a git that was killed; git takes away what is empty
                LOG.debug("{} stays: {}", folder, e.getMessage());
            }
        }
    }

    /**
     * Deletes what pulls that were killed have left: their refs, and the lock that they take for many refs at once, if there are such refs
     * to show that it may be theirs.
     */
    void sweepIncoming() throws IOException {
        long limit = System.currentTimeMillis() - FORGOTTEN.toMillis();
        var old = new HashSet<String>();
        var left = repository.getRefDatabase().getRefsByPrefix(INCOMING);
        if (!left.isEmpty()) {
            locks.takeAbandonedPacked();
        }
        for (var ref : left) {
            var time = AGE.matcher(ref.getName());
            if (time.lookingAt() && Long.parseLong(time.group(2)) < limit) {
                old.add(time.group(1));
            }
        }
        if (!old.isEmpty()) {
            deleteIncoming(old);
        }
    }

    /** Deletes the locks in a folder that killed processes have left, also of refs that nobody may ask for again. */
    void sweepLocks(String folder) throws IOException {
        locks.takeAbandonedBelow(folder);
    }

    /** By its own file, if it has one: JGit looks at the packed ones first, each time anew where there are none. */
    Optional<ObjectId> read(String name) throws IOException {
        try {
            var content = Files.readString(files.file(name), StandardCharsets.ISO_8859_1);
            var id = content.strip();
            if (content.length() == id.length() + 1 && ObjectId.isId(id)) {
                return Optional.of(ObjectId.fromString(id));
            }
        } catch (NoSuchFileException e) {
            // git packs a ref before it takes its file away, and never takes the packed ones away
            if (!Files.exists(files.packed())) {
                return Optional.empty();
            }
        } catch (IOException e) {
            LOG.debug("the ref {} is left to JGit: {}", name, e.toString());
        }
        return Repositories.read(repository, name);
    }

    /** The same for many; those that are there. */
    private Map<String, ObjectId> read(List<String> names) throws IOException {
        var found = new HashMap<String, ObjectId>();
        var others = new HashSet<String>();
        for (var name : names) {
            if (Files.exists(files.file(name))) {
                read(name).ifPresent(id -> found.put(name, id));
            } else {
                others.add(name);
            }
        }
        found.putAll(files.packed(others));
        return found;
    }

    /** The experiments whose code is kept. */
    List<ExperimentId> codes() throws IOException {
        var ids = new ArrayList<ExperimentId>();
        for (var ref : repository.getRefDatabase().getRefsByPrefix(CODE)) {
            try {
                ids.add(ExperimentId.parse(ref.getName().substring(CODE.length())));
            } catch (IllegalArgumentException e) {
                LOG.info("{} is not Daybook's: {}", ref.getName(), e.getMessage());
            }
        }
        return ids;
    }

    /** All refs below a place, in the order of their names. */
    List<Ref> startingWith(String prefix) throws IOException {
        return repository.getRefDatabase().getRefsByPrefix(prefix).stream()
                .filter(ref -> ref.getObjectId() != null)
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .toList();
    }

    /** What the refs in a folder name, by their names. */
    Map<String, ObjectId> named(String folder) throws IOException {
        return named(repository, folder);
    }

    /** All experiments, in the order of their refs. */
    List<Ref> experiments() throws IOException {
        return startingWith(EXPERIMENTS).stream()
                .filter(ref -> isExperiment(ref.getName()))
                .toList();
    }

    /**
     * A ref that is to name a commit.
     *
     * @param replaces what it may name instead by now
     */
    record Wanted(String name, ObjectId commit, Optional<ObjectId> replaces) {}

    /**
     * Lets a ref name a commit, if it is absent or names the one that may be replaced.
     *
     * @return never {@code GONE}
     */
    Published publish(Wanted wanted) throws IOException {
        var name = wanted.name();
        var commit = wanted.commit();
        check(name);
        var deadline = locks.deadline();
        boolean isForced = false;
        while (true) {
            var current = read(name);
            boolean isOurs = current.equals(Optional.of(commit));
            if (isOurs && !locks.isHeld(name)) {
                if (!isForced) {
                    files.force(name);
                }
                return Published.DONE;
            }
            if (current.isPresent() && !isOurs && !current.equals(wanted.replaces())) {
                return Published.TAKEN;
            }
            if (!isOurs && tryMove(name, current, commit)) {
                isForced = true;
                continue; // what counts is what can be read
            }
            if (isFolder(name)) {
                return Published.TAKEN;
            }
            pause(name, deadline, Optional.of(commit));
        }
    }

    /**
     * Creates those that are absent together, packed; one of them gets its own file too, because there are tools that watch these. What
     * could not be created is to be tried by itself.
     *
     * <p>No lock is taken for each of them: other Daybooks are kept away by the names' reservations. Another program that creates the same
     * ref has locked it before the batch, and then has its lock still there or its own file, which wins; or it comes later, and sees ours.
     *
     * @return those that are there now, on disk
     */
    List<Wanted> create(List<Wanted> all) {
        if (all.size() < LEAST_TOGETHER) {
            return List.of();
        }
        try {
            return createTogether(all);
        } catch (IOException | RepositoryException e) {
            LOG.info(
                    "the refs of a sweep are written one by one, because they could not be written together: {}",
                    e.getMessage());
            return List.of();
        }
    }

    private List<Wanted> createTogether(List<Wanted> all) throws IOException {
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh)) {
            var names = all.stream().map(Wanted::name).toList();
            var before = read(names);
            var absent = all.stream()
                    .filter(each -> !before.containsKey(each.name())
                            && RefFiles.canHold(each.name())
                            && !locks.isHeld(each.name()))
                    .toList();
            if (absent.size() < LEAST_TOGETHER) {
                return List.of();
            }
            absent.forEach(each -> check(each.name()));
            BatchRefUpdate batch = ((RefDirectory) fresh.getRefDatabase()).newBatchUpdate(false);
            batch.setAtomic(true);
            batch.disableRefLog();
            absent.forEach(each -> batch.addCommand(new ReceiveCommand(ObjectId.zeroId(), each.commit(), each.name())));
            batch.execute(walk, NullProgressMonitor.INSTANCE);
            files.forcePacked();
            var unlocked =
                    absent.stream().filter(each -> !locks.isHeld(each.name())).toList();
            // what counts is what can be read
            var after = read(names);
            var created = unlocked.stream()
                    .filter(each -> each.commit().equals(after.get(each.name())))
                    .toList();
            if (!created.isEmpty()) {
                unpack(created.get(created.size() - 1));
            }
            return created;
        }
    }

    /** Gives a packed ref its own file. JGit would parse all packed refs three times for that. */
    private void unpack(Wanted ref) {
        var lock = new LockFile(files.file(ref.name()).toFile());
        try {
            // who has changed it meanwhile had it locked
            if (lock.lock() && read(List.of(ref.name())).containsValue(ref.commit())) {
                lock.setFSync(true);
                lock.write(ref.commit());
                lock.commit();
            }
        } catch (IOException e) {
            LOG.debug("{} gets no file of its own: {}", ref.name(), e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private static Map<String, ObjectId> named(Repository repository, String prefix) throws IOException {
        var all = new HashMap<String, ObjectId>();
        for (var ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
            if (ref.getObjectId() != null) {
                all.put(ref.getName(), ref.getObjectId());
            }
        }
        return all;
    }

    /** Moves one of Daybook's own refs from what it was read as; false if somebody else moved it meanwhile. */
    boolean move(String name, Optional<ObjectId> from, ObjectId to) throws IOException {
        check(name);
        var deadline = locks.deadline();
        while (!tryMove(name, from, to)) {
            if (!read(name).equals(from)) {
                return false;
            }
            pause(name, deadline, Optional.empty());
        }
        return true;
    }

    /** Waits until a ref can be deleted, so that nothing is begun that could not be finished. */
    void awaitFree(String name) throws IOException {
        locks.awaitFree(name, name.startsWith(OWN));
    }

    /** Deletes a ref if it names what it was read as; false if it names something else by now. When this returns, it is gone from disk. */
    boolean remove(String name, ObjectId expected) throws IOException {
        var deadline = locks.deadline();
        while (true) {
            var current = read(name);
            if (current.isEmpty()) {
                files.forceFolders(name);
                return true;
            }
            if (!current.get().equals(expected)) {
                return false;
            }
            tryDelete(name, Optional.of(expected), deadline);
        }
    }

    /** Deletes one of Daybook's own refs; nothing if it is not there. */
    void delete(String name) throws IOException {
        var deadline = locks.deadline();
        while (read(name).isPresent()) {
            tryDelete(name, Optional.empty(), deadline);
        }
    }

    private void tryDelete(String name, Optional<ObjectId> expected, long deadline) throws IOException {
        var update = repository.updateRef(name, true);
        update.disableRefLog();
        update.setForceUpdate(true);
        expected.ifPresent(update::setExpectedOldObjectId);
        try (var walk = new CarelessWalk(repository)) {
            update.delete(walk);
        } catch (LockFailedException e) {
            LOG.debug("the ref {} is not deleted yet: {}", name, e.getMessage());
        }
        if (read(name).isPresent()) {
            pause(name, deadline, Optional.empty());
        }
    }

    /**
     * Deletes many of Daybook's own refs, those of one owner. A loose one is its file, which nobody else writes. What git has packed is taken
     * out of {@code packed-refs} in one go.
     */
    void deleteOwn(List<String> names) throws IOException {
        if (names.isEmpty()) {
            return;
        }
        for (var name : names) {
            check(name);
            if (!name.startsWith(OWN)) {
                throw new IllegalArgumentException(name + " is not Daybook's own");
            }
            Files.deleteIfExists(files.file(name));
        }
        locks.awaitPacking();
        var folders = names.stream()
                .map(name -> name.substring(0, name.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
        var deadline = locks.deadline();
        while (files.isAnyPacked(folders)) {
            var left = tryDeletePacked(Set.copyOf(names));
            if (left.isEmpty()) {
                return;
            }
            pause(left.get(), deadline, Optional.empty());
        }
    }

    /** Takes refs out of {@code packed-refs}; one of them, if git has them locked, as it does while it takes their own files away. */
    private Optional<String> tryDeletePacked(Set<String> names) throws IOException {
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh)) {
            var packed = named(fresh, OWN);
            packed.keySet().retainAll(names);
            if (packed.isEmpty()) {
                return Optional.empty();
            }
            var batch = fresh.getRefDatabase().newBatchUpdate();
            batch.setAtomic(true);
            batch.setAllowNonFastForwards(true);
            batch.disableRefLog();
            packed.forEach((name, commit) -> batch.addCommand(new ReceiveCommand(commit, ObjectId.zeroId(), name)));
            batch.execute(walk, NullProgressMonitor.INSTANCE);
            return batch.getCommands().stream()
                    .filter(command -> command.getResult() != ReceiveCommand.Result.OK)
                    .map(ReceiveCommand::getRefName)
                    .findFirst();
        }
    }

    /**
     * If it succeeds, it is on disk too.
     *
     * @throws MissingObjectException if gc has taken the commit
     */
    private boolean tryMove(String name, Optional<ObjectId> from, ObjectId to) throws IOException {
        var result = update(name, from, to);
        if (result == RefUpdate.Result.REJECTED_MISSING_OBJECT) {
            throw new MissingObjectException(to, Constants.TYPE_COMMIT);
        }
        if (result == RefUpdate.Result.NO_CHANGE) {
            files.force(name);
            return true;
        }
        boolean isMoved = result == RefUpdate.Result.NEW
                || result == RefUpdate.Result.FORCED
                || result == RefUpdate.Result.FAST_FORWARD;
        if (isMoved) {
            // its content was forced before it got its name
            files.forceFolders(name);
        }
        return isMoved;
    }

    /** git takes empty folders away at any time, also while JGit makes those of a ref; what is really in the way is there each time. */
    private RefUpdate.Result update(String name, Optional<ObjectId> from, ObjectId to) throws IOException {
        for (int i = 1; ; i++) {
            // in memory only; JGit forgets it when it reads a changed file again
            repository.getConfig().setBoolean("core", null, "fsyncRefFiles", true);
            var update = repository.updateRef(name, true);
            update.disableRefLog();
            update.setExpectedOldObjectId(from.orElse(ObjectId.zeroId()));
            update.setNewObjectId(to);
            try {
                return update.forceUpdate();
            } catch (MissingObjectException e) {
                throw e;
            } catch (IOException e) {
                if (i == MOST_TRIES) {
                    throw e;
                }
                LOG.debug("the ref {} is tried again: {}", name, e.getMessage());
            }
        }
    }

    /** Whether refs stand below this name, so that it cannot be one; one that stands above it is in nobody's power to avoid. */
    private boolean isFolder(String name) throws IOException {
        if (!repository.getRefDatabase().getRefsByPrefix(name + "/").isEmpty()) {
            return true;
        }
        for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
            var above = name.substring(0, slash);
            if (above.indexOf('/') > 0 && read(above).isPresent()) {
                throw new RepositoryException("the ref " + above + " stands where Git would need a folder for " + name
                        + "; rename it with git update-ref");
            }
        }
        return false;
    }

    private void pause(String name, long deadline, Optional<ObjectId> wanted) throws IOException {
        locks.pause(name, deadline, name.startsWith(OWN), wanted);
    }

    private static void check(String name) {
        if (!Repository.isValidRefName(name) || name.startsWith(EXPERIMENTS) && !isExperiment(name)) {
            throw new RepositoryException("'" + name + "' is no name that a ref of an experiment can have");
        }
    }
}
