package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StretchTest {

    /** Gives writers once. */
    private static final class Exhausted implements Stretch.Home {
        private boolean hasGiven;

        @Override
        public BlockWriter[] newWriters(int count) {
            if (hasGiven) {
                throw new OutOfMemoryError("Java heap space");
            }
            hasGiven = true;
            return new BlockWriter[] {
                new BlockWriter((writer, slots) -> true, BlockWriter.Sizes.DEFAULT, new MetricTrack(0))
            };
        }

        @Override
        public void moveOn() {}
    }

    static Stream<Consumer<Stretch>> changes() {
        return Stream.of(
                stretch -> stretch.widen(stretch.writers()),
                stretch -> stretch.move(stretch.writers()),
                Stretch::renew);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void one_that_cannot_go_on_for_want_of_memory_has_ended(Consumer<Stretch> change) {
        var stretch = new Stretch(new Exhausted(), 1);
        assertThat(stretch.isEnded()).isFalse();

        assertThatThrownBy(() -> change.accept(stretch)).isInstanceOf(OutOfMemoryError.class);

        // else who logs would ask writers for ever that take nothing
        assertThat(stretch.isEnded()).isTrue();
        assertThat(stretch.rest()).as("what was logged before is forced still").isTrue();
    }
}
