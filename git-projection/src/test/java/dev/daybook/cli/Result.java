package dev.daybook.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** What a run of the command line came to. */
record Result(int code, String out, String err) {

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Runs the command line in this process; times are UTC's. */
    static Result of(OptionalInt columns, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new Terminal(new PrintWriter(out), new PrintWriter(err), columns, ZoneOffset.UTC), args);
        return new Result(code, out.toString(), err.toString());
    }

    /** The same on a terminal that shows colours, by a clock that goes on by a second whenever it is asked. */
    static Result onTerminal(int columns, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var clock = new AtomicLong();
        var terminal = new Terminal(
                new PrintWriter(out),
                new PrintWriter(err),
                OptionalInt.of(columns),
                ZoneOffset.UTC,
                true,
                () -> clock.getAndAdd(1_000_000_000L));
        int code = Main.run(terminal, args);
        return new Result(code, out.toString(), err.toString());
    }

    /** Standard output, which has to be strict JSON. */
    JsonNode json() {
        try {
            return STRICT.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError(this.toString(), e);
        }
    }
}
