package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Those who come after a process that died: a journal is usable if they can go on. */
final class Heirs {

    private static final int HEIRS_METRIC = 2;

    private Heirs() {}

    /** An heir takes over an experiment, or begins one, and logs; whoever comes later finds all of that behind what was there. */
    static void goOn(String what, Path image, Map<ExperimentId, Streams.One> before, Optional<Streams.One> inherited) {
        var id = inherited.map(Streams.One::id).orElse(Samples.id(99));
        try (var heir = Samples.open(image)) {
            var entry = inherited.map(stream -> inherit(heir, stream)).orElseGet(() -> Samples.begin(heir, id));
            var lease = heir.lease(id);
            for (int step = 0; step < 3; step++) {
                assertThat(lease.publish(HEIRS_METRIC, step, step, step)).isTrue();
            }
            Samples.tag(heir, id, entry.tail(), "the heir is done");
        }
        try (var later = Samples.open(image)) {
            var after = Streams.of(later);
            before.forEach((other, stream) -> {
                var known = stream.items();
                var items = Objects.requireNonNull(after.get(other)).items();
                assertThat(items).as(what).hasSize(known.size() + (other.equals(id) ? 5 : 0));
                assertThat(items.subList(0, known.size())).as(what).isEqualTo(known);
            });
            assertThat(Objects.requireNonNull(after.get(id)).items()).as(what).hasSizeGreaterThanOrEqualTo(5);
        }
    }

    /** Takes over what was read of an experiment. */
    static Entry inherit(Journal heir, Streams.One stream) {
        return heir.exclusively(() -> {
            heir.generations().forEach(Generation::force);
            var last = stream.last();
            var resumed = new Event.ExperimentResumed(
                    last.generation(), last.document(), stream.tail().events(), stream.records(), Map.of());
            return heir.append(stream.id(), AppendCondition.inherits(stream.tail()), TIME, resumed);
        });
    }
}
