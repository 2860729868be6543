package dev.daybook.journal;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import net.openhft.chronicle.core.io.IOTools;

/**
 * A part of a queue's file, mapped for writing. It is unmapped when the last of its users has released it: never under a thread that writes,
 * and soon, because a force takes several times as long for pages that are mapped. (The kernel has each of them watched for the next write,
 * one by one, and tells every processor.)
 *
 * <p>Who makes it is its first user. Thread-safe.
 */
final class Window {

    private final long base;
    private final ByteBuffer memory;
    private final Runnable unmap;
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param base where in the file it begins */
    Window(long base, MappedByteBuffer memory) {
        this(base, memory, () -> IOTools.clean(memory));
    }

    Window(long base, ByteBuffer memory, Runnable unmap) {
        this.base = base;
        this.memory = memory;
        this.unmap = unmap;
    }

    /** Where in the file it begins. */
    long base() {
        return base;
    }

    /** Not to be touched by who does not use it. */
    ByteBuffer memory() {
        return memory;
    }

    /**
     * Makes the caller a user too, while another one is.
     *
     * @throws IllegalStateException if there is none any more
     */
    Window retain() {
        if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("the window at " + base + " is not mapped any more");
        }
        return this;
    }

    /** Ends a use. */
    void release() {
        if (users.decrementAndGet() == 0) {
            unmap.run();
        }
    }
}
