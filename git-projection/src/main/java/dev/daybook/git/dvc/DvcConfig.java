package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What DVC's configuration says of the cache: {@code .dvc/config}, and {@code .dvc/config.local}, which wins. Settings of the user or the
 * machine are not looked at.
 *
 * <p>The format is ConfigObj's: {@code [section]}, {@code key = value}, comments behind {@code #}, quotes around a value.
 *
 * @param cacheDirectory absolute
 * @param prefersHardLinks whether {@code cache.type} names hard links, and before copies
 */
record DvcConfig(Path cacheDirectory, boolean prefersHardLinks) {

    private static final Pattern SECTION = Pattern.compile("\\s*\\[\\s*(.*?)\\s*]\\s*(?:#.*)?");
    private static final Pattern SETTING =
            Pattern.compile("\\s*(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^#]*?))\\s*(?:#.*)?");

    static DvcConfig read(Path project) throws IOException {
        var folder = project.toAbsolutePath().normalize().resolve(".dvc");
        var directory = "cache";
        List<String> types = List.of("reflink", "copy");
        for (var name : List.of("config", "config.local")) {
            var file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                var lines = cacheLines(Files.readString(file));
                directory = last(lines, "dir").orElse(directory);
                types = last(lines, "type").map(DvcConfig::list).orElse(types);
            }
        }
        int link = types.indexOf("hardlink");
        int copy = types.indexOf("copy");
        return new DvcConfig(folder.resolve(home(directory)).normalize(), link >= 0 && (copy < 0 || link < copy));
    }

    private static List<String> cacheLines(String text) {
        var lines = new ArrayList<String>();
        boolean isCache = false;
        for (var line : text.lines().toList()) {
            var section = SECTION.matcher(line);
            if (section.matches()) {
                isCache = section.group(1).equals("cache");
            } else if (isCache) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static Optional<String> last(List<String> lines, String key) {
        return lines.stream()
                .map(SETTING::matcher)
                .filter(matcher -> matcher.matches() && matcher.group(1).equals(key))
                .map(matcher -> Optional.ofNullable(matcher.group(2))
                        .or(() -> Optional.ofNullable(matcher.group(3)))
                        .orElseGet(() -> matcher.group(4)))
                .reduce((first, second) -> second);
    }

    private static List<String> list(String value) {
        return List.of(value.replace("\"", "").replace("'", "").strip().split("\\s*,\\s*", -1));
    }

    private static String home(String directory) {
        return directory.equals("~") || directory.startsWith("~/")
                ? System.getProperty("user.home") + directory.substring(1)
                : directory;
    }
}
