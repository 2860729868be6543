package dev.daybook;

/** A program of the tests in a JVM of its own that runs until it is killed. */
public final class ChildProgram {

    private ChildProgram() {}

    /** Ends it also when the test that would have killed it dies first. */
    public static void endWithParent() {
        var unused = ProcessHandle.current()
                .parent()
                .map(parent ->
                        parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }
}
