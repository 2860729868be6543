package dev.daybook;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a random test tries, and with which seed: what a build takes, or {@code -Ddaybook.rounds} and {@code -Ddaybook.seed}. And what came
 * through, a line each, for the torture run that adds it up.
 */
public final class Rounds {

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Map<Class<?>, Long> SEEDS = new ConcurrentHashMap<>();

    private Rounds() {}

    /** @param inBuild how many are enough for every day */
    public static int of(int inBuild) {
        return Integer.getInteger("daybook.rounds", inBuild);
    }

    /** Another one each time. */
    public static long seed() {
        return drawn(CALLERS.getCallerClass(), System.nanoTime());
    }

    /** @param inBuild for a test that is to try the same every day */
    public static long seed(long inBuild) {
        return drawn(CALLERS.getCallerClass(), inBuild);
    }

    private static long drawn(Class<?> test, long inBuild) {
        long seed = Long.getLong("daybook.seed", inBuild);
        SEEDS.put(test, seed);
        return seed;
    }

    /** What a class has drawn last. */
    static Optional<Long> seedOf(Class<?> test) {
        return Optional.ofNullable(SEEDS.get(test));
    }

    /**
     * Says that they have come through.
     *
     * @param what has been tried, in the plural
     */
    public static void done(long rounds, String what) {
        System.out.println("ROUNDS " + rounds + " " + what);
    }
}
