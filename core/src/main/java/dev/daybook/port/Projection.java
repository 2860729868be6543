package dev.daybook.port;

import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The only thing that writes to Git: the work tree's content as a tree, and experiments as commits on refs. HEAD, index, work tree,
 * reflogs and stash are never touched, but for the parameter files that the user asks to be edited. Thread-safe.
 */
public interface Projection extends AutoCloseable {

    /** Daybook's own folder in the repository's common directory; it may not exist yet. */
    Path home();

    /** The commit that is checked out, 40 hex digits. */
    String head();

    /**
     * What an experiment starts from; the code is kept from gc until {@link #forget}. This, {@link #snapshot} and {@link #capture} throw
     * {@code UnfinishedWorkTreeException} while what stands in the work tree is nobody's code.
     */
    Start start(ExperimentId id, SnapshotScope scope);

    /**
     * What an experiment starts from.
     *
     * @param params the parameter files of the code tree
     * @param author whom the commits name
     * @param warnings sentences for the user
     * @param leftOut waits for how many untracked files, ignored ones and data aside, are not in the code; empty if that is not known
     */
    record Start(
            Code code,
            Map<String, ParamValue.MapValue> params,
            Author author,
            List<String> warnings,
            Supplier<OptionalLong> leftOut) {}

    /** The code as it is now, kept from gc for each of these experiments until {@link #forget}. */
    Code snapshot(Collection<ExperimentId> ids, SnapshotScope scope);

    /**
     * The same for an experiment that goes on: what was kept for it before need not be written once more. Not for the last time, because all
     * that keeps the code is about to go then.
     */
    default Code snapshotOnTheWay(ExperimentId id, SnapshotScope scope) {
        return snapshot(List.of(id), scope);
    }

    /** The code as it is now; nothing keeps it from gc. */
    Captured capture(SnapshotScope scope);

    /**
     * What a snapshot is and how it came about.
     *
     * @param changed by path, how the tree differs from that of the checked-out commit: {@code M}, {@code A}, {@code D} or {@code T}
     * @param untracked the paths that Git does not track
     * @param leftOut how many untracked files, ignored ones and data aside, are not in it; empty if that is not known
     * @param isByGit whether the installed git has made it
     */
    record Captured(
            Code code, Map<String, Character> changed, List<String> untracked, OptionalLong leftOut, boolean isByGit) {}

    /**
     * Copies a file or folder of the work tree to where DVC keeps data, by its content; on disk when this returns. The same content is kept
     * once, however often it is given.
     *
     * @param path absolute, or relative to the top of the work tree
     */
    Kept keep(Path path);

    /**
     * What was kept.
     *
     * @param path relative to the top of the work tree, with {@code /}
     * @param warnings sentences for the user
     */
    record Kept(
            String path,
            String algorithm,
            String hash,
            long bytes,
            long files,
            boolean isExecutable,
            List<String> warnings) {}

    /**
     * Makes the files that DVC needs, where they are missing, and stages nothing.
     *
     * @return the paths of those that are not committed yet, from the top of the work tree
     */
    List<String> initializeDvc();

    /**
     * Gets an edit of a parameter file of the work tree ready; refuses what is none, or cannot take the values. Nothing of the file
     * changes before it is applied, and no other edit of this projection comes between.
     *
     * @param file from the root
     * @param values by key; the keys' own file is not looked at
     */
    ParamsEdit editParams(String file, Map<ParamKey, ParamValue> values);

    /** An edit that is ready; for one thread, which has to close it. */
    interface ParamsEdit extends AutoCloseable {

        /** Puts the edited file in the place of the old one: at once, and forced to disk. */
        void apply();

        /** Forgets the edit if it was not applied. */
        @Override
        void close();
    }

    /** Why no experiment of this name can be made on this baseline: a branch or tag has it, say. Empty if it can. */
    Optional<String> nameClash(String name);

    /** The commit that a saved experiment's ref of this name and baseline holds. */
    Optional<String> saved(String baseline, String name);

    /** Writes the checkpoints of one experiment. */
    Checkpoints checkpoints();

    /** Remembers what it has read, so that a checkpoint costs what is new since the last one. Not thread-safe. */
    interface Checkpoints {

        /**
         * Writes the experiment so far as a commit that survives gc while it runs; forced to disk.
         *
         * @param source of the same experiment each time, and never of an earlier moment
         */
        String make(ExperimentSource source, Code code, String message);
    }

    /**
     * What an experiment starts from that begins with a checkpoint of another one; the checkpoint is kept from gc until {@link #forget}.
     *
     * @param id of the new one
     * @param checkpoint the commit
     */
    Resumption startFrom(ExperimentId id, String checkpoint);

    /**
     * What an experiment starts from.
     *
     * @param facts the checkpoint's: its baseline and code, its parameters and metrics; under the name of the other experiment
     * @param warnings sentences for the user
     */
    record Resumption(ExperimentInitialized facts, List<String> warnings) {}

    /**
     * Writes the commit of a save and forces it to disk; no ref names it yet. The same source, name and code give the same commit.
     *
     * @param code the code as it is now; empty to take what was recorded last
     */
    SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code);

    /** Begins to write several saves as one. */
    SaveBatch batch();

    /**
     * Takes away what processes that died have left some time ago: halves of batches, and the code of experiments that are over. That of an
     * experiment of which nothing is known stays: another journal may have it, or its {@code init} was killed.
     *
     * @param isOver whether an experiment is known to be saved or discarded
     */
    default void sweep(Predicate<ExperimentId> isOver) {}

    /** What the work tree says otherwise than the saves claim: sentences for the user. */
    List<String> warnings(Collection<ExperimentSource> sources);

    /** Lets the ref name the prepared commit, once however often it is called, and forces that to disk. */
    Published publish(ExperimentSource source, SavePrepared prepared);

    /** How it went. */
    enum Published {
        /** The ref names the commit, now or since an earlier try. */
        DONE,
        /** The ref names another commit. */
        TAKEN,
        /** The commit is not in the repository any more; prepare again. */
        GONE
    }

    /** Drops what kept an unfinished experiment's code and checkpoints from gc; those of a saved one are in its commit. */
    void forget(ExperimentId id);

    /** What the commit of a saved experiment says of its journal; empty if Daybook did not write it. */
    default Optional<Witness> witness(SavedRecord saved) {
        return Optional.empty();
    }

    /**
     * A saved experiment's journal, as its commit tells of it: up to what was there before the save was prepared.
     *
     * @param events how many there were
     * @param chain the last link
     */
    record Witness(ExperimentId id, long events, Chain chain, List<Recorded> history) {}

    /**
     * One event of it.
     *
     * @param details by name
     */
    record Recorded(Instant time, String kind, Map<String, Object> details) {}

    /** All saved experiments, Daybook's and DVC's, in the order of their refs. */
    default List<SavedRecord> saved() {
        return saved((done, all) -> {});
    }

    /** As {@link #saved()}, and says how far it is while it has to read them. */
    List<SavedRecord> saved(Counter counter);

    /** Is told how many are done, of how many. */
    interface Counter {
        void at(long done, long all);
    }

    @Override
    void close();
}
