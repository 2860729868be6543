package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.begin;
import static dev.daybook.journal.Samples.id;
import static dev.daybook.journal.Samples.publish;
import static dev.daybook.journal.Samples.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.Event;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Tail;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls force what before they return, at each level. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DurabilityTest {

    private static final long GENERATION_BYTES = 256 << 10;

    @TempDir
    private Path directory;

    private final Forces forces = new Forces();

    /** A disk that remembers what was forced. */
    private static final class Forces implements QueueWriter.Sync {
        private final List<Path> forced = new ArrayList<>();

        @Override
        public synchronized void sync(Path path, FileDescriptor file) throws IOException {
            file.sync();
            forced.add(path);
        }

        synchronized List<Path> soFar() {
            return List.copyOf(forced);
        }

        /** What is forced while it runs, by whomever. */
        List<Path> during(Runnable action) {
            synchronized (this) {
                forced.clear();
            }
            action.run();
            return soFar();
        }
    }

    private ChronicleJournal open(Force force) {
        var defaults = JournalSettings.defaults(false);
        var settings =
                new JournalSettings(false, force, GENERATION_BYTES, defaults.retentionAge(), defaults.retentionBytes());
        return new ChronicleJournal(
                JournalDirectory.of(directory), new JvmAccess(false), forces, settings, BlockWriter.Sizes.DEFAULT);
    }

    private static Entry append(Journal journal, Tail tail, Event event) {
        return journal.append(id(1), AppendCondition.continues(tail), TIME, event);
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void an_event_is_forced_but_at_process(Force force) {
        try (var journal = open(force)) {
            var tail = begin(journal, id(1)).tail();

            var forced = forces.during(() -> tag(journal, id(1), tail, "good"));

            assertThat(forced).hasSize(force == Force.PROCESS ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void the_first_event_of_a_generation_is_forced_at_each_level(Force force) {
        try (var journal = open(force)) {
            assertThat(forces.during(() -> begin(journal, id(1)))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void a_prepared_save_is_forced_at_each_level(Force force) {
        var prepared = new Event.SavePrepared("refs/exps/aa/1", "3".repeat(40), "4".repeat(40), Optional.empty());
        try (var journal = open(force)) {
            var tail = begin(journal, id(1)).tail();

            assertThat(forces.during(() -> append(journal, tail, prepared))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void the_first_event_of_an_heir_is_forced_at_each_level(Force force) {
        Tail tail;
        try (var dead = open(force)) {
            tail = begin(dead, id(1)).tail();
        }
        try (var heir = open(force)) {
            // so that it is not the first one of the generation
            begin(heir, id(2));
            var resumed = new Event.ExperimentResumed("another", 1, tail.events(), 0, Map.of());

            var forced = forces.during(
                    () -> heir.exclusively(() -> heir.append(id(1), AppendCondition.inherits(tail), TIME, resumed)));

            assertThat(forced).isNotEmpty();
        }
    }

    @Test
    void events_of_one_action_are_forced_together_at_its_end() {
        try (var journal = open(Force.INTERVAL)) {
            var tail = begin(journal, id(1)).tail();
            var before = new ArrayList<Path>();

            var forced = forces.during(() -> journal.together(() -> {
                var next = tag(journal, id(1), tail, "one");
                // an action that is part of another one
                journal.together(() -> tag(journal, id(1), next, "two"));
                before.addAll(forces.soFar());
            }));

            assertThat(before).isEmpty();
            assertThat(forced).hasSize(1);
        }
    }

    @Test
    void events_of_an_action_that_throws_are_forced_too() {
        try (var journal = open(Force.INTERVAL)) {
            var tail = begin(journal, id(1)).tail();

            var forced = forces.during(() -> assertThatThrownBy(() -> journal.together(() -> {
                        tag(journal, id(1), tail, "one");
                        throw new IllegalStateException("of the action");
                    }))
                    .hasMessage("of the action"));

            assertThat(forced).hasSize(1);
        }
    }

    @Test
    void the_force_of_each_second_forces_what_was_logged_since_the_last_one_and_nothing_else() {
        // a level at which nobody but this test forces
        try (var journal = open(Force.PROCESS)) {
            begin(journal, id(1));
            assertThat(forces.during(journal::forceRecords)).isEmpty();

            for (int records : List.of(1, 1, 20_000, 1)) {
                publish(journal, id(1), records);
                assertThat(forces.during(journal::forceRecords)).isNotEmpty();
                assertThat(forces.during(journal::forceRecords)).isEmpty();
            }
            journal.release(id(1));
            assertThat(forces.during(journal::forceRecords)).isNotEmpty();
            assertThat(forces.during(journal::forceRecords)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void each_record_is_forced_at_sync_alone(Force force) {
        try (var journal = open(force)) {
            begin(journal, id(1));

            var forced = forces.during(() -> publish(journal, id(1), 3));

            if (force == Force.SYNC) {
                assertThat(forced).hasSize(3);
            } else if (force == Force.PROCESS) {
                assertThat(forced).isEmpty();
            }
        }
    }

    @Test
    void an_event_forces_the_generations_too_that_others_have_not_left_yet() {
        try (var journal = open(Force.INTERVAL)) {
            var tail = begin(journal, id(1)).tail();
            begin(journal, id(2));
            var idle = journal.lease(id(2));
            assertThat(idle.publish(0, 1, 1, 1)).isTrue();
            var first = journal.current();
            var busy = journal.lease(id(1));
            while (journal.current() == first) {
                assertThat(busy.publish(0, 1, 1, 1)).isTrue();
            }
            assertThat(idle.publish(0, 2, 2, 2)).isTrue();

            var forced = forces.during(() -> tag(journal, id(1), tail, "good"));

            assertThat(forced)
                    .contains(queue(first.name()), queue(journal.current().name()));
        }
    }

    private Path queue(String generation) {
        return JournalDirectory.queue(JournalDirectory.of(directory).generation(generation));
    }
}
