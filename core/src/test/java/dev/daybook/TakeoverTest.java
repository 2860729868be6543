package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.Event.ExperimentPersisted;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.Event.Tagged;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.InMemoryProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What an heir does before its first event: others may have written what it goes on from, and the disk may not have it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TakeoverTest {

    private final World world = new World();
    private final World.Worker dead = world.process();
    private final World.Worker heir = world.process();
    private final List<String> done = new ArrayList<>();

    TakeoverTest() {
        heir.journal().onForce(generation -> done.add("force " + generation));
        heir.journal().beforeAppend(event -> done.add(event.getClass().getSimpleName()));
    }

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    @Test
    void it_forces_the_generation_that_it_goes_on_from() {
        dead.begin("x").logMetric("loss", 0.5);
        dead.die();

        heir.find("x").resume();

        assertThat(done).startsWith("force 00000000", "ExperimentResumed");
    }

    @Test
    void what_the_owner_has_said_with_its_last_breath_counts() {
        var run = dead.begin("x");
        var dies = new AtomicReference<Runnable>(() -> {});
        var late = world.interrupted("isAlive", () -> dies.getAndSet(() -> {}).run());
        var found = late.find("x").orElseThrow();
        dies.set(() -> {
            run.complete();
            dead.die();
        });

        assertThatThrownBy(found::resume)
                .isInstanceOf(IllegalTransitionException.class)
                .hasMessageContaining("COMPLETED");
        assertThat(late.damage()).isEmpty();
        assertThat(found.save().name()).isEqualTo("x");
    }

    @Test
    void a_name_that_a_dead_process_reserved_to_save_under_is_free_when_that_is_saved() {
        var run = dead.begin("x");
        world.git.fail(InMemoryProjection.Step.BEFORE_PUBLISH, World.Death::new);
        assertThatThrownBy(() -> run.saveAs("y")).isInstanceOf(World.Death.class);
        dead.journal().reserveName("y", ExperimentId.parse(run.id().orElseThrow()));
        dead.die();
        world.git.heal();

        assertThat(heir.daybook().recover()).extracting(SavedExperiment::name).containsExactly("y");

        world.git.setHead("3".repeat(40));
        assertThat(world.process().begin("y").name()).isEqualTo("y");
    }

    @Test
    void it_forces_all_generations_that_hold_a_part() {
        dead.begin("x").logMetric("loss", 0.5);
        dead.die();
        var second = world.process();
        second.find("x").resume().logMetric("loss", 0.25);
        second.die();

        heir.find("x").resume();

        assertThat(done).startsWith("force 00000000", "force 00000001", "ExperimentResumed");
    }

    @Test
    void to_recover_a_half_done_save_is_to_inherit_it() {
        var run = dead.begin("x");
        dead.journal().afterAppend(entry -> {
            if (entry.event() instanceof SavePrepared) {
                throw new World.Death();
            }
        });
        assertThatThrownBy(run::save).isInstanceOf(World.Death.class);
        dead.die();

        assertThat(heir.daybook().recover()).hasSize(1);

        assertThat(done).containsSubsequence("force 00000000", ExperimentPersisted.class.getSimpleName());
    }

    @Test
    void its_own_are_not_forced_again() {
        var run = heir.begin("y");
        done.clear();

        run.tag("good");

        assertThat(done).containsExactly(Tagged.class.getSimpleName());
    }
}
