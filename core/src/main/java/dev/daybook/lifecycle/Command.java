package dev.daybook.lifecycle;

import java.util.Map;
import java.util.Optional;

/** What somebody wants to happen. Whatever is not a pure function of the state (time, Git, processes) was found out before and is in here. */
public sealed interface Command {

    /** The call of the API that it belongs to. */
    Call call();

    record Init(Event.ExperimentInitialized facts) implements Command {
        @Override
        public Call call() {
            return Call.INIT;
        }
    }

    /** Values as the user gave them: nested maps, keys with or without a file. */
    record SetParams(Map<ParamKey, ParamValue> values) implements Command {
        @Override
        public Call call() {
            return Call.SET_PARAMS;
        }
    }

    /** Asks for the number of a metric; none is given twice. Granted, it is also the leave to take a lease. */
    record DefineMetric(String name) implements Command {
        @Override
        public Call call() {
            return Call.LOG_METRIC;
        }
    }

    record RecordCheckpoint(String commit, Code code, String message) implements Command {
        @Override
        public Call call() {
            return Call.MAKE_CHECKPOINT;
        }
    }

    record AddArtifact(Event.ArtifactAdded artifact) implements Command {
        @Override
        public Call call() {
            return Call.ADD_ARTIFACT;
        }
    }

    record LogPlot(Event.PlotLogged plot) implements Command {
        @Override
        public Call call() {
            return Call.LOG_PLOT;
        }
    }

    record AddTag(String tag) implements Command {
        @Override
        public Call call() {
            return Call.TAG;
        }
    }

    record TakeNote(String text) implements Command {
        @Override
        public Call call() {
            return Call.NOTE;
        }
    }

    record Complete(Outcome outcome, Optional<Code> code) implements Command {
        @Override
        public Call call() {
            return Call.COMPLETE;
        }
    }

    /** The first half of {@code save} from ACTIVE: the same as {@link Complete}, and nothing where it is completed already. */
    record CompleteToSave(Optional<Code> code) implements Command {
        @Override
        public Call call() {
            return Call.SAVE;
        }
    }

    record PrepareSave(Event.SavePrepared prepared) implements Command {
        @Override
        public Call call() {
            return Call.SAVE;
        }
    }

    record AbandonSave(String reason) implements Command {
        @Override
        public Call call() {
            return Call.SAVE;
        }
    }

    /** The ref holds the prepared commit. */
    record ConfirmSave() implements Command {
        @Override
        public Call call() {
            return Call.SAVE;
        }
    }

    record Discard() implements Command {
        @Override
        public Call call() {
            return Call.DISCARD;
        }
    }

    record Resume(Event.ExperimentResumed facts) implements Command {
        @Override
        public Call call() {
            return Call.RESUME;
        }
    }
}
