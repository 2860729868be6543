package dev.daybook.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import net.openhft.chronicle.core.io.IOTools;

/**
 * A part of a queue's file, mapped for writing as long as somebody uses it: never unmapped under a thread that writes, and soon after, because
 * a force takes several times as long for pages that are mapped. (The kernel has each of them watched for the next write, one by one, and
 * tells every processor.)
 *
 * <p>Who makes it is its first user. Thread-safe.
 */
final class Window {

    private static final ByteBuffer NOWHERE = ByteBuffer.allocateDirect(0);

    /** How it is mapped, and unmapped. */
    interface Mapping {

        /** Maps the file's part again, where nobody uses it any more. */
        ByteBuffer map() throws IOException;

        void unmap(ByteBuffer memory);
    }

    /** Of a file. */
    interface FileMapping extends Mapping {

        @Override
        MappedByteBuffer map() throws IOException;

        @Override
        default void unmap(ByteBuffer memory) {
            IOTools.clean(memory);
        }
    }

    private final long base;
    private final Mapping mapping;
    private volatile ByteBuffer memory;
    private volatile boolean isBehind;
    private int users = 1;

    /**
     * @param base where in the file it begins
     * @param memory what is mapped now
     */
    Window(long base, ByteBuffer memory, Mapping mapping) {
        this.base = base;
        this.memory = memory;
        this.mapping = mapping;
    }

    /** Where in the file it begins. */
    long base() {
        return base;
    }

    /** Not to be touched by who does not use it. */
    ByteBuffer memory() {
        return memory;
    }

    /** Makes the caller a user too; maps it again, if there is none. */
    synchronized Window use() throws IOException {
        if (users == 0) {
            memory = mapping.map();
        }
        users++;
        return this;
    }

    /** Ends a use. */
    synchronized void release() {
        users--;
        if (users == 0) {
            var unused = memory;
            memory = NOWHERE;
            mapping.unmap(unused);
        }
    }

    /** Notes that no more room is made in it: whoever still has a block there had better not keep it mapped. */
    void passed() {
        isBehind = true;
    }

    boolean isBehind() {
        return isBehind;
    }
}
