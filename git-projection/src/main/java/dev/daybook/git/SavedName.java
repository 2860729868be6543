package dev.daybook.git;

import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/**
 * What is known of a saved experiment before its commit is read.
 *
 * @param ref empty if it has none, as what DVC has in its queue
 * @param baseline 40 hex digits
 */
record SavedName(String name, String ref, ObjectId commit, String baseline) {

    static SavedName of(Ref ref) {
        return of(ref.getName(), ref.getObjectId());
    }

    static SavedName of(String ref, ObjectId commit) {
        if (!ExperimentRefs.isExperiment(ref)) {
            throw new IllegalArgumentException(ref + " is no experiment's ref");
        }
        return new SavedName(ExperimentRefs.name(ref), ref, commit.copy(), ExperimentRefs.baseline(ref));
    }
}
