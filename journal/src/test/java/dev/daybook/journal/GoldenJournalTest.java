package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A written journal reads for ever. Each {@code golden/N/} holds a queue as version N of the format was written, up to its last document, and
 * what is in it; neither is ever edited.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GoldenJournalTest {

    @ParameterizedTest
    @ValueSource(ints = 1)
    void a_journal_of_each_version_reads_as_it_was_written(int version, @TempDir Path directory) throws IOException {
        try (var queue = new GZIPInputStream(resource(version, "19700101F.cq4.gz"));
                var expected = resource(version, "expected.txt")) {
            Samples.place(directory, queue.readAllBytes());
            var generation = Samples.generation(directory);
            var text = new Text();

            generation.read(0, text);

            assertThat(generation.damage()).isEmpty();
            assertThat(text.lines).hasToString(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static InputStream resource(int version, String name) {
        return Objects.requireNonNull(
                GoldenJournalTest.class.getResourceAsStream("golden/" + version + "/" + name), name);
    }

    /** One line for each entry and record; events by their bytes, whose meaning is for the codec's own golden files. */
    static final class Text implements EntrySink {

        private final StringBuilder lines = new StringBuilder();

        @Override
        public boolean event(Entry entry) {
            var cut = entry.cut().writers().stream()
                    .map(writer ->
                            writer.writer() + ":" + writer.records() + ":" + Integer.toHexString(writer.checksum()))
                    .collect(Collectors.joining(","));
            lines.append("event ").append(entry.position().document()).append(' ');
            lines.append(entry.id())
                    .append(' ')
                    .append(entry.index())
                    .append(' ')
                    .append(entry.time());
            lines.append(" [")
                    .append(cut)
                    .append("] ")
                    .append(entry.chain().hex())
                    .append(' ');
            lines.append(HexFormat.of().formatHex(EventCodec.encode(entry.event())))
                    .append('\n');
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {
            lines.append("metric ")
                    .append(id)
                    .append(' ')
                    .append(metric)
                    .append(' ')
                    .append(step)
                    .append(' ');
            lines.append(Long.toHexString(Double.doubleToRawLongBits(value)))
                    .append(' ')
                    .append(epochMilli);
            lines.append('\n');
        }

        @Override
        public void released(ExperimentId id) {
            lines.append("released ").append(id).append('\n');
        }

        @Override
        public String toString() {
            return lines.toString();
        }
    }
}
