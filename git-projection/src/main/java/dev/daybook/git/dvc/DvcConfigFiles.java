package dev.daybook.git.dvc;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where DVC looks for its configuration: the machine's, the user's, the project's, and what of the project's is not in Git.
 *
 * <p>Source: {@code dvc/config.py} and {@code dvc/dirs.py} of DVC 3, and the package platformdirs that it asks.
 */
final class DvcConfigFiles {

    /** Of each, but for that which is not in Git. */
    static final String NAME = "config";

    private static final Path APPLICATION = Path.of("dvc");
    private static final Path OF_MAC = Path.of("Library/Application Support");

    private final Map<String, String> environment;
    private final String system;

    /**
     * @param environment variables by their names
     * @param system its name, as {@code os.name} has it
     */
    DvcConfigFiles(Map<String, String> environment, String system) {
        this.environment = environment;
        this.system = system.toLowerCase(Locale.ROOT);
    }

    static DvcConfigFiles ofThisProcess() {
        return new DvcConfigFiles(System.getenv(), System.getProperty("os.name"));
    }

    /** The folders of those outside of projects, which need not exist; what a later one says wins. */
    List<Path> common() {
        return List.of(ofMachine().toAbsolutePath(), ofUser().toAbsolutePath());
    }

    /** Those of a project, which need not exist; they win over the common ones, and the later one over the first. */
    static List<Path> of(Path project) {
        return List.of(folder(project).resolve(NAME), folder(project).resolve("config.local"));
    }

    /** Where a project's are. */
    static Path folder(Path project) {
        return project.toAbsolutePath().normalize().resolve(".dvc");
    }

    private Path ofMachine() {
        return variable("DVC_SYSTEM_CONFIG_DIR")
                .or(() -> isWindows() ? windows("PROGRAMDATA", "C:/ProgramData") : Optional.empty())
                // of several the first one
                .or(() -> variable("XDG_CONFIG_DIRS")
                        .map(folders ->
                                Path.of(folders.toString().split(":", 2)[0]).resolve(APPLICATION)))
                .orElseGet(() -> (isMac() ? Path.of("/").resolve(OF_MAC) : Path.of("/etc/xdg")).resolve(APPLICATION));
    }

    private Path ofUser() {
        return variable("DVC_GLOBAL_CONFIG_DIR")
                .or(() -> isWindows() ? windows("LOCALAPPDATA", home() + "/AppData/Local") : Optional.empty())
                .or(() -> variable("XDG_CONFIG_HOME").map(folder -> folder.resolve(APPLICATION)))
                .orElseGet(() -> Path.of(home())
                        .resolve(isMac() ? OF_MAC : Path.of(".config"))
                        .resolve(APPLICATION));
    }

    private Optional<Path> windows(String variable, String otherwise) {
        return Optional.of(variable(variable)
                .orElseGet(() -> Path.of(otherwise))
                .resolve("iterative")
                .resolve(APPLICATION));
    }

    private Optional<Path> variable(String name) {
        return text(name).map(Path::of);
    }

    private Optional<String> text(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    /** The user's, as DVC finds it: he may have chosen another one than that of the system. */
    String home() {
        return text("HOME").orElseGet(() -> System.getProperty("user.home"));
    }

    private boolean isWindows() {
        return system.startsWith("windows");
    }

    private boolean isMac() {
        return system.startsWith("mac");
    }
}
