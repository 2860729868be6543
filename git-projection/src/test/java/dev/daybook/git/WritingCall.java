package dev.daybook.git;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import java.nio.file.Path;
import java.util.List;

/** What is on disk, as a whole, when it returns. */
enum WritingCall {
    CHECKPOINT {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            runs.get(0).makeCheckpoint("half");
        }
    },
    /** Of a file {@code model.bin}. */
    ARTIFACT {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            runs.get(0).addArtifact(Path.of("model.bin"));
        }
    },
    /** Of a folder {@code data}. */
    FOLDER {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            runs.get(0).addArtifact(Path.of("data"));
        }
    },
    DISCARD {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            runs.get(0).discard();
        }
    },
    SAVE {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            runs.get(0).save();
        }
    },
    SAVE_ALL {
        @Override
        void make(Daybook daybook, List<Experiment> runs) {
            daybook.saveAll(runs).failures().values().forEach(failure -> {
                throw failure;
            });
        }
    };

    /**
     * Makes it.
     *
     * @param runs are active; all but {@code SAVE_ALL} are of the first one
     */
    abstract void make(Daybook daybook, List<Experiment> runs);
}
