package dev.daybook.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What figures depend on, for the reader of a report; neither the host's name nor a path. */
final class Machine {

    private Machine() {}

    /** @param work where the forks write */
    static void print(PrintStream out, Path work, List<String> flags) throws IOException {
        var system = ManagementFactory.getOperatingSystemMXBean();
        out.printf(
                "machine: %s, %d cores, %d MiB memory, %s %s %s, %s; load average %.2f when it began%n",
                field(Files.readAllLines(Path.of("/proc/cpuinfo")), "model name"),
                system.getAvailableProcessors(),
                kibibytes(field(Files.readAllLines(Path.of("/proc/meminfo")), "MemTotal")) >> 10,
                system.getName(),
                system.getVersion(),
                system.getArch(),
                Files.getFileStore(work).type(),
                system.getSystemLoadAverage());
        out.printf(
                "jdk: %s %s (%s)%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                System.getProperty("java.vendor"));
        out.printf("flags: %s %s%n", String.join(" ", flags), String.join(" ", Fork.accessFlags()));
    }

    /** The value of a line such as {@code model name : AMD EPYC}, of the first one of that name. */
    static String field(List<String> lines, String name) {
        return lines.stream()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
                .map(parts -> parts[1].strip())
                .findFirst()
                .orElse("unknown " + name);
    }

    /** The number in {@code 1234 kB}, the only unit that Linux uses in these files. */
    static long kibibytes(String text) {
        if (!text.matches("\\d+ kB")) {
            throw new IllegalArgumentException("not a number of kB: " + text);
        }
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }
}
