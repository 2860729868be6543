package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RepeatCommandTest {

    private final long seed = Rounds.seed(5);

    @Test
    void it_has_the_class_its_module_and_its_seed() {
        assertThat(RepeatCommand.command(getClass()))
                .hasValue(
                        "./mvnw -pl core -am test -Dtest=RepeatCommandTest -Dsurefire.failIfNoSpecifiedTests=false -Ddaybook.seed="
                                + seed);
    }

    @Test
    void what_draws_no_seed_has_none() {
        assertThat(RepeatCommand.command(String.class)).isEmpty();
    }
}
