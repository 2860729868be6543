package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.CODE;
import static dev.daybook.lifecycle.LifecycleFixture.artifact;
import static dev.daybook.lifecycle.LifecycleFixture.checkpoint;
import static dev.daybook.lifecycle.LifecycleFixture.completed;
import static dev.daybook.lifecycle.LifecycleFixture.defined;
import static dev.daybook.lifecycle.LifecycleFixture.discarded;
import static dev.daybook.lifecycle.LifecycleFixture.fold;
import static dev.daybook.lifecycle.LifecycleFixture.initialized;
import static dev.daybook.lifecycle.LifecycleFixture.number;
import static dev.daybook.lifecycle.LifecycleFixture.paramsSet;
import static dev.daybook.lifecycle.LifecycleFixture.persisted;
import static dev.daybook.lifecycle.LifecycleFixture.plot;
import static dev.daybook.lifecycle.LifecycleFixture.prepared;
import static dev.daybook.lifecycle.LifecycleFixture.resumed;
import static dev.daybook.lifecycle.LifecycleFixture.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole transition table, twice: what each call does in each place of a life, and what each raw event does there. Both are spelled
 * out here a second time, from the design and not from the code.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TransitionTableTest {

    /** The places of a life that differ in anything; the columns of the tables below. */
    private static final Map<String, ExperimentData> PLACES = Map.of(
            "UNINITIALIZED", ExperimentData.empty(),
            "DISCARDED", fold(initialized(), discarded()),
            "ACTIVE", fold(initialized(), defined(0, "loss")),
            "COMPLETED", fold(initialized(), defined(0, "loss"), completed()),
            "PREPARED", fold(initialized(), defined(0, "loss"), completed(), prepared()),
            "PERSISTED", fold(initialized(), defined(0, "loss"), completed(), prepared(), persisted()));

    private static final String[] COLUMNS = {
        "UNINITIALIZED", "DISCARDED", "ACTIVE", "COMPLETED", "PREPARED", "PERSISTED"
    };

    // + taken with events, = taken without an event, - refused because of the phase, ! refused because of the
    // circumstances
    private static final String COMMANDS = """
            Init             + - - - - -
            SetParams        - - + - - -
            DefineMetric     - - + - - -
            RecordCheckpoint - - + - - -
            AddArtifact      - - + - - -
            LogPlot          - - + - - -
            AddTag           - - + - - -
            TakeNote         - - + - - -
            Complete         - - + - - -
            CompleteToSave   - - + = = =
            PrepareSave      - - ! + ! =
            AbandonSave      - - ! ! + !
            ConfirmSave      - - ! ! + =
            Discard          - - + + ! -
            Resume           - - + - - -
            """;

    // + folds, - is refused
    private static final String EVENTS = """
            ExperimentInitialized + - - - - -
            ParamsSet             - - + - - -
            MetricDefined         - - + - - -
            CheckpointMade        - - + - - -
            ArtifactAdded         - - + - - -
            PlotLogged            - - + - - -
            Tagged                - - + - - -
            NoteTaken             - - + - - -
            ExperimentCompleted   - - + - - -
            SavePrepared          - - - + - -
            SaveAbandoned         - - - - + -
            ExperimentPersisted   - - - - + -
            ExperimentDiscarded   - - + + - -
            ExperimentResumed     - - + - - -
            """;

    private static final String CALLS = """
            init           UNINITIALIZED
            setParams      ACTIVE
            logMetric      ACTIVE
            makeCheckpoint ACTIVE
            addArtifact    ACTIVE
            logPlot        ACTIVE
            tag            ACTIVE
            note           ACTIVE
            complete       ACTIVE
            save           ACTIVE COMPLETED PERSISTED
            discard        ACTIVE COMPLETED
            resume         ACTIVE
            """;

    private static final List<Command> EACH_COMMAND = List.of(
            new Command.Init(initialized()),
            set("lr", number(1)),
            new Command.DefineMetric("accuracy"),
            new Command.RecordCheckpoint("d".repeat(40), CODE, "message"),
            new Command.AddArtifact(artifact("model.bin")),
            new Command.LogPlot(plot("roc")),
            new Command.AddTag("tag"),
            new Command.TakeNote("note"),
            new Command.Complete(Outcome.succeeded(), Optional.of(CODE)),
            new Command.CompleteToSave(Optional.of(CODE)),
            new Command.PrepareSave(prepared()),
            new Command.AbandonSave("why"),
            new Command.ConfirmSave(),
            new Command.Discard(),
            new Command.Resume(resumed()));

    private static final List<Event> EACH_EVENT = List.of(
            initialized(),
            paramsSet("a.yaml:lr", number(1)),
            defined(1, "accuracy"),
            checkpoint(),
            artifact("model.bin"),
            plot("roc"),
            new Event.Tagged("tag"),
            new Event.NoteTaken("note"),
            completed(),
            prepared(),
            new Event.SaveAbandoned("why"),
            persisted(),
            discarded(),
            resumed());

    private record Cell(String row, String column, char expected) {
        @Override
        public String toString() {
            return row + " in " + column + ": " + expected;
        }
    }

    private static List<Cell> cells(String table) {
        var cells = new ArrayList<Cell>();
        for (var line : table.lines().toList()) {
            var words = line.split(" +", -1);
            for (int i = 0; i < COLUMNS.length; i++) {
                cells.add(new Cell(words[0], COLUMNS[i], words[i + 1].charAt(0)));
            }
        }
        return cells;
    }

    static Stream<Cell> commands() {
        return cells(COMMANDS).stream();
    }

    static Stream<Cell> events() {
        return cells(EVENTS).stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void each_command_in_each_place(Cell cell) {
        var command = named(EACH_COMMAND, cell.row());
        var data = place(cell.column());

        var decided = Decider.decide(data, command);

        switch (cell.expected()) {
            case '+' -> {
                assertThat(decided.isRight()).isTrue();
                assertThat(decided.get()).hasSize(1);
                assertThat(decided.get().foldLeft(data, ExperimentFold::evolve)).isNotNull();
            }
            case '=' -> {
                assertThat(decided.isRight()).isTrue();
                assertThat(decided.get()).isEmpty();
            }
            case '-' -> {
                assertThat(decided.isLeft()).isTrue();
                assertThat(decided.getLeft())
                        .isEqualTo(new Refusal.WrongPhase(command.call(), data.name(), data.phase()));
            }
            default -> {
                assertThat(decided.isLeft()).isTrue();
                assertThat(decided.getLeft()).isInstanceOf(Refusal.BadArgument.class);
                assertThat(decided.getLeft().message()).contains("'lr-sweep'");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void each_raw_event_in_each_place(Cell cell) {
        var event = named(EACH_EVENT, cell.row());
        var data = place(cell.column());
        if (cell.expected() == '+') {
            assertThat(ExperimentFold.evolve(data, event)).isNotNull();
        } else {
            assertThatThrownBy(() -> ExperimentFold.evolve(data, event))
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageStartingWith(cell.row());
        }
    }

    @Test
    void each_call_is_admitted_in_its_phases_and_refused_by_name_elsewhere() {
        var rows = CALLS.lines().map(line -> List.of(line.split(" +", -1))).toList();
        assertThat(rows).hasSameSizeAs(Call.values());
        for (var row : rows) {
            var call = Arrays.stream(Call.values())
                    .filter(candidate -> candidate.methodName().equals(row.get(0)))
                    .findFirst()
                    .orElseThrow();
            for (var column : COLUMNS) {
                var data = place(column);
                var refusal = Decider.refusal(data, "x", call);
                if (!column.equals("DISCARDED") && row.contains(data.phase().name())) {
                    assertThat(refusal).as("%s in %s", call, column).isEmpty();
                } else {
                    assertThat(refusal.map(Refusal::message))
                            .as("%s in %s", call, column)
                            .contains("cannot " + row.get(0) + ": experiment 'x' is " + data.phase());
                }
            }
        }
    }

    @Test
    void the_tables_are_complete() {
        assertThat(EACH_COMMAND).hasSize(Command.class.getPermittedSubclasses().length);
        assertThat(EACH_EVENT).hasSize(Event.class.getPermittedSubclasses().length);
        assertThat(cells(COMMANDS)).hasSize(EACH_COMMAND.size() * COLUMNS.length);
        assertThat(cells(EVENTS)).hasSize(EACH_EVENT.size() * COLUMNS.length);
    }

    @Test
    void the_circumstances_of_an_event_count_not_only_its_phase() {
        var active = place("ACTIVE");
        assertThatThrownBy(() -> ExperimentFold.evolve(active, defined(2, "gap")))
                .hasMessage("metric 'gap' as number 2 after 1 others");
        assertThatThrownBy(() -> ExperimentFold.evolve(active, defined(0, "twice")))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> ExperimentFold.evolve(active, defined(1, "loss")))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> ExperimentFold.evolve(active, paramsSet("lr", number(1))))
                .hasMessage("ParamsSet holds a key without a file: lr");
        assertThatThrownBy(() -> ExperimentFold.evolve(
                        place("PREPARED"), new Event.ExperimentPersisted(LifecycleFixture.REF, "e".repeat(40))))
                .hasMessageContaining("but prepared as");
        assertThatThrownBy(() -> ExperimentFold.evolve(
                        place("PREPARED"),
                        new Event.ExperimentPersisted(LifecycleFixture.REF + "-2", LifecycleFixture.COMMIT)))
                .hasMessageContaining("but prepared as");
    }

    private static ExperimentData place(String column) {
        return java.util.Objects.requireNonNull(PLACES.get(column), column);
    }

    private static <T> T named(List<T> candidates, String simpleName) {
        return candidates.stream()
                .filter(candidate -> candidate.getClass().getSimpleName().equals(simpleName))
                .findFirst()
                .orElseThrow();
    }
}
