package dev.daybook.journal;

import dev.daybook.JvmAccessException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.openhft.chronicle.core.Jvm;
import org.jspecify.annotations.Nullable;

/**
 * What Chronicle needs of the JVM before it can map memory: {@code java.lang.reflect} opened and {@code sun.nio.ch} exported. Needed for
 * writing only.
 *
 * <p>The launcher's flags give it, or this class does, through the same {@code sun.misc.Unsafe} that Chronicle rests on: that works on 17
 * to 25, and will end where Chronicle itself ends.
 */
final class JvmAccess {

    /** What a user adds to the command where the journal may not, or cannot, help itself. */
    static final String FLAGS =
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

    private static final Module BASE = Object.class.getModule();
    private static final Module OURS = JvmAccess.class.getModule();

    /** Warns once that {@code jdk.internal.ref} is not exported, which does not matter. Held here, because the JDK forgets levels else. */
    private static final Logger CLEANER =
            Logger.getLogger("net.openhft.chronicle.core.internal.cleaner.ReflectionBasedByteBufferCleanerService");

    private static boolean chronicleReady;

    private final boolean opensJvm;

    /**
     * @param opensJvm whether it may open the packages by itself
     */
    JvmAccess(boolean opensJvm) {
        this.opensJvm = opensJvm;
    }

    /**
     * Makes sure that Chronicle will work here, and quietly.
     *
     * @throws JvmAccessException if it cannot
     */
    void ensure() {
        if (!isOpen()) {
            if (!opensJvm) {
                throw new JvmAccessException("the journal may not open the JVM by itself (a setting): add " + FLAGS
                        + " to the java command");
            }
            open();
        }
        prepareChronicle();
    }

    private static boolean isOpen() {
        return BASE.isOpen("java.lang.reflect", OURS) && BASE.isExported("sun.nio.ch", OURS);
    }

    private static void open() {
        try {
            var lookup = implLookup();
            var opens = lookup.findVirtual(
                    Module.class, "implAddOpensToAllUnnamed", MethodType.methodType(void.class, String.class));
            var exports = lookup.findVirtual(
                    Module.class, "implAddExportsToAllUnnamed", MethodType.methodType(void.class, String.class));
            opens.invoke(BASE, "java.lang.reflect");
            exports.invoke(BASE, "sun.nio.ch");
            exports.invoke(BASE, "jdk.internal.ref");
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            throw refusal(e);
        }
        if (!isOpen()) {
            throw refusal(null);
        }
    }

    private static JvmAccessException refusal(@Nullable Throwable cause) {
        var message = "this JVM does not let the journal map memory: add " + FLAGS + " to the java command";
        return cause == null ? new JvmAccessException(message) : new JvmAccessException(message, cause);
    }

    /** By reflection, since the compiler warns of each mention of Unsafe. */
    private static MethodHandles.Lookup implLookup() throws ReflectiveOperationException {
        var type = Class.forName("sun.misc.Unsafe");
        var instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        var unsafe = instance.get(null);
        var field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        var base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
        var offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
        return (MethodHandles.Lookup)
                type.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
    }

    /** Before Chronicle's first class is touched: no telemetry, no thread that watches the disk, no chatter; its warnings stay. */
    private static synchronized void prepareChronicle() {
        if (chronicleReady) {
            return;
        }
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        CLEANER.setLevel(Level.OFF);
        Jvm.disableDebugHandler();
        Jvm.disablePerfHandler();
        chronicleReady = true;
    }
}
