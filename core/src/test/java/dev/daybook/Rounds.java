package dev.daybook;

/**
 * How often a random test tries, and with which seed: what a build takes, or {@code -Ddaybook.rounds} and {@code -Ddaybook.seed}. And what came
 * through, a line each, for the torture run that adds it up.
 */
public final class Rounds {

    private Rounds() {}

    /** @param inBuild how many are enough for every day */
    public static int of(int inBuild) {
        return Integer.getInteger("daybook.rounds", inBuild);
    }

    /** Another one each time. */
    public static long seed() {
        return seed(System.nanoTime());
    }

    /** @param inBuild for a test that is to try the same every day */
    public static long seed(long inBuild) {
        return Long.getLong("daybook.seed", inBuild);
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
