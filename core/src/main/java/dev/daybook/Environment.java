package dev.daybook;

import dev.daybook.lifecycle.Event.ExperimentInitialized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What an experiment runs in, as it is recorded at {@code init}. */
final class Environment {

    private Environment() {}

    static Map<String, String> current() {
        return current(OptionalLong.empty());
    }

    /** @param leftOut how many untracked files lie around the code and are not in it */
    static Map<String, String> current(OptionalLong leftOut) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("java", System.getProperty("java.vm.name", "?") + " " + Runtime.version());
        environment.put("os", System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?"));
        environment.put("host", host());
        environment.put("pid", String.valueOf(ProcessHandle.current().pid()));
        environment.put(
                "daybook",
                Optional.ofNullable(Daybook.class.getPackage().getImplementationVersion())
                        .orElse("unpackaged"));
        leftOut.ifPresent(count -> environment.put(ExperimentInitialized.LEFT_OUT, Long.toString(count)));
        return environment;
    }

    /** The machine's own name; never asks the network for it. */
    private static String host() {
        var named = System.getenv("HOSTNAME");
        if (named != null && !named.isBlank()) {
            return named;
        }
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException e) {
            return "unknown"; // not every system has the file
        }
    }
}
