package dev.daybook;

import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Generation;
import dev.daybook.port.InMemoryProjection;
import dev.daybook.port.Journal;
import dev.daybook.port.Mark;
import dev.daybook.port.Position;
import dev.daybook.port.Tail;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Verifies a journal with one long experiment, of which each event comes into being when it is read, and prints what was found. */
final class VerifyingProgram {

    static final int EVENTS = 300_000;

    private static final String NAME = "00000000";
    private static final ExperimentId ID = ExperimentId.of(World.BEGINNING.toEpochMilli(), new UUID(1, 42));
    private static final Event BEGIN = new Event.ExperimentInitialized(
            "long",
            new Code(World.HEAD, "2".repeat(40)),
            Map.of(),
            new Author("Ada", "ada@example.org"),
            "dvclive",
            Optional.empty(),
            Map.of());
    private static final Event CHANGE =
            new Event.ParamsSet(Map.of(ParamKey.parse("params.yaml:lr"), new ParamValue.DoubleValue(0.1)));

    private VerifyingProgram() {}

    public static void main(String[] args) {
        var generation = answering(Generation.class, VerifyingProgram::answer);
        var journal = answering(Journal.class, (method, arguments) -> List.of(generation));
        var projection = new InMemoryProjection(Path.of("home"));
        System.out.println(new Verifier(journal, projection, Progress.NONE).verify());
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T answering(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) ->
                        method.getName().equals("afresh") ? self : answer.to(method.getName(), arguments)));
    }

    private static Object answer(String method, Object[] arguments) {
        return switch (method) {
            case "name" -> NAME;
            case "read" -> read((EntrySink) arguments[1]);
            case "mark" -> Mark.END;
            case "contents", "damage" -> Optional.empty();
            default -> throw new UnsupportedOperationException(method);
        };
    }

    private static long read(EntrySink sink) {
        var tail = Tail.start(ID);
        while (tail.events() < EVENTS) {
            var event = tail.events() == 0 ? BEGIN : CHANGE;
            long millis = World.BEGINNING.toEpochMilli();
            var chain = tail.chain().next(tail.events(), millis, Cut.NONE, EventCodec.encode(event));
            var position = new Position(NAME, tail.events());
            var entry = new Entry(position, ID, tail.events(), World.BEGINNING, Cut.NONE, chain, event);
            if (!sink.event(entry)) {
                throw new AssertionError("nothing comes before " + entry);
            }
            tail = entry.tail();
        }
        return EVENTS;
    }
}
