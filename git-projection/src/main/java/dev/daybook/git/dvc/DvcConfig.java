package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What DVC's configuration says: that of the machine, of the user, {@code .dvc/config} and {@code .dvc/config.local}, of which the later one
 * wins ({@link DvcConfigFiles}).
 *
 * <p>The format is ConfigObj's: {@code [section]}, {@code key = value}, comments behind {@code #}, quotes around a value or a section.
 *
 * @param cacheDirectory absolute
 * @param prefersHardLinks whether {@code cache.type} names hard links, and before copies
 * @param isShared whether {@code cache.shared} lets the users of a group write into it
 */
record DvcConfig(Path cacheDirectory, boolean prefersHardLinks, boolean isShared) {

    private static final Pattern SECTION = Pattern.compile("\\s*\\[\\s*(['\"]?)(.*?)\\1\\s*]\\s*(?:#.*)?");
    private static final Pattern SETTING =
            Pattern.compile("\\s*(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^#]*?))\\s*(?:#.*)?");

    static DvcConfig read(Path project) throws IOException {
        return of(project, sections(project));
    }

    static DvcConfig of(Path project, Map<String, Map<String, String>> sections) throws IOException {
        var cache = sections.getOrDefault("cache", Map.of());
        var directory = Optional.ofNullable(cache.get("dir")).orElse("cache");
        if (isOfNamedUser(directory)) {
            throw new IOException("where DVC's cache is, cannot be told from cache.dir = " + directory
                    + " in its configuration, because the home of that user is not known; write the whole path there");
        }
        var types = Optional.ofNullable(cache.get("type")).map(DvcConfig::list).orElse(List.of("reflink", "copy"));
        int link = types.indexOf("hardlink");
        int copy = types.indexOf("copy");
        return new DvcConfig(
                resolve(project, directory),
                link >= 0 && (copy < 0 || link < copy),
                "group".equals(cache.get("shared")));
    }

    /** The settings by section: what all files say together. All names are in lower case: DVC takes them for the same. */
    static Map<String, Map<String, String>> sections(Path project) throws IOException {
        return sections(project, DvcConfigFiles.ofThisProcess());
    }

    static Map<String, Map<String, String>> sections(Path project, DvcConfigFiles files) throws IOException {
        var sections = new LinkedHashMap<String, Map<String, String>>();
        for (var folder : files.common()) {
            add(folder.resolve(DvcConfigFiles.NAME), sections);
            writePathsOut(folder, sections);
        }
        for (var file : DvcConfigFiles.of(project)) {
            add(file, sections);
        }
        return sections;
    }

    private static void add(Path file, Map<String, Map<String, String>> sections) throws IOException {
        if (Files.isRegularFile(file)) {
            add(Files.readString(file), sections);
        }
    }

    /** A path counts from the folder of its file: those that are not of the project's files are made whole. */
    private static void writePathsOut(Path folder, Map<String, Map<String, String>> sections) {
        sections.forEach((section, settings) -> {
            if (section.equals("cache")) {
                settings.computeIfPresent("dir", (key, path) -> from(folder, path));
            } else if (section.startsWith("remote ")) {
                settings.computeIfPresent("url", (key, url) -> from(folder, url));
            }
        });
    }

    private static String from(Path folder, String path) {
        return path.isEmpty() || path.startsWith("~") || DvcRemote.isUrl(path)
                ? path
                : folder.resolve(path).normalize().toString();
    }

    private static void add(String text, Map<String, Map<String, String>> sections) {
        var current = new LinkedHashMap<String, String>();
        for (var line : text.lines().toList()) {
            var section = SECTION.matcher(line);
            var setting = SETTING.matcher(line);
            if (section.matches()) {
                var name = section.group(2).toLowerCase(Locale.ROOT);
                current = new LinkedHashMap<>(sections.getOrDefault(name, Map.of()));
                sections.put(name, current);
            } else if (setting.matches()) {
                current.put(
                        setting.group(1).toLowerCase(Locale.ROOT),
                        Optional.ofNullable(setting.group(2))
                                .or(() -> Optional.ofNullable(setting.group(3)))
                                .orElseGet(() -> setting.group(4)));
            }
        }
    }

    /** A path of the configuration, which counts from the folder of its file. */
    static Path resolve(Path project, String path) {
        return DvcConfigFiles.folder(project).resolve(home(path)).normalize();
    }

    /** Whether a path begins with the home of a user who is named: only DVC can find that. */
    static boolean isOfNamedUser(String path) {
        return path.startsWith("~") && !path.equals("~") && !path.startsWith("~/");
    }

    private static List<String> list(String value) {
        return List.of(value.replace("\"", "").replace("'", "").strip().split("\\s*,\\s*", -1));
    }

    private static String home(String directory) {
        return directory.equals("~") || directory.startsWith("~/")
                ? DvcConfigFiles.ofThisProcess().home() + directory.substring(1)
                : directory;
    }
}
