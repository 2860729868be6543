package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.InMemoryJournal;
import dev.daybook.port.InMemoryProjection;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One repository in memory and the processes that work on it: each has a Daybook and a journal of its own, and dies when told. */
final class World {

    /** The baseline as long as no test moves HEAD. */
    static final String HEAD = "1".repeat(40);

    /** The refs of that baseline are below. */
    static final String REFS = "refs/exps/11/" + "1".repeat(38) + "/";

    static final Instant BEGINNING = Instant.parse("2026-01-02T03:04:05Z");

    /** A process: what is dead can be looked at, but does nothing more. */
    record Worker(Daybook daybook, InMemoryJournal journal) {

        Experiment begin(String name) {
            return daybook.experiment(name).init();
        }

        Experiment find(String name) {
            return daybook.find(name).orElseThrow(() -> new AssertionError("no unfinished experiment " + name));
        }

        /** As {@code kill -9}: no handle is closed. */
        void die() {
            journal.close();
        }
    }

    /** What a test throws where a process dies. */
    static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the process dies here");
        }
    }

    final InMemoryJournal.Store store = new InMemoryJournal.Store();
    final InMemoryProjection git = new InMemoryProjection(Path.of("home"));
    final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong ticks = new AtomicLong();
    private final InstantSource clock = () -> BEGINNING.plusMillis(ticks.getAndIncrement());
    private final InMemoryJournal reader = new InMemoryJournal(store);

    DaybookOptions options() {
        return DaybookOptions.defaults().withClock(clock).withWarnings(warnings::add);
    }

    Worker process() {
        return process(options());
    }

    Worker process(DaybookOptions options) {
        var journal = new InMemoryJournal(store);
        return new Worker(new Daybook(journal, git, options), journal);
    }

    /** A process that does something before each call of a generation's method by this name. */
    Daybook interrupted(String method, Runnable before) {
        var journal = new InMemoryJournal(store);
        var shown = proxy(
                Journal.class,
                (name, call) -> name.equals("generations")
                        ? journal.generations().stream()
                                .map(generation -> interrupted(generation, method, before))
                                .toList()
                        : call.of(journal));
        return new Daybook(shown, git, options());
    }

    private static Generation interrupted(Generation generation, String method, Runnable before) {
        return proxy(Generation.class, (name, call) -> {
            if (name.equals(method)) {
                before.run();
            }
            return name.equals("afresh") ? interrupted(generation, method, before) : call.of(generation);
        });
    }

    private interface Call {
        Object of(Object target) throws Throwable;
    }

    private interface Answer {
        Object to(String method, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), target -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }

    /** All that the journal holds, of all processes. */
    List<JournalReading.Item> journal() {
        return JournalReading.everything(reader);
    }

    /** All events that the journal holds, of all processes. */
    List<Event> events() {
        return JournalReading.entries(journal()).stream().map(Entry::event).toList();
    }

    /** The last event that the journal of a world with one generation holds. */
    Event lastEvent() {
        var events = events();
        return events.get(events.size() - 1);
    }

    /** The simple names of all events. */
    List<String> eventNames() {
        return events().stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    void requireSound() {
        JournalReading.requireSound(reader);
    }
}
