package dev.daybook.benchmarks;

/** The one argument that a benchmark takes. */
final class Arguments {

    private Arguments() {}

    /** Whether it was asked for a smoke test; ends the process if it was asked for anything else. */
    static boolean isSmoke(String... args) {
        if (args.length > 1 || args.length == 1 && !args[0].equals("smoke")) {
            System.err.println("unknown argument; the only one is 'smoke'");
            System.exit(2);
        }
        return args.length == 1;
    }
}
