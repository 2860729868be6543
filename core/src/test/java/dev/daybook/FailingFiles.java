package dev.daybook;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.SyncFailedException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Field;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails below a folder: the JDK's own calls on files ask here first, whoever makes them, until this is closed. What is written
 * through mapped memory, and what other processes write, cannot fail.
 *
 * <p>Where the JDK's method is native ({@link FileDescriptor#sync}, {@link RandomAccessFile#setLength}), Daybook's, Chronicle's and JGit's
 * calls of it are led here instead.
 */
public final class FailingFiles implements AutoCloseable {

    /** What can fail. */
    public enum Kind {
        /** To open a file for writing. */
        OPEN,
        WRITE,
        FORCE,
        /** To make a file longer or shorter. */
        LENGTH,
        /** To give a file another name, or one more. */
        RENAME,
        /** To make a folder. */
        FOLDER,
        DELETE
    }

    /** How it fails. */
    public enum Cause {
        IO("Input/output error"),
        FULL("No space left on device");

        private final String message;

        Cause(String message) {
            this.message = message;
        }

        public String message() {
            return message;
        }
    }

    /**
     * A method of the JDK.
     *
     * @param argument which one has the path; -1: the object itself has it
     * @param flags which argument tells what a file is opened for; -1: none
     */
    private record Call(Kind kind, String owner, String method, int argument, int flags) {

        /** What decides is given this, with the flags behind it. */
        String key() {
            return kind + " " + owner + "." + method + " ";
        }
    }

    /** Where the methods in the JDK's classes find what decides: they know no class but the JDK's. */
    private static final String DECISION = "dev.daybook.failing-files";

    private static final String CHANNEL = "sun/nio/ch/FileChannelImpl";
    private static final String OUTPUT = "java/io/FileOutputStream";
    private static final String RANDOM = "java/io/RandomAccessFile";
    private static final String NATIVE = "sun/nio/fs/UnixNativeDispatcher";
    private static final String DESCRIPTOR = "java/io/FileDescriptor";
    private static final String STRING = "java/lang/String";

    private static final List<Call> CALLS = List.of(
            new Call(Kind.WRITE, CHANNEL, "write", -1, -1),
            new Call(Kind.WRITE, CHANNEL, "transferFrom", -1, -1),
            new Call(Kind.LENGTH, CHANNEL, "truncate", -1, -1),
            new Call(Kind.FORCE, CHANNEL, "force", -1, -1),
            new Call(Kind.OPEN, OUTPUT, "open", -1, -1),
            new Call(Kind.WRITE, OUTPUT, "write", -1, -1),
            new Call(Kind.OPEN, RANDOM, "open", -1, 2),
            new Call(Kind.WRITE, RANDOM, "write", -1, -1),
            new Call(Kind.OPEN, NATIVE, "open", 0, 1),
            new Call(Kind.RENAME, NATIVE, "rename", 1, -1),
            new Call(Kind.RENAME, NATIVE, "link", 1, -1),
            new Call(Kind.RENAME, NATIVE, "symlink", 1, -1),
            new Call(Kind.FOLDER, NATIVE, "mkdir", 0, -1),
            new Call(Kind.DELETE, NATIVE, "unlink", 0, -1),
            new Call(Kind.DELETE, NATIVE, "rmdir", 0, -1));

    private static final String[] OWNERS = {CHANNEL, OUTPUT, RANDOM, NATIVE};
    private static final String[] CALLERS = {"dev/daybook/", "net/openhft/", "org/eclipse/jgit/"};
    private static final String SELF = FailingFiles.class.getName().replace('.', '/');

    /** The one that is open, of which there is one at most. */
    private static volatile @Nullable FailingFiles open;

    private final String folder;
    private final Field randomPath = Changes.RANDOM_PATH;
    private final Map<FileDescriptor, String> descriptors = Collections.synchronizedMap(new WeakHashMap<>());

    // all under the monitor of this object
    private final Map<Kind, Integer> calls = new EnumMap<>(Kind.class);
    private @Nullable Fault fault;
    private Optional<String> failed = Optional.empty();
    private final List<String> forced = new ArrayList<>();

