package dev.daybook.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** For Jazzer: whatever bytes are read as an event are the only ones that say it, and all others are refused in one way. */
public final class EventCodecFuzz {

    private EventCodecFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            var event = EventCodec.decode(bytes);
            assertThat(EventCodec.encode(event)).isEqualTo(bytes);
        } catch (CodecException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** An event of each kind and version. */
    public static List<byte[]> seeds() {
        return Stream.of("event-v1.golden", "event-v2.golden")
                .flatMap(EventCodecFuzz::lines)
                .map(line -> HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1)))
                .toList();
    }

    private static Stream<String> lines(String resource) {
        try (var in = Objects.requireNonNull(EventCodecFuzz.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
