package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.ExperimentState;
import dev.daybook.History;
import dev.daybook.InvalidInputException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.git.Annotations;
import dev.daybook.git.Annotations.Note;
import java.util.List;
import java.util.function.Consumer;

/** Tags and notes of an experiment that is not saved yet: they are part of its history. */
final class Remarks {

    private Remarks() {}

    /**
     * Takes an interrupted experiment over for the moment and lets it remark something. Nobody else can have it meanwhile, and its code
     * stays what it recorded last.
     *
     * @return all that is remarked on it then
     */
    static Annotations add(Daybook daybook, String name, Consumer<Experiment> remark) {
        var experiment = daybook.find(name)
                .orElseThrow(() -> new NoSuchExperimentException("there is no experiment '" + name
                        + "' in this repository, saved or unfinished; 'daybook list' shows what there is"));
        if (experiment.state() != ExperimentState.ACTIVE) {
            throw new InvalidInputException("experiment '" + name
                    + "' is completed, and its history takes no more tags and notes; save it first with 'daybook save "
                    + name + "'");
        }
        remark.accept(experiment.resume());
        return of(experiment.history());
    }

    private static Annotations of(History history) {
        var tags = history.events().stream()
                .filter(event -> event.kind().equals("Tagged"))
                .map(event -> String.valueOf(event.details().get("tag")))
                .toList();
        List<Note> notes = history.events().stream()
                .filter(event -> event.kind().equals("NoteTaken"))
                .map(event -> new Note(
                        event.time(), "", String.valueOf(event.details().get("text"))))
                .toList();
        return new Annotations(tags, notes);
    }
}