    /**
     * What is to fail.
     *
     * @param kind of the calls that are counted, and fail; empty: any
     * @param thread whose calls are; empty: all
     */
    private record Fault(Optional<Kind> kind, int first, int last, Cause cause, Optional<String> thread) {

        boolean isOf(Kind called) {
            return kind.isEmpty() || kind.get() == called;
        }

        boolean isForGood() {
            return last == Integer.MAX_VALUE;
        }

        boolean isOfThisThread() {
            return thread.isEmpty()
                    || thread.get().equals(Thread.currentThread().getName());
        }
    }

    private FailingFiles(Path folder) {
        this.folder = folder.toAbsolutePath().toString();
    }

    /** Nothing fails yet. */
    public static FailingFiles below(Path folder) {
        if (open != null) {
            throw new IllegalStateException("there is one already");
        }
        var files = new FailingFiles(folder);
        open = files;
        return files;
    }

    /** Nothing fails any more, and another one can be made. */
    @Override
    public void close() {
        open = null;
    }

    /**
     * Made with the first one: what is changed in the classes, once, and stays. JDK 17 can hang for ever, and take all memory, where the same
     * class is changed again and again.
     */
    private static final class Changes {

        static final Field RANDOM_PATH;

        static {
            try {
                var instrumentation = ByteBuddyAgent.install();
                // else its field cannot be read
                var opens = Map.of("java.io", Set.of(FailingFiles.class.getModule()));
                instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of(), opens, Set.of(), Map.of());
                RANDOM_PATH = RandomAccessFile.class.getDeclaredField("path");
                RANDOM_PATH.setAccessible(true);
                BiConsumer<String, Object> decision = (call, path) -> {
                    var files = open;
                    if (files != null) {
                        files.decide(call, String.valueOf(path));
                    }
                };
                System.getProperties().put(DECISION, decision);
                var entrances = new Entrances();
                instrumentation.addTransformer(entrances, true);
                instrumentation.addTransformer(new Callers(), true);
                instrumentation.retransformClasses(loaded(instrumentation).toArray(new Class<?>[0]));
                var missing = EnumSet.allOf(Kind.class);
                missing.removeAll(entrances.changed);
                if (!missing.isEmpty()) {
                    throw new AssertionError("no method of this JDK was found for " + missing);
                }
            } catch (ReflectiveOperationException | UnmodifiableClassException e) {
                throw new LinkageError("this JDK's files cannot be made to fail", e);
            }
        }

        private static List<Class<?>> loaded(Instrumentation instrumentation) throws ClassNotFoundException {
            var classes = new ArrayList<Class<?>>();
            for (var name : OWNERS) {
                classes.add(Class.forName(name.replace('/', '.')));
            }
            for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
                if (isCaller(loaded.getName().replace('.', '/')) && instrumentation.isModifiableClass(loaded)) {
                    classes.add(loaded);
                }
            }
            return classes;
        }
    }

    // a loop and an array: what is asked for each class may load none itself
    private static boolean isCaller(String name) {
        for (var caller : CALLERS) {
            if (name.startsWith(caller)) {
                return !name.equals(SELF);
            }
        }
        return false;
    }

    private static boolean isOwner(String name) {
        for (var owner : OWNERS) {
            if (name.equals(owner)) {
                return true;
            }
        }
        return false;
    }

    /**
     * From now on counts anew, and lets a call fail.
     *
     * @param call which one of its kind; 1 is the next
     * @param isForGood whether all calls of its kind fail after it too
     */
    public synchronized void fail(Kind kind, int call, Cause cause, boolean isForGood) {
        fail(new Fault(Optional.of(kind), call, isForGood ? Integer.MAX_VALUE : call, cause, Optional.empty()));
    }

    /**
     * The same of one thread: no other one's calls are counted, or fail.
     *
     * @param thread its name
     * @param count how many fail, from that one on
     */
    public synchronized void failOf(String thread, Kind kind, int call, int count, Cause cause) {
        fail(new Fault(Optional.of(kind), call, call + count - 1, cause, Optional.of(thread)));
    }

    /**
     * From now on counts anew, and lets all calls fail from that one on, whatever they are: as it is with those of a process that is killed, but
     * for what it writes to mapped memory.
     *
     * @param call which one of all, from 1
     */
    public synchronized void die(int call) {
        fail(new Fault(Optional.empty(), call, Integer.MAX_VALUE, Cause.IO, Optional.empty()));
    }

    private void fail(Fault wanted) {
        calls.clear();
        failed = Optional.empty();
        fault = wanted;
    }

    /** Nothing fails any more. */
    public synchronized void heal() {
        fault = null;
    }

    /** What has failed since then, the first of it: the kind, the number, the file, the thread. */
    public synchronized Optional<String> failed() {
        return failed;
    }

    /** How many calls of a kind there were since then. */
    public synchronized int calls(Kind kind) {
        return calls.getOrDefault(kind, 0);
    }

    /** Of all kinds. */
    public synchronized int calls() {
        return calls.values().stream().mapToInt(each -> each).sum();
    }

    /** What was forced to disk, or was to be, in that order: files, and folders for the names in them. */
    public synchronized List<String> forced() {
        return List.copyOf(forced);
    }

    private void decide(String call, String path) {
        if (!path.startsWith(folder) || isForReading(call)) {
            return;
        }
        var kind = Kind.valueOf(call.substring(0, call.indexOf(' ')));
        Cause cause;
        synchronized (this) {
            if (kind == Kind.FORCE) {
                forced.add(path);
            }
            var wanted = fault;
            if (wanted != null && !wanted.isOfThisThread()) {
                return;
            }
            calls.merge(kind, 1, Integer::sum);
            if (wanted == null || !wanted.isOf(kind)) {
                return;
            }
            int number = wanted.kind().map(this::calls).orElseGet(this::calls);
            if (number < wanted.first() || number > wanted.last()) {
                return;
            }
            cause = wanted.cause();
            if (failed.isEmpty()) {
                failed = Optional.of(kind + " " + number + ", " + cause + (wanted.isForGood() ? " for good" : "") + ", "
                        + path.substring(folder.length()) + ", in "
                        + Thread.currentThread().getName());
            }
        }
        FailingFiles.<RuntimeException>sneak(error(call, path, cause));
    }

    private static boolean isForReading(String call) {
        var flags = call.substring(call.lastIndexOf(' ') + 1);
        // RandomAccessFile's own, and the operating system's
        int writes = call.contains(RANDOM) ? 2 : 3;
        return !flags.isEmpty() && (Integer.parseInt(flags) & writes) == 0;
    }

    /** As the JDK's own method would say it. */
    private Throwable error(String call, String path, Cause cause) {
        if (call.contains(NATIVE)) {
            return new FileSystemException(path, null, cause.message);
        }
        if (call.contains(DESCRIPTOR)) {
            return new SyncFailedException("sync failed");
        }
        boolean isOpening = call.startsWith(Kind.OPEN + " ");
        return isOpening
                ? new FileNotFoundException(path + " (" + cause.message + ")")
                : new IOException(cause.message);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable error) throws E {
        throw (E) error;
    }

    /** In the place of {@link FileDescriptor#sync}. */
    public static void sync(FileDescriptor descriptor) throws IOException {
        var files = open;
        if (files != null) {
            files.decide(Kind.FORCE + " " + DESCRIPTOR + " ", files.descriptors.getOrDefault(descriptor, ""));
        }
        descriptor.sync();
    }

    /** In the place of {@link RandomAccessFile#setLength}. */
    public static void setLength(RandomAccessFile file, long length) throws IOException {
        var files = open;
        if (files != null) {
            files.decide(Kind.LENGTH + " " + RANDOM + " ", files.path(file));
        }
        file.setLength(length);
    }

    /** In the place of {@link RandomAccessFile#getFD}: a descriptor does not know its file. */
    @SuppressWarnings("MethodName")
    public static FileDescriptor getFD(RandomAccessFile file) throws IOException {
        var descriptor = file.getFD();
        var files = open;
        if (files != null) {
            files.descriptors.put(descriptor, files.path(file));
        }
        return descriptor;
    }

    private String path(RandomAccessFile file) {
        try {
            return String.valueOf(randomPath.get(file));
        } catch (IllegalAccessException e) {
            throw new LinkageError("the path of a file cannot be read", e);
        }
    }

    /** Lets methods ask before they do anything. */
    private static final class Entrances implements ClassFileTransformer {

        private final Set<Kind> changed = EnumSet.of(Kind.LENGTH);

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (name == null || !isOwner(name)) {
                return null;
            }
            var reader = new ClassReader(bytes);
            var writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9, writer) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access, String method, String type, String signature, String[] errors) {
                            var inner = super.visitMethod(access, method, type, signature, errors);
                            if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_BRIDGE)) == 0) {
                                for (var call : CALLS) {
                                    if (call.owner().equals(name)
                                            && call.method().equals(method)) {
                                        return asking(inner, call);
                                    }
                                }
                            }
                            return inner;
                        }
                    },
                    0);
            return writer.toByteArray();
        }

        private MethodVisitor asking(MethodVisitor inner, Call call) {
            changed.add(call.kind());
            return new MethodVisitor(Opcodes.ASM9, inner) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    visitMethodInsn(
                            Opcodes.INVOKESTATIC,
                            "java/lang/System",
                            "getProperties",
                            "()Ljava/util/Properties;",
                            false);
                    visitLdcInsn(DECISION);
                    visitMethodInsn(
                            Opcodes.INVOKEVIRTUAL,
                            "java/util/Properties",
                            "get",
                            "(Ljava/lang/Object;)Ljava/lang/Object;",
                            false);
                    // a test can have put other properties in their place
                    var none = new Label();
                    var end = new Label();
                    visitInsn(Opcodes.DUP);
                    visitJumpInsn(Opcodes.IFNULL, none);
                    visitTypeInsn(Opcodes.CHECKCAST, "java/util/function/BiConsumer");
                    visitLdcInsn(call.key());
                    if (call.flags() >= 0) {
                        visitVarInsn(Opcodes.ILOAD, call.flags());
                        visitMethodInsn(Opcodes.INVOKESTATIC, STRING, "valueOf", "(I)Ljava/lang/String;", false);
                        visitMethodInsn(
                                Opcodes.INVOKEVIRTUAL,
                                STRING,
                                "concat",
                                "(Ljava/lang/String;)Ljava/lang/String;",
                                false);
                    }
                    visitPath();
                    visitMethodInsn(
                            Opcodes.INVOKEINTERFACE,
                            "java/util/function/BiConsumer",
                            "accept",
                            "(Ljava/lang/Object;Ljava/lang/Object;)V",
                            true);
                    visitJumpInsn(Opcodes.GOTO, end);
                    visitLabel(none);
                    visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Object"});
                    visitInsn(Opcodes.POP);
                    visitLabel(end);
                    visitFrame(Opcodes.F_SAME, 0, null, 0, null);
                }

                private void visitPath() {
                    if (call.argument() >= 0) {
                        visitVarInsn(Opcodes.ALOAD, call.argument());
                    } else {
                        visitVarInsn(Opcodes.ALOAD, 0);
                        visitFieldInsn(Opcodes.GETFIELD, call.owner(), "path", "Ljava/lang/String;");
                    }
                }
            };
        }
    }

    /** Leads calls of native methods to the static methods here that have their names. */
    private static final class Callers implements ClassFileTransformer {

        private static final Set<String> LED =
                Set.of(DESCRIPTOR + ".sync()V", RANDOM + ".setLength(J)V", RANDOM + ".getFD()L" + DESCRIPTOR + ";");

        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> type,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (name == null || !isCaller(name)) {
                return null;
            }
            var reader = new ClassReader(bytes);
            var writer = new ClassWriter(reader, 0);
            boolean[] isLed = {false};
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9, writer) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access, String method, String type, String signature, String[] errors) {
                            return leading(super.visitMethod(access, method, type, signature, errors), isLed);
                        }
                    },
                    0);
            return isLed[0] ? writer.toByteArray() : null;
        }

        private static MethodVisitor leading(MethodVisitor inner, boolean[] isLed) {
            return new MethodVisitor(Opcodes.ASM9, inner) {
                @Override
                public void visitMethodInsn(int code, String owner, String method, String type, boolean isInterface) {
                    if (LED.contains(owner + "." + method + type)) {
                        isLed[0] = true;
                        super.visitMethodInsn(
                                Opcodes.INVOKESTATIC, SELF, method, type.replace("(", "(L" + owner + ";"), false);
                    } else {
                        super.visitMethodInsn(code, owner, method, type, isInterface);
                    }
                }
            };
        }
    }
}
